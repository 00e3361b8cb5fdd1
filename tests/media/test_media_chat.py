"""Conversations through the real broker and a real sealed worker: who by label, when as written, no names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
import text_samples as samples

from reviewer.media.broker import Broker
from reviewer.media.outlines import MAX_LINES, MAX_SENDER_LENGTH, MAX_SENDERS, TextOf, TextOutline
from reviewer.media.veils import Veils
from reviewer.model.cases import ItemFacts
from reviewer.model.levels import Kind

Shape = Callable[[list[dict[str, str]]], object]
Read = tuple[ItemFacts, TextOutline, tuple[str, ...]]


def read(broker: Broker, data: str | bytes) -> Read:
    item = broker.open(io.BytesIO(data if isinstance(data, bytes) else data.encode()))
    found = item.facts, item.text_outline(), item.text_lines(0, 500)
    item.close()
    assert [line.length for line in found[1].lines] == [len(line) for line in found[2]]
    return found


def test_lines_with_a_dash_become_messages(broker: Broker) -> None:
    facts, outline, lines = read(broker, samples.CHAT_LINES)
    assert (facts.kind, facts.format) == (Kind.CHAT, "chat")
    assert lines == (
        "The parcel is in the shed",
        "Which shed? the blue one or the green one",
        "Basil left the garden group",
        "the green one",
    )
    assert [line.sender for line in outline.lines] == ["A", "B", "", "A"]
    assert [line.at for line in outline.lines][:2] == ["20/11/2026, 21:02", "20/11/2026, 21:03"]


@pytest.mark.parametrize(
    "text",
    [
        samples.BRACKETED,
        samples.BRACKETED.replace("[", "").replace("]", ""),
        samples.BRACKETED.replace("] ", "] <").replace(": ", "> "),
        samples.BRACKETED.replace("2026-11-20 ", ""),
        samples.BRACKETED.replace("[2026-11-20 ", "\u200e[").replace("] ", "]\u00a0\u200e"),
        samples.BRACKETED.replace("2026-11-20 ", "20.11.26, ").replace("11]", "11 PM]"),
        samples.BRACKETED.replace(" 21", "T21").replace("11]", "11Z]"),
        samples.BRACKETED.replace("\n", "\r\n"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le"])
def test_chats_that_begin_with_a_bracket_are_not_json(broker: Broker, text: str, codec: str) -> None:
    facts, outline, lines = read(broker, text.encode(codec))
    assert facts.format == "chat"
    assert lines == ("It rains", "Again", "Yes")
    assert [line.sender for line in outline.lines] == ["A", "B", "A"]
    assert all("21:0" in line.at for line in outline.lines)


def test_json_exports_become_messages_with_their_flags(broker: Broker) -> None:
    facts, outline, lines = read(broker, samples.chat_json())
    assert facts.format == "chat"
    assert lines == ("The parcel came", "Good news", "[photos]")
    assert [line.sender for line in outline.lines] == ["A", "B", "A"]
    assert [line.reported for line in outline.lines] == [False, True, False]
    assert [line.at for line in outline.lines] == [
        "2025-11-20 21:00:00Z",
        "2025-11-20 21:01:00Z",
        "2025-11-20T21:02:00Z",
    ]


@pytest.mark.parametrize(
    "shape",
    [
        lambda messages: messages,
        lambda messages: {"conversation": messages},
        lambda messages: {"chats": {"list": [{"name": "Garden", "messages": messages}]}},
        lambda messages: {"export": [{"a": 1}, {"thread": [[m] for m in messages]}]},
        lambda messages: {"messages": {str(i): m for i, m in enumerate(messages)}},
    ],
)
@pytest.mark.parametrize(
    "names",
    [
        ("sender", "time", "text"),
        ("from", "date", "body"),
        ("author", "created_at", "content"),
        ("senderName", "ts", "message"),
    ],
)
def test_messages_are_found_wherever_an_export_keeps_them(broker: Broker, shape: Shape, names: tuple[str, ...]) -> None:
    rows = [("Rosemary", "21:02", "It rains"), ("Basil", "21:03", "Again"), ("rosemary ", "21:04", "Yes")]
    whole = shape([dict(zip(names, row, strict=True)) for row in rows])
    for indent in (None, 2):
        facts, outline, lines = read(broker, json.dumps(whole, indent=indent))
        assert facts.format == "chat"
        assert lines == ("It rains", "Again", "Yes")
        assert [line.sender for line in outline.lines] == ["A", "B", "A"]
        assert [line.at for line in outline.lines] == ["21:02", "21:03", "21:04"]


def test_tables_with_sender_and_time_become_messages(broker: Broker) -> None:
    facts, outline, lines = read(broker, samples.CHAT_TABLE)
    assert facts.format == "chat"
    assert lines == ("Seeds; two bags", "First line second line")
    assert [(line.sender, line.at, line.reported) for line in outline.lines] == [
        ("A", "2026-11-20 21:02", False),
        ("B", "2026-11-20 21:03", True),
    ]


def test_no_name_of_a_sender_is_in_the_outline(broker: Broker) -> None:
    for data in (samples.CHAT_LINES, samples.BRACKETED, samples.chat_json(), samples.CHAT_TABLE):
        _, outline, _ = read(broker, data)
        assert "Rosemary" not in repr(outline)
        assert "Basil" not in repr(outline)


def test_labels_go_on_after_the_alphabet(broker: Broker) -> None:
    text = "".join(f"2026-11-20 21:02 - Gardener {n}: hello\n" for n in range(60))
    _, outline, _ = read(broker, text)
    senders = [line.sender for line in outline.lines]
    assert (senders[0], senders[25], senders[26], senders[59]) == ("A", "Z", "AA", "BH")
    assert len(set(senders)) == 60


@pytest.mark.parametrize(
    "text",
    [
        '{"messages": ' + "[" * 100_000,
        '{"messages": [{"sender": "a", "text": ' + "9" * 10_000 + "}]}",
        '{"messages": [{"sender": "a", "text": "cut off he',
        '{"messages": []}',
        '{"messages": [{"sender": "Basil", "time": 1e999, "text": "\\ud800 half"}]}',
        "[" * 50_000,
    ],
)
def test_broken_exports_are_shown_as_they_are(broker: Broker, text: str) -> None:
    facts, outline, lines = read(broker, text)
    assert facts.kind in (Kind.CHAT, Kind.TEXT)
    assert lines
    assert not outline.truncated
    assert sum(map(len, lines)) >= min(len(text), 6) or "half" in lines[0]


def test_an_export_that_spells_bytes_as_characters_is_put_right(broker: Broker) -> None:
    words = "Grüße aus dem Garten".encode().decode("latin-1")
    messages = [{"sender_name": "a", "timestamp_ms": 1763672400000, "content": words}]
    _, outline, lines = read(broker, json.dumps({"messages": messages}))
    assert lines == ("Grüße aus dem Garten",)
    assert outline.lines[0].at == "2025-11-20 21:00:00Z"


def test_search_in_a_chat_tells_numbers_only(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.CHAT_LINES.encode()))
    assert item.text_find("SHED") == (0, 1)
    assert item.text_find("basil") == (2,), "in what was said, not in who said it"
    item.close()


def names(broker: Broker, data: str | bytes, veils: Veils | None = None, *, unmask: bool = False) -> tuple[str, ...]:
    item = broker.open(io.BytesIO(data if isinstance(data, bytes) else data.encode()), veils=veils or Veils())
    found = item.text_lines(0, 500, of=TextOf.SENDERS, unmask=unmask)
    outline = item.text_outline(TextOf.SENDERS)
    item.close()
    assert [line.length for line in outline.lines] == [len(name) for name in found]
    assert not any(name in repr(outline) for name in found if name)
    return found


@pytest.mark.parametrize(
    "data", [samples.CHAT_LINES, samples.BRACKETED, samples.chat_json(), samples.CHAT_TABLE], ids=range(4)
)
def test_names_are_read_as_first_written_in_order_of_their_labels(broker: Broker, data: str) -> None:
    assert names(broker, data) == ("Rosemary", "Basil")
    assert names(broker, data.replace("Basil", "BASIL  Green")) == ("Rosemary", "BASIL  Green")
    _, outline, _ = read(broker, data)
    assert list(dict.fromkeys(line.sender for line in outline.lines if line.sender)) == ["A", "B"]


def test_a_name_is_chosen_and_found_by_its_number(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.CHAT_LINES.encode()))
    assert item.text_lines(1, 1, of=TextOf.SENDERS) == ("Basil",), "before anything else was read"
    assert item.text_find("BASIL", of=TextOf.SENDERS) == (1,)
    assert item.text_find("shed", of=TextOf.SENDERS) == ()
    assert item.text_lines(2, 5, of=TextOf.SENDERS) == ()
    item.close()


@pytest.mark.parametrize("data", [samples.BRACKETED, samples.chat_json()], ids=range(2))
def test_terms_are_masked_in_names_too(broker: Broker, data: str) -> None:
    veils = Veils(masked_terms=("mary", "basil"))
    data = data.replace("Rosemary", "Rose Mary")
    assert names(broker, data, veils) == ("Rose ▇▇▇▇", "▇▇▇▇▇")
    assert names(broker, data, veils, unmask=True) == ("Rose Mary", "Basil")


def test_names_have_caps_and_nothing_that_fools_a_reader(broker: Broker) -> None:
    rows = [{"sender": f"{n} " + "\u202e\n" + "x" * 900, "time": "21:02", "text": "rain"} for n in range(250)]
    found = names(broker, json.dumps(rows))
    assert len(found) == MAX_SENDERS
    assert {len(name) for name in found} == {MAX_SENDER_LENGTH}
    assert all(name.isprintable() for name in found)
    assert [name.split()[0] for name in found] == [str(n) for n in range(MAX_SENDERS)]
    assert names(broker, samples.BRACKETED.replace("Rosemary", "مریم")) == ("مریم", "Basil")


def test_only_those_whose_messages_can_be_shown_are_named(broker: Broker) -> None:
    rows = [{"sender": "Basil", "time": "21:02", "text": "rain"}] * (MAX_LINES + 5)
    rows.append({"sender": "Rosemary", "time": "21:03", "text": "sun"})
    assert names(broker, json.dumps(rows)) == ("Basil",), "messages are made as they are asked for"


@pytest.mark.parametrize(
    "data", [b"It rains.\n", b'{"rain": 3}', b"a,b\n1,2\n", b"<p>rain", samples.mail()], ids=range(5)
)
def test_what_has_no_senders_answers_without_a_line(broker: Broker, data: bytes) -> None:
    assert names(broker, data) == ()
    item = broker.open(io.BytesIO(data))
    assert item.text_find("rain", of=TextOf.SENDERS) == ()
    assert item.text_outline(TextOf.SENDERS).parts == 0
    assert item.text_outline().lines
    item.close()
