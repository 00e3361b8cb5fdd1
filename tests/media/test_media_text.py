"""Plain text of every encoding, line by line, through the real broker and a real sealed worker."""

from __future__ import annotations

import io
import random

import pytest
import text_samples as samples
from sampling import examples

from reviewer.media.broker import Broker
from reviewer.media.outlines import MASK, MAX_LINE_LENGTH, MAX_LINES, TextOf
from reviewer.media.veils import Veils
from reviewer.media.worker.lines import Lines, split
from reviewer.model.errors import UnsupportedFormat
from reviewer.model.levels import Kind


@pytest.mark.parametrize("codec", [*samples.SENTENCES, "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("times", [1, 30])
def test_every_encoding_is_read(broker: Broker, codec: str, times: int) -> None:
    text = samples.SENTENCES.get(codec, samples.SENTENCES["utf-8"])
    item = broker.open(io.BytesIO((text * times).encode(codec)))
    outline, lines = item.text_outline(), item.text_lines(0, 500)
    item.close()
    assert (item.facts.kind, item.facts.format, item.readable, item.viewable) == (Kind.TEXT, "txt", True, False)
    assert lines == (text.rstrip("\n"),) * times
    assert [line.length for line in outline.lines] == [len(line) for line in lines]
    assert outline.encoding.replace("-", "").replace("_", "") in codec.replace("-", "").replace("_", "") + "le"
    assert not outline.truncated


@pytest.mark.parametrize("codec", ["utf-32", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("like", ["utf-8", "cp1251", "shift_jis", "gb18030", "euc_kr"])
def test_wide_encodings_are_read_without_a_mark_too(broker: Broker, codec: str, like: str) -> None:
    text = samples.SENTENCES[like]
    item = broker.open(io.BytesIO((text * 3).encode(codec)))
    lines = item.text_lines(0, 10)
    item.close()
    assert lines == (text.rstrip("\n"),) * 3


def test_what_follows_a_long_plain_beginning_is_read_in_its_own_encoding(broker: Broker) -> None:
    start = "plain line\n" * 8000
    item = broker.open(io.BytesIO(start.encode() + (samples.SENTENCES["cp1251"] * 5).encode("cp1251")))
    last = item.text_lines(8004, 1)
    item.close()
    assert last == (samples.SENTENCES["cp1251"].strip(),)


def test_one_broken_byte_does_not_turn_utf8_into_something_else(broker: Broker) -> None:
    data = (samples.SENTENCES["cp1251"] * 20).encode("utf-8")
    item = broker.open(io.BytesIO(data[:999] + b"\xff" + data[999:]))
    assert item.text_outline().encoding == "utf-8"
    item.close()


def test_a_stray_control_byte_does_not_hide_a_text(broker: Broker) -> None:
    item = broker.open(io.BytesIO(b"The parcel\x00 came.\nIt rains.\n"))
    assert item.text_lines(0, 5) == ("The parcel  came.", "It rains.")
    item.close()


def test_long_lines_go_on_in_the_next(broker: Broker) -> None:
    text = "word " * 3000
    item = broker.open(io.BytesIO(text.encode()))
    outline = item.text_outline()
    lines = item.text_lines(0, 500)
    item.close()
    assert [line.length for line in outline.lines] == [len(line) for line in lines]
    assert max(map(len, lines)) <= MAX_LINE_LENGTH
    assert "".join(lines) == text


def test_there_is_a_cap_on_lines_and_it_is_told(broker: Broker) -> None:
    item = broker.open(io.BytesIO(b"rain\n" * (MAX_LINES + 5)))
    outline = item.text_outline()
    last = item.text_lines(MAX_LINES - 2, 500)
    item.close()
    assert len(outline.lines) == MAX_LINES
    assert outline.truncated
    assert last == ("rain", "rain")


def test_terms_stay_masked_until_asked_for(broker: Broker) -> None:
    text = "A Lemon\nTree in the GRÖẞE parcel, parcels; par\u00adcel\n番茄好吃 x"
    veils = Veils(masked_terms=("lemon tree", "größe", "parcel", "番茄"))
    item = broker.open(io.BytesIO(text.encode()), veils=veils)
    outline, masked, plain = item.text_outline(), item.text_lines(0, 9), item.text_lines(0, 9, unmask=True)
    found = item.text_find("Lemon"), item.text_find("größe"), item.text_find("nothing"), item.text_find("")
    item.close()
    assert masked == ("A ▇▇▇▇▇", "▇▇▇▇ in the ▇▇▇▇▇ ▇▇▇▇▇▇, parcels; ▇▇▇▇▇▇", "▇▇好吃 x")
    assert plain == ("A Lemon", "Tree in the GRÖẞE parcel, parcels; parcel", "番茄好吃 x")
    assert [line.masked for line in outline.lines] == [1, 4, 1]
    assert found == ((0,), (1,), (), ())


def test_a_thousand_terms_fit_through_the_wire(broker: Broker) -> None:
    terms = tuple(f"term{number}x{'é' * 60}" for number in range(1000))
    item = broker.open(io.BytesIO(f"before {terms[999]} {terms[500]} after".encode()), veils=Veils(masked_terms=terms))
    (line,) = item.text_lines(0, 1)
    item.close()
    assert line.replace(MASK, "") == "before   after"


def test_html_is_reduced_to_its_words(broker: Broker) -> None:
    page = (
        "<!-- saved -->\n<!DOCTYPE html><html><head><title>Garden</title><style>p{}</style><SCRIPT>var a = '<p>x';"
        "</SCRIPT ></head><body><p>Rain &amp; <b>sun</b>shine<br>today</p><a href='https://garden.example/?a=1&amp;b=2'>"
        "look</a></body>"
    )
    item = broker.open(io.BytesIO(page.encode()))
    lines = item.text_lines(0, 50)
    item.close()
    assert (item.facts.kind, item.facts.format) == (Kind.TEXT, "html")
    assert [line for line in lines if line] == [
        "Garden",
        "Rain & sunshine",
        "today",
        "look [https://garden.example/?a=1&b=2]",
    ]


def test_a_page_says_its_encoding_and_is_believed_where_it_decodes(broker: Broker) -> None:
    page = f"<html><head><meta charset='windows-1251'></head><body>{samples.SENTENCES['cp1251']}</body></html>"
    item = broker.open(io.BytesIO(page.encode("cp1251")))
    lines, outline = item.text_lines(0, 9), item.text_outline()
    item.close()
    assert samples.SENTENCES["cp1251"].strip() in lines
    assert outline.encoding == "cp1251"


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b'name,"plot, row",weather\n"a, b",2,rain\n"c\nd",3,sun\n', "csv"),
        (b"name;plot\na;1\nb;2\n", "csv"),
        (b"Well, it rains.\nYes, it does.\n", "txt"),
        (b'{"plots": [1, 2], "weather": "rain"}', "json"),
        (b'[{"plot": 1}, {"plot": 2}]', "json"),
        (b"[Note] it rains\nand rains\n", "txt"),
        ("{curly} braces\n".encode("utf-16"), "txt"),
        ("я наш сад\n".encode("cp1251") * 4, "txt"),
        ("янв, фев, мар: дождь и ветер в саду\n".encode("cp1251") * 4, "txt"),
        (b"  \n<html><body>x</body></html>", "html"),
        (b"\n\n%PDF-1.4", "pdf"),
    ],
)
def test_kinds_of_text_are_told_apart_by_content(broker: Broker, data: bytes, form: str) -> None:
    item = broker.open(io.BytesIO(data))
    item.close()
    assert item.facts.format == form


def test_a_text_has_no_picture_no_transcript_and_no_parts(broker: Broker) -> None:
    item = broker.open(io.BytesIO(b"It rains.\n"))
    for ask in (item.blurred, item.parts, lambda: item.text_outline(TextOf.TRANSCRIPT), lambda: item.sound_outline()):
        with pytest.raises(UnsupportedFormat):
            ask()
    assert item.text_lines(5, 10) == ()
    item.close()


def test_no_masked_term_is_left_readable_whatever_the_text() -> None:
    """Property: in a hundred made-up texts no line shows a term, and outline and lines agree in length."""
    rng = random.Random(7)
    alphabet = "aAbBßẞéE\u0301İiı -_.,\t\u200d\u00ad番茄ﬁＡ1\n"
    for _ in range(examples(100)):
        terms = ["".join(rng.choices("aAbBßéi番1 ", k=rng.randint(1, 4))).strip() for _ in range(6)]
        terms = [term for term in terms if term]
        text = "".join(rng.choices([*alphabet, *terms, *(t.upper() for t in terms)], k=rng.randint(0, 400)))
        lines = Lines(split(text), "utf-8")
        lines.mask(terms[:3])
        lines.mask(terms[3:])
        outline, shown, plain = lines.outline(), lines.read(0, 999, unmask=False), lines.read(0, 999, unmask=True)
        assert [line.length for line in outline.lines] == [len(line) for line in shown] == [len(line) for line in plain]
        again = Lines(split("\n".join(shown)), "utf-8")
        again.mask(terms)
        assert not any(line.masked for line in again.outline().lines), (terms, text)
        for line, veiled, whole in zip(outline.lines, shown, plain, strict=True):
            assert (line.masked > 0) == (MASK in veiled)
            assert all(b in (a, MASK) for a, b in zip(whole, veiled, strict=True))
