"""A worker taken over by a text says what it likes about lines, words and parts. Nothing is believed unchecked."""

from __future__ import annotations

import os
import socket
import tracemalloc
from collections.abc import Callable

import msgspec
import pytest
from test_media_lies import REPORT, SIZE, Talk, fake_worker, says
from test_media_sound_lies import ended

from reviewer.media import protocol as wire
from reviewer.media.link import Link
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import (
    MAX_LINE_LENGTH,
    MAX_LINES,
    MAX_LINES_AT_ONCE,
    LineOutline,
    Part,
    TextOf,
    TextOutline,
)
from reviewer.media.veils import PLAIN, Veils
from reviewer.model.errors import DamagedMedia, WorkerLied

FACTS = wire.Facts(60, -1, -1, -1.0, -1, False, 1, False, readable=True, holds_parts=True)
LINE = LineOutline(5, 1, "A", "21:02", True)


def opened(link: Link, veils: Veils = PLAIN) -> OpenedItem:
    return OpenedItem(link, REPORT, size=SIZE, declared_format="txt", veils=veils)


def puts(value: object, length: int | None = None) -> Talk:
    """Answers everything with these bytes in the slot."""
    data = value if isinstance(value, bytes) else msgspec.msgpack.encode(value)

    def talk(sock: socket.socket, request: wire.Request) -> None:
        os.pwrite(LINKS[-1]._area.fd, data, wire.WINDOW_BYTES)
        sock.send(wire.encode(wire.Bulk(wire.WINDOW_BYTES, len(data) if length is None else length)))

    return talk


LINKS: list[Link] = []


def ask(value: object, use: Callable[[OpenedItem], object], length: int | None = None) -> object:
    with fake_worker(puts(value, length), facts=FACTS) as link:
        LINKS.append(link)
        try:
            return use(opened(link))
        except WorkerLied:
            assert ended(link), "whoever lies is not asked again"
            raise
        finally:
            LINKS.pop()


def outline_of(item: OpenedItem) -> TextOutline:
    return item.text_outline()


def test_the_truth_passes() -> None:
    truth = TextOutline((LINE, LineOutline(0)), "utf-8", True, 3)
    assert ask(truth, outline_of) == truth
    assert ask(["word", "▇▇"], lambda item: item.text_lines(0, 2)) == ("word", "▇▇")
    assert ask([0, 3, 19_999], lambda item: item.text_find("x")) == (0, 3, 19_999)
    assert ask([Part("a", 3)], lambda item: item.parts()) == (Part("a", 3),)
    assert ask(b"bytes", lambda item: item.read_part(0, 0)) == b"bytes"


@pytest.mark.parametrize(
    "lie",
    [
        TextOutline((LineOutline(-1),), "utf-8"),
        TextOutline((LineOutline(MAX_LINE_LENGTH + 1),), "utf-8"),
        TextOutline((LineOutline(3, -1),), "utf-8"),
        TextOutline((LineOutline(3, 1 << 40),), "utf-8"),
        TextOutline((LineOutline(3),) * (MAX_LINES + 1), "utf-8"),
        TextOutline((LINE,), "utf-8", False, -1),
        TextOutline((LINE,), "utf-8", False, 1 << 30),
        TextOutline((LINE,), "x" * 100_000),
        [],
        [[["5"]], "utf-8"],
        [[[5, 1, 3]], "utf-8"],
        [[[5, 1, "A", "", False, "more"]], "utf-8"],
        [[[5]], "utf-8", False, 0, "more"],
        {"lines": []},
        b"",
        b"\xc1" * 10,
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        msgspec.msgpack.encode(TextOutline((LINE,), "utf-8")) + b"\x00",
    ],
    ids=range(19),
)
def test_a_lie_about_the_shape_of_a_text_is_dropped(lie: object) -> None:
    with pytest.raises(WorkerLied):
        ask(lie, outline_of)


@pytest.mark.parametrize(
    "lie",
    [
        ["a", "b", "c"],
        ["a" * (MAX_LINE_LENGTH + 1)],
        ["a"] * (MAX_LINES_AT_ONCE + 1),
        [1],
        [b"a"],
        "ab",
        b"\x91\xa1\xff",
        b"\x91\xa2\xed\xa0",
        None,
    ],
    ids=range(9),
)
def test_a_lie_about_lines_is_dropped(lie: object) -> None:
    with pytest.raises(WorkerLied):
        ask(lie, lambda item: item.text_lines(0, 2))


@pytest.mark.parametrize(
    "lie",
    [["a", "b", "c"], ["a" * (MAX_LINE_LENGTH + 1)], [1], [["A", "a"]], b"\x91\xa1\xff", {"A": "a"}],
    ids=range(6),
)
def test_a_lie_about_names_is_dropped(lie: object) -> None:
    with pytest.raises(WorkerLied):
        ask(lie, lambda item: item.text_lines(0, 2, of=TextOf.SENDERS))


def test_names_that_could_fool_a_reader_are_made_plain() -> None:
    said = ask(["Bas\u202eil\n", "\u2068\x1bA"], lambda item: item.text_lines(0, 2, of=TextOf.SENDERS))
    assert said == ("Bas il ", "  A")


@pytest.mark.parametrize(
    "lie",
    [[3, 2], [3, 3], [-1], [MAX_LINES], ["1"], [1.5], [True], list(range(MAX_LINES + 1)), [1 << 63]],
    ids=range(9),
)
def test_a_lie_about_where_words_are_is_dropped(lie: object) -> None:
    with pytest.raises(WorkerLied):
        ask(lie, lambda item: item.text_find("x"))


@pytest.mark.parametrize("lie", [[["a", -1]], [["a" * 2000, 1]], [["a"]], [["a", 1, 1]], [["a", "1"]]], ids=range(5))
def test_a_lie_about_parts_is_dropped(lie: object) -> None:
    with pytest.raises(WorkerLied):
        ask(lie, lambda item: item.parts())


@pytest.mark.parametrize(
    "bulk",
    [
        wire.Bulk(0, 10),
        wire.Bulk(wire.WINDOW_BYTES - 1, 10),
        wire.Bulk(wire.AREA_BYTES - 9, 10),
        wire.Bulk(wire.WINDOW_BYTES, -1),
        wire.Bulk(wire.WINDOW_BYTES, wire.SLOT_BYTES + 1),
        wire.Bulk(wire.WINDOW_BYTES, 1 << 62),
        wire.Bulk(-5, 10),
        wire.Started(),
        wire.Failed(77),
        wire.Pixels(1, 1, 4, 1, wire.WINDOW_BYTES, -1.0),
    ],
    ids=repr,
)
def test_a_lie_about_where_the_bytes_lie_is_dropped(bulk: wire.Answer) -> None:
    uses: tuple[Callable[[OpenedItem], object], ...] = (
        outline_of,
        lambda item: item.text_lines(0, 5),
        lambda item: item.text_find("x"),
        lambda item: item.parts(),
        lambda item: item.read_part(0, 0),
    )
    for use in uses:
        with fake_worker(says(bulk), facts=FACTS) as link, pytest.raises(WorkerLied):
            use(opened(link))


def test_a_part_larger_than_asked_for_is_a_lie() -> None:
    with pytest.raises(WorkerLied):
        ask(bytes(100), lambda item: item.read_part(0, 0), length=(1 << 20) + 1)


def test_a_known_failure_passes_as_its_error() -> None:
    with fake_worker(says(wire.Failed(wire.Code.DAMAGED)), facts=FACTS) as link, pytest.raises(DamagedMedia):
        opened(link).text_outline()


def test_what_could_fool_a_reader_is_taken_out() -> None:
    lines = ask(["a\u202eb\x00c\nd\u2066e\ud7ff", "می\u200cروم 👩\u200d🌾"], lambda item: item.text_lines(0, 2))
    assert lines == ("a b c d e ", "می\u200cروم 👩\u200d🌾")


def test_text_that_is_no_text_is_a_lie_in_a_message_too() -> None:
    sealed = wire.encode(wire.Sealed(True, True, True, True, True, True, True, 7, "again"))
    with fake_worker(says(sealed.replace(b"again", b"ag\xffin")), facts=FACTS) as link, pytest.raises(WorkerLied):
        opened(link).text_outline()


def test_masking_that_is_not_acknowledged_keeps_the_item_shut() -> None:
    for answer in (wire.End(), wire.Bulk(wire.WINDOW_BYTES, 4), wire.Failed(99)):
        with fake_worker(says(answer), facts=FACTS) as link:
            with pytest.raises(WorkerLied):
                opened(link, Veils(masked_terms=("parcel",)))
            assert ended(link)


def test_a_million_lines_are_refused_before_they_are_built() -> None:
    lines = b"\x91\x05" * 1_000_000
    message = b"\x92\xdd" + (1_000_000).to_bytes(4, "big") + lines + b"\xa1u"
    tracemalloc.start()
    try:
        with pytest.raises(WorkerLied):
            ask(message, outline_of)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_words_nobody_can_send_do_not_break_the_search() -> None:
    assert ask([], lambda item: item.text_find("\ud800" + "é" * 500)) == ()
