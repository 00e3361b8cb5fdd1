"""What a veiled line says of its time is a time: words that stand where times belong stay veiled, and are not lost."""

from __future__ import annotations

import io
import json
import re

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_media_lies import fake_worker
from test_media_sound_lies import ended
from test_media_text_lies import FACTS, LINKS, opened, puts

from reviewer.media.broker import Broker
from reviewer.media.outlines import LineOutline, TextOutline
from reviewer.media.times import MAX_LENGTH, shown_time
from reviewer.media.veils import Veils
from reviewer.model.errors import WorkerLied

TERMS = ("slugs", "greenfly season")
ENGLISH = [
    "Nov 20, 2025 9:02:00 pm",
    "Thu, 20 Nov 2025 21:02:00 +0000",
    "20 November 2025",
    "Thu Nov 20 21:02:00 UTC 2025",
]
NUMBERS = [
    *(
        "21:02",
        "9:02 pm",
        "9:02 p.m.",
        "2026-11-20",
        "2026-11-20 21:02",
        "2026-11-20T21:02:11.123456Z",
        "20.11.26, 21:02",
    ),
    *(
        "2026-11-20T21:02:11+01:00",
        "20/11/2026, 21:02",
        "11/20/26 9:02:11 PM",
        "20261120T210211Z",
        "2026-11-20 21.02",
        "102:41",
    ),
    *(
        "1:02:41",
        "87840:00:00",
        "1763672400",
        "12.5",
        "۲۰۲۶-۱۱-۲۰",
        "2026-11-20 21:02:11 UTC",
        "2026-11-20 21:02:11 +0100",
    ),
]
WORDS = [
    *(
        "slugs came to the gate",
        "tonight",
        "2026 slugs",
        "21:02 come",
        "come at 21:02",
        "Mayhem 2026",
        "9:02 palm",
        "May I come?",
    ),
    *(
        "20 slugs 2026",
        "March on",
        "may may may 2026",
        "Nov 20, 2025 slugs",
        "a",
        "T",
        "at",
        "+44 7700 900123",
        "7" * 41,
    ),
]


@pytest.mark.parametrize("written", [*NUMBERS, *ENGLISH])
def test_times_as_exports_write_them_are_times(written: str) -> None:
    assert shown_time(written) == written
    assert shown_time(f" {written} ") == written


def test_a_long_time_is_shown_without_its_weekday() -> None:
    assert shown_time("Thursday, November 20, 2025 at 9:02:00 PM UTC") == "November 20, 2025 at 9:02:00 PM UTC"


@pytest.mark.parametrize("written", WORDS)
def test_words_are_no_time(written: str) -> None:
    assert shown_time(written) == ""


@given(st.text(alphabet="0123456789:.,-/ +TZapmMayNovch()", max_size=60))
@settings(deadline=200)
def test_what_is_a_time_is_short_and_stays_one(written: str) -> None:
    shown = shown_time(written)
    assert len(shown) <= MAX_LENGTH
    assert shown_time(shown) == shown


def exports(rows: list[tuple[str, str, str]], times: str) -> dict[str, str]:
    """The same messages as JSON and as a table."""
    fields = ("sender", times, "text")
    table = "\n".join(",".join('"' + field.replace('"', '""') + '"' for field in row) for row in [fields, *rows])
    return {
        "json": json.dumps({"messages": [dict(zip(fields, row, strict=True)) for row in rows]}),
        "csv": table + "\n",
    }


@pytest.mark.parametrize("field", ["at", "when", "date", "sent", "created", "time", "timestamp"])
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_words_where_a_time_belongs_stay_veiled_and_can_be_read_at_clear(broker: Broker, kind: str, field: str) -> None:
    rows = [
        ("Rosemary", "slugs come to the shed tonight alone and bring the parcel", "hello"),
        ("Basil", "2026-11-20 21:02", "good news"),
        ("Basil", "greenfly season begins", "rain"),
    ]
    item = broker.open(io.BytesIO(exports(rows, field)[kind].encode()), veils=Veils(masked_terms=TERMS))
    outline, lines = item.text_outline(), item.text_lines(0, 9)
    clear = item.text_lines(0, 9, unmask=True)
    item.close()
    assert [line.at for line in outline.lines] == ["", "2026-11-20 21:02", ""]
    assert [line.masked for line in outline.lines] == [1, 0, 1]
    assert clear == (
        "slugs come to the shed tonight alone and bring the parcel hello",
        "good news",
        "greenfly season begins rain",
    )
    assert lines[0].startswith("▇▇▇▇▇ come to the shed")
    assert [line.length for line in outline.lines] == [len(line) for line in clear]


def test_a_term_that_is_a_time_is_not_shown_as_one(broker: Broker) -> None:
    rows = [("Rosemary", "20 May 2026", "hello"), ("Basil", "21 June 2026", "rain")]
    item = broker.open(io.BytesIO(exports(rows, "date")["json"].encode()), veils=Veils(masked_terms=("may",)))
    outline = item.text_outline()
    item.close()
    assert [line.at for line in outline.lines] == ["", "21 June 2026"]


WRITTEN = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60),
    st.sampled_from([*NUMBERS, *ENGLISH, *WORDS, *TERMS]),
    st.lists(st.sampled_from([*TERMS, "21:02", "May", "wheelbarrowful", "2026-11-20"]), max_size=4).map(" ".join),
)


@given(st.lists(st.tuples(WRITTEN, WRITTEN, WRITTEN), min_size=2, max_size=6), st.sampled_from(["json", "csv"]))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_outline_has_a_term_or_a_long_word(broker: Broker, rows: list[tuple[str, str, str]], kind: str) -> None:
    data = exports(rows, "time")[kind].encode()
    item = broker.open(io.BytesIO(data), veils=Veils(masked_terms=TERMS))
    outline = item.text_outline()
    item.close()
    for line in outline.lines:
        assert not any(term in said.casefold() for term in TERMS for said in (line.at, line.sender))
        assert not re.search(r"[^\W\d_]{12}", f"{line.at} {line.sender}")
        assert shown_time(line.at) == line.at


@pytest.mark.parametrize(
    "at", [*(word[:40] for word in WORDS if len(word) <= 40), "x" * 41, "\x1b", "2026-11-20\n", " 21:02", "\u202e21:02"]
)
def test_a_worker_that_gives_words_as_a_time_is_ended(at: str) -> None:
    refused(TextOutline((LineOutline(5, 0, "A", at),), "utf-8"))


@pytest.mark.parametrize(
    "senders", [["B"], ["A", "C"], ["A", "SLUGS"], ["a"], ["AA"], ["A", " "], ["Basil"], ["A", "B", "D"]]
)
def test_a_worker_that_gives_words_as_labels_is_ended(senders: list[str]) -> None:
    refused(TextOutline(tuple(LineOutline(5, 0, sender, "21:02") for sender in senders), "utf-8"))


@pytest.mark.parametrize("encoding", ["slugs came to the gate", "wheelbarrowful", "utf\x008", "u" * 30, "ütf"])
def test_a_worker_that_gives_words_as_an_encoding_is_ended(encoding: str) -> None:
    refused(TextOutline((LineOutline(5),), encoding))


def refused(lie: TextOutline) -> None:
    with fake_worker(puts(msgspec.msgpack.encode(lie)), facts=FACTS) as link:
        LINKS.append(link)
        try:
            item = opened(link)
            with pytest.raises(WorkerLied):
                item.text_outline()
            assert ended(link)
        finally:
            LINKS.pop()
