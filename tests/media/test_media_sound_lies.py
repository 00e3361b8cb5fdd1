"""A worker taken over by its evidence lies about sound. Nothing it says is believed unchecked, nor heard."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable

import msgspec
import pytest
from test_media_lies import Talk, fake_worker, opened, says

from reviewer.media import protocol as wire
from reviewer.media.link import Link
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import SOUND_RATE, SoundOutline
from reviewer.model.errors import DamagedMedia, WorkerDied, WorkerLied
from reviewer.model.levels import Level

AT = wire.WINDOW_BYTES


def ended(link: Link) -> bool:
    """The worker's process is gone."""
    return bool(select.select([link._pidfd], [], [], 5.0)[0])


def after_start(answer: wire.Answer | bytes) -> Talk:
    """Starts what it is asked to start, then gives this answer."""
    data = answer if isinstance(answer, bytes) else wire.encode(answer)

    def talk(sock: socket.socket, request: wire.Request) -> None:
        sock.send(wire.encode(wire.Started()) if isinstance(request, wire.StartSound) else data)

    return talk


@pytest.mark.parametrize(
    "lie",
    [
        wire.Bulk(AT, 2 * 480 + 2),
        wire.Bulk(AT, 2 * 480 + 1),
        wire.Bulk(AT, 959),
        wire.Bulk(AT, 1),
        wire.Bulk(AT, 0),
        wire.Bulk(AT, -2),
        wire.Bulk(AT, 1 << 62),
        wire.Bulk(AT - 2, 480),
        wire.Bulk(0, 480),
        wire.Bulk(-1, 480),
        wire.Bulk(wire.AREA_BYTES - 478, 480),
        wire.Bulk(1 << 62, 480),
        wire.Started(),
        wire.Pixels(10, 10, 10, 1, AT, -1.0),
        wire.Facts(40, -1, -1, 1.0, -1, True, 1, False),
        wire.Failed(99),
        b"",
        b"\xff" * 30,
        wire.encode(wire.Bulk(AT, 480)) + b"\0",
    ],
    ids=repr,
)
def test_a_lie_about_samples_is_not_heard_and_ends_the_worker(lie: wire.Answer | bytes) -> None:
    with fake_worker(after_start(lie)) as link:
        stream = opened(link).listen(start_s=0.0, muffled=True)
        with pytest.raises((WorkerLied, WorkerDied)):
            stream.read(480)
        assert ended(link)
        stream.close()


@pytest.mark.parametrize(
    "lie", [wire.End(), wire.Bulk(AT, 10), wire.Failed(0), wire.Pixels(1, 1, 1, 1, AT, 0.0)], ids=repr
)
def test_a_lie_about_starting_is_dropped(lie: wire.Answer) -> None:
    with fake_worker(says(lie)) as link:
        item = opened(link)
        with pytest.raises(WorkerLied):
            item.listen(start_s=0.0, muffled=False)
        assert ended(link)


def start_playing(item: OpenedItem) -> object:
    return item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=64, max_height=64)


def start_storyboard(item: OpenedItem) -> object:
    return list(item.scenes())


@pytest.mark.parametrize("lie", [wire.End(), wire.Bulk(AT, 10), wire.Failed(0)], ids=repr)
@pytest.mark.parametrize("start", [start_playing, start_storyboard])
def test_a_lie_about_starting_pictures_ends_the_worker(start: Callable[[OpenedItem], object], lie: wire.Answer) -> None:
    with fake_worker(says(lie)) as link:
        item = opened(link)
        with pytest.raises(WorkerLied):
            start(item)
        assert ended(link)


def test_the_truth_is_believed() -> None:
    with fake_worker(after_start(wire.Bulk(AT, 960))) as link:
        stream = opened(link).listen(start_s=0.0, muffled=False)
        assert stream.read(480) == bytes(960)
    with fake_worker(after_start(wire.Failed(wire.Code.DAMAGED))) as link:
        stream = opened(link).listen(start_s=0.0, muffled=False)
        with pytest.raises(DamagedMedia):
            stream.read(480)
    with fake_worker(after_start(wire.End())) as link:
        stream = opened(link).listen(start_s=0.0, muffled=False)
        assert stream.read(480) == b""
        assert stream.read(480) == b""
        stream.close()


def test_no_more_than_two_seconds_are_ever_asked_for_at_once() -> None:
    asked: list[int] = []

    def talk(sock: socket.socket, request: wire.Request) -> None:
        if isinstance(request, wire.NextSound):
            asked.append(request.samples)
        sock.send(wire.encode(wire.Started() if isinstance(request, wire.StartSound) else wire.End()))

    with fake_worker(talk) as link:
        opened(link).listen(start_s=0.0, muffled=False).read(10**9)
    assert asked == [2 * SOUND_RATE]


def outlined(data: bytes) -> Talk:
    def talk(sock: socket.socket, request: wire.Request) -> None:
        assert isinstance(request, wire.OutlineSound)
        link = LINKS[0]
        link._area._map[AT : AT + len(data)] = data
        sock.send(wire.encode(wire.Bulk(AT, len(data))))

    return talk


LINKS: list[Link] = []
GOOD = SoundOutline(3.0, bytes(40), bytes(40))


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (msgspec.msgpack.encode(GOOD), True),
        (msgspec.msgpack.encode(SoundOutline(3.0, bytes(41), bytes(41))), False),
        (msgspec.msgpack.encode(SoundOutline(3.0, bytes(40), bytes(39))), False),
        (msgspec.msgpack.encode(SoundOutline(float("nan"), bytes(40), bytes(40))), False),
        (msgspec.msgpack.encode(SoundOutline(float("inf"), bytes(40), bytes(40))), False),
        (msgspec.msgpack.encode(SoundOutline(1e300, bytes(40), bytes(40))), False),
        (msgspec.msgpack.encode([3.0, "words", "words"]), False),
        (msgspec.msgpack.encode([3.0, bytes(40), bytes(40), "more"]), False),
        (msgspec.msgpack.encode(GOOD) + b"\0", False),
        (b"\xc1", False),
        (b"\x91" * 200, False),
        (msgspec.msgpack.encode(SoundOutline(3.0, bytes(3000), bytes(3000))), False),
    ],
)
def test_an_outline_is_checked(said: bytes, believed: bool) -> None:
    with fake_worker(outlined(said)) as link:
        LINKS[:] = [link]
        item = opened(link)
        if believed:
            assert item.sound_outline(buckets=40) == GOOD
        else:
            with pytest.raises(WorkerLied):
                item.sound_outline(buckets=40)
            assert ended(link)
        LINKS.clear()
