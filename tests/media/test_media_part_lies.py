"""A worker taken over by an archive: a lie about parts or digests ends it, and no part goes on for ever."""

from __future__ import annotations

import os
import select
import socket
import tracemalloc
from collections.abc import Callable

import msgspec
import pytest
from test_media_lies import REPORT, SIZE, fake_worker
from test_media_text_lies import FACTS

from reviewer.media import protocol as wire
from reviewer.media.link import Link
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import Part
from reviewer.media.veils import PLAIN
from reviewer.model.errors import WorkerLied

READ = 1 << 20


def opened(link: Link) -> OpenedItem:
    return OpenedItem(link, REPORT, size=SIZE, declared_format="zip", veils=PLAIN)


def ask(answers: list[bytes | wire.Answer], use: Callable[[OpenedItem], object]) -> object:
    """The answers one after another: bytes in the slot, or a message as it is."""
    links: list[Link] = []
    waiting = iter(answers)

    def talk(sock: socket.socket, request: wire.Request) -> None:
        said = next(waiting)
        if isinstance(said, bytes):
            os.pwrite(links[0]._area.fd, said, wire.WINDOW_BYTES)
            said = wire.Bulk(wire.WINDOW_BYTES, len(said))
        sock.send(wire.encode(said))

    with fake_worker(talk, facts=FACTS) as link:
        links.append(link)
        item = opened(link)
        try:
            return use(item)
        except WorkerLied:
            assert select.select([link._pidfd], [], [], 2.0)[0], "the worker that lied lives on"
            raise


@pytest.mark.parametrize(
    "lie", [[["a", -1]], [["a" * 1025, 1]], [["a"]], [["a", 1, 1]], [["a", "1"]], [["a", 1]] * 10_001], ids=range(6)
)
def test_a_lie_about_parts_ends_the_worker(lie: object) -> None:
    with pytest.raises(WorkerLied):
        ask([msgspec.msgpack.encode(lie)], lambda item: item.parts())


def test_millions_of_parts_are_refused_before_they_are_built() -> None:
    count = (8 << 20) // 3 - 2
    message = b"\xdd" + count.to_bytes(4, "big") + b"\x92\xa0\x00" * count
    tracemalloc.start()
    try:
        with pytest.raises(WorkerLied):
            ask([message], lambda item: item.parts())
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "lie",
    [
        wire.Digests(b"", b"", b"", b"", 0),
        wire.Digests(bytes(32), bytes(20), bytes(16), bytes(31), 5),
        wire.Digests(bytes(32), bytes(20), bytes(16), bytes(32), 101),
        wire.Started(),
    ],
    ids=range(4),
)
def test_a_lie_about_digests_ends_the_worker(lie: wire.Answer) -> None:
    with pytest.raises(WorkerLied):
        ask([lie], lambda item: item.fingerprints())


def drained(item: OpenedItem) -> list[int]:
    at, sizes = 0, []
    while piece := item.read_part(0, at):
        at += len(piece)
        sizes.append(len(piece))
    return sizes


def test_a_part_is_read_in_whole_pieces_and_ends() -> None:
    assert ask([bytes(READ), bytes(READ), b"end", wire.End()], drained) == [READ, READ, 3]
    assert ask([bytes(READ), wire.End()], drained) == [READ]


def test_a_part_that_goes_on_after_a_short_piece_is_a_lie() -> None:
    with pytest.raises(WorkerLied):
        ask([b"x"] * 50, drained)
    with pytest.raises(WorkerLied):
        ask([bytes(READ), b"xx", b"x"], drained)


def test_another_part_or_the_same_again_may_follow_a_short_piece() -> None:
    def use(item: OpenedItem) -> list[int]:
        return [len(item.read_part(index, offset)) for index, offset in ((0, 0), (1, 0), (0, 0), (0, 3))]

    assert ask([b"abc", b"de", b"abc", wire.End()], use) == [3, 2, 3, 0]


def test_the_list_of_parts_is_believed_when_it_can_be() -> None:
    assert ask([msgspec.msgpack.encode([Part("a", 3)])], lambda item: item.parts()) == (Part("a", 3),)
