"""E-mail through the real broker and a real sealed worker: headers, text, attachments as parts."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import text_samples as samples

from reviewer.media.broker import Broker
from reviewer.media.opened import OpenedItem
from reviewer.model.levels import Kind

SEEDS = bytes(range(256)) * 8000


def whole_part(item: OpenedItem, index: int) -> bytes:
    out = bytearray()
    while piece := item.read_part(index, len(out)):
        out += piece
    return bytes(out)


def test_headers_and_text_are_read_and_attachments_counted(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.mail(attachments=(("seeds.bin", SEEDS), ("b.txt", b"rain")))))
    facts, outline, lines, parts = item.facts, item.text_outline(), item.text_lines(0, 50), item.parts()
    contents = [whole_part(item, index) for index in range(len(parts))]
    item.close()
    assert (facts.kind, facts.format, item.readable, item.holds_parts) == (Kind.EMAIL, "eml", True, True)
    assert lines == (
        "Date: Fri, 20 Nov 2026 21:02:11 +0000",
        "From: Rosemary Grün <rosemary@garden.example>",
        "To: basil@garden.example",
        "Subject: Kürbis and beans",
        "",
        "The tomatoes are ripe.",
    )
    assert [line.length for line in outline.lines] == [len(line) for line in lines]
    assert outline.parts == 2
    assert [(part.name, part.size) for part in parts] == [("seeds.bin", len(SEEDS)), ("b.txt", 4)]
    assert contents == [SEEDS, b"rain"]


@pytest.mark.parametrize("before", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b"From a@b Fri Nov 20 21:02:11 2026\r\n"])
def test_mail_is_known_by_its_headers_whatever_comes_first(broker: Broker, before: bytes) -> None:
    item = broker.open(io.BytesIO(before + samples.mail()), declared_format="txt")
    lines = item.text_lines(0, 50)
    item.close()
    assert item.facts.format == "eml"
    assert not item.holds_parts
    assert lines[0].startswith("Date: ")


def test_html_stands_in_for_text_and_is_added_where_it_differs(broker: Broker) -> None:
    html = "<p>The tomatoes are <b>ripe</b>.</p>"
    other = "<p>Something quite different stands here</p>"
    shown = []
    for data in (samples.mail(text="", html=html), samples.mail(html=html), samples.mail(html=other)):
        item = broker.open(io.BytesIO(data))
        shown.append([line for line in item.text_lines(4, 50) if line])
        assert item.text_outline().parts == 0
        item.close()
    words = "The tomatoes are ripe."
    assert shown == [[words], [words], [words, "Something quite different stands here"]]


def test_a_mail_in_a_mail_is_one_part(broker: Broker) -> None:
    inner = samples.mail(attachments=(("deep.bin", b"deep"),))
    outer = samples.mail().replace(
        b"--outer--",
        b"--outer\r\nContent-Type: message/rfc822\r\n\r\n" + inner.replace(b"outer", b"other") + b"\r\n--outer--",
    )
    item = broker.open(io.BytesIO(outer))
    (part,) = item.parts()
    data = whole_part(item, 0)
    item.close()
    again = broker.open(io.BytesIO(data))
    (deep,) = again.parts()
    again.close()
    assert (part.name, deep.name, again.facts.format) == ("mail.eml", "deep.bin", "eml")


def test_a_body_of_eight_bits_without_a_charset_is_guessed(broker: Broker) -> None:
    head = b"From: a@b\r\nTo: c@d\r\nSubject: x\r\nDate: Fri, 20 Nov 2026 21:02:11 +0000\r\n\r\n"
    item = broker.open(io.BytesIO(head + samples.SENTENCES["koi8_r"].encode("koi8-r") * 3))
    lines = item.text_lines(5, 1)
    item.close()
    assert lines == (samples.SENTENCES["koi8_r"].strip(),)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"--outer--", b""),
        lambda data: data.replace(b"base64", b"x-nothing-known"),
        lambda data: data.replace(b"base64", b"x-uuencode"),
        lambda data: data.replace(b"charset=utf-8", b"charset=zlib"),
        lambda data: data.replace(b"charset=utf-8", b"charset*=nothing'x'y"),
        lambda data: data.replace(b"To: basil", b"To: " + b"(" * 5000 + b"<" * 5000),
        lambda data: data.replace(b"=?utf-8?q?", b"=?rot13?b?"),
        lambda data: data.replace(b"seeds.bin", b"=?utf-8?b?!!?="),
        lambda data: data.replace(b"multipart/mixed", b"multipart/" + b"x" * 4000),
        lambda data: data.replace(b"\r\n", b"\r"),
        lambda data: data.replace(b"--inner\r\n", b"--inner\r\n\x00\xff" + bytes(range(128, 255))),
    ],
)
def test_a_broken_mail_still_opens(broker: Broker, damage: Callable[[bytes], bytes]) -> None:
    item = broker.open(io.BytesIO(damage(samples.mail(attachments=(("seeds.bin", SEEDS[:5000]),)))))
    outline, lines = item.text_outline(), item.text_lines(0, 500)
    assert len(outline.lines) >= len(lines) > 0
    if item.holds_parts:
        for index in range(len(item.parts())):
            whole_part(item, index)
    item.close()


def test_a_mail_nested_ten_thousand_deep_does_no_harm(broker: Broker) -> None:
    head = b"From: a@b\r\nTo: c@d\r\nSubject: x\r\nDate: today\r\n"
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(10_000))
    item = broker.open(io.BytesIO(head + levels))
    assert item.facts.format == "eml"
    item.close()
