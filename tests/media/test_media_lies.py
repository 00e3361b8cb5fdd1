"""A worker taken over by its evidence says what it likes. Nothing it says is believed unchecked."""

from __future__ import annotations

import contextlib
import io
import math
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from patience import PATIENCE_S

from reviewer.media import protocol as wire
from reviewer.media.area import SharedArea
from reviewer.media.frames import SandboxReport
from reviewer.media.limits import Limits
from reviewer.media.link import Link
from reviewer.media.opened import OpenedItem
from reviewer.media.veils import Veils
from reviewer.model.errors import DamagedMedia, WorkerDied, WorkerLied, WorkerTimeout

REPORT = SandboxReport(True, True, True, True, True, True, True)
FACTS = wire.Facts(1, 640, 480, -1.0, -1, False, 1, True)
GOOD = wire.Pixels(160, 120, 160, 1, wire.WINDOW_BYTES, -1.0)
SIZE = 10_000

Talk = Callable[[socket.socket, wire.Request], None]


@contextlib.contextmanager
def fake_worker(talk: Talk, *, facts: wire.Facts | bytes = FACTS, limits: Limits | None = None) -> Iterator[Link]:
    """A link whose other end is `talk`, called with each request after Open; a real process stands in for the pid."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    stand_in = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
    link = Link(ours, SharedArea(), stand_in.pid, os.pidfd_open(stand_in.pid), limits or Limits())
    link.give(io.BytesIO(bytes(SIZE)), SIZE)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while data := theirs.recv(wire.MAX_MESSAGE):
                request = wire.decode_request(data)
                if isinstance(request, wire.Open):
                    theirs.send(facts if isinstance(facts, bytes) else wire.encode(facts))
                elif not isinstance(request, wire.RangeAnswer):
                    talk(theirs, request)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield link
    finally:
        link.close()
        theirs.close()
        thread.join()
        stand_in.send_signal(signal.SIGKILL)
        stand_in.wait()


def opened(link: Link) -> OpenedItem:
    return OpenedItem(link, REPORT, size=SIZE, declared_format="jpg", veils=Veils(blurred_long_side=160))


def says(answer: wire.Answer | bytes) -> Talk:
    data = answer if isinstance(answer, bytes) else wire.encode(answer)
    return lambda sock, request: sock.send(data) and None


def changed(**fields: object) -> wire.Pixels:
    import msgspec

    return msgspec.structs.replace(GOOD, **fields)


@pytest.mark.parametrize(
    "lie",
    [
        changed(width=161, stride=164),
        changed(height=161),
        changed(width=0),
        changed(height=0),
        changed(width=-160),
        changed(stride=159),
        changed(stride=1 << 20),
        changed(stride=-1),
        changed(pixel_format=4),
        changed(pixel_format=3),
        changed(offset=0),
        changed(offset=wire.WINDOW_BYTES - 1),
        changed(offset=wire.AREA_BYTES - 160 * 119),
        changed(offset=1 << 62),
        changed(offset=-1),
        changed(time_s=math.nan),
        changed(time_s=math.inf),
        changed(time_s=1e300),
        wire.Facts(1, 1, 1, 1.0, 1, False, 1, True),
        wire.Started(),
        wire.End(),
        wire.Failed(0),
        wire.Failed(99),
        wire.Failed(-5),
        wire.Digests(b"", b"", b"", b"", 0),
        wire.Sealed(True, True, True, True, True, True, True, 7, "again"),
        b"",
        b"\xff" * 40,
        b"\x93\x22\x01\x02",
        b"\x97\x22\xcf\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x01\x01\x00",
        wire.encode(GOOD) + b"\x00",
        b"\x81\xa1a" * 1000,
        wire.encode(wire.Open(3)),
    ],
    ids=repr,
)
def test_a_lie_about_pixels_is_dropped_and_ends_the_worker(lie: wire.Answer | bytes) -> None:
    with fake_worker(says(lie)) as link:
        item = opened(link)
        with pytest.raises((WorkerLied, WorkerDied)) as caught:
            item.blurred()
        assert (caught.type is WorkerDied) == (lie == b"")


def test_the_truth_passes() -> None:
    with fake_worker(says(GOOD)) as link:
        frame = opened(link).blurred()
    assert (frame.width, frame.height, len(frame.data)) == (160, 120, 160 * 120)


def test_a_known_failure_passes_as_its_error() -> None:
    with fake_worker(says(wire.Failed(wire.Code.DAMAGED))) as link, pytest.raises(DamagedMedia):
        opened(link).blurred()


@pytest.mark.parametrize(
    "facts",
    [
        wire.Facts(7777, 640, 480, -1.0, -1, False, 1, True),
        wire.Facts(1, 1 << 40, 480, -1.0, -1, False, 1, True),
        wire.Facts(1, 640, -480, -1.0, -1, False, 1, True),
        wire.Facts(1, 640, 480, math.nan, -1, False, 1, True),
        wire.Facts(1, 640, 480, -1.0, 1 << 33, False, 1, True),
        wire.Facts(1, 640, 480, -1.0, -1, False, 9, True),
        wire.encode(FACTS).replace(b"\x01", b"\xa4JPEG", 1),
        GOOD,
    ],
    ids=repr,
)
def test_a_lie_about_facts_is_dropped(facts: wire.Facts | bytes) -> None:
    with fake_worker(says(GOOD), facts=facts) as link, pytest.raises(WorkerLied):
        opened(link)


@pytest.mark.parametrize(
    "lie",
    [
        wire.Digests(bytes(31), bytes(20), bytes(16), b"", -1),
        wire.Digests(bytes(32), bytes(20), bytes(16), bytes(31), 50),
        wire.Digests(bytes(32), bytes(20), bytes(16), bytes(32), 101),
        wire.Digests(bytes(32), bytes(20), bytes(2000), bytes(32), 50),
        wire.Digests(bytes(32), bytes(20), bytes(16), b"", -1, ((1.0, bytes(31), 50),)),
        wire.Digests(bytes(32), bytes(20), bytes(16), b"", -1, ((1.0, bytes(32), 101),)),
        wire.Digests(bytes(32), bytes(20), bytes(16), b"", -1, ((float("nan"), bytes(32), 50),)),
        wire.Digests(bytes(32), bytes(20), bytes(16), b"", -1, ((-1.0, bytes(32), 50),)),
        wire.Digests(bytes(32), bytes(20), bytes(16), b"", -1, ((2.0, bytes(32), 50), (1.0, bytes(32), 50))),
        wire.Digests(bytes(32), bytes(20), bytes(16), b"", -1, tuple((float(i), bytes(32), 50) for i in range(21))),
    ],
    ids=range(10),
)
def test_a_lie_about_fingerprints_is_dropped(lie: wire.Digests) -> None:
    with fake_worker(says(lie)) as link, pytest.raises(WorkerLied):
        opened(link).fingerprints()


@pytest.mark.parametrize(
    "want",
    [
        wire.WantRange(-1, 10),
        wire.WantRange(0, 0),
        wire.WantRange(0, -1),
        wire.WantRange(0, wire.WINDOW_BYTES + 1),
        wire.WantRange(SIZE + 1, 1),
        wire.WantRange(1 << 62, 1),
    ],
    ids=repr,
)
def test_a_range_outside_the_source_is_a_lie(want: wire.WantRange) -> None:
    with fake_worker(says(want)) as link, pytest.raises(WorkerLied):
        opened(link).blurred()


def test_a_flood_of_range_requests_is_ended() -> None:
    def flood(sock: socket.socket, request: wire.Request) -> None:
        while True:
            sock.send(wire.encode(wire.WantRange(0, 1)))
            sock.recv(wire.MAX_MESSAGE)

    with fake_worker(flood, limits=Limits(range_requests=2000)) as link, pytest.raises(WorkerLied):
        opened(link).blurred()


def test_reading_the_source_over_and_over_is_ended() -> None:
    asked = []

    def greedy(sock: socket.socket, request: wire.Request) -> None:
        while True:
            asked.append(1)
            sock.send(wire.encode(wire.WantRange(0, SIZE)))
            sock.recv(wire.MAX_MESSAGE)

    limits = Limits(reads_per_size=4, spare_read_bytes=100_000)
    with fake_worker(greedy, limits=limits) as link, pytest.raises(WorkerLied):
        opened(link).blurred()
    assert len(asked) <= 16


def test_slow_dripping_requests_do_not_prolong_the_deadline() -> None:
    import time

    def drip(sock: socket.socket, request: wire.Request) -> None:
        while True:
            sock.send(wire.encode(wire.WantRange(0, 1)))
            sock.recv(wire.MAX_MESSAGE)
            time.sleep(0.02)

    begun = time.monotonic()
    with fake_worker(drip, limits=Limits(request_s=0.3, grace_s=0.1)) as link, pytest.raises(WorkerTimeout):
        opened(link).blurred()
    assert time.monotonic() - begun < PATIENCE_S  # it would drip for ever


def test_a_descriptor_sent_along_does_not_arrive() -> None:
    read_end, write_end = os.pipe()

    def smuggle(sock: socket.socket, request: wire.Request) -> None:
        socket.send_fds(sock, [wire.encode(GOOD)], [read_end])

    def count() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    try:
        with fake_worker(smuggle) as link:
            item = opened(link)
            before = count()
            item.blurred()
            assert count() == before
    finally:
        os.close(read_end)
        os.close(write_end)


def test_the_area_cannot_be_cut_under_our_feet_and_is_zeroed() -> None:
    area = SharedArea()
    with pytest.raises(PermissionError):
        os.ftruncate(area.fd, 0)
    with pytest.raises(PermissionError):
        os.ftruncate(area.fd, wire.AREA_BYTES * 2)
    with area.window() as window:
        window[:5] = b"bytes"
    kept = os.dup(area.fd)
    os.pwrite(kept, b"pixels", wire.WINDOW_BYTES + 100)
    assert area.take(wire.WINDOW_BYTES + 100, 6) == b"pixels"
    assert os.pread(kept, 6, wire.WINDOW_BYTES + 100) == bytes(6)
    os.pwrite(kept, b"more", wire.AREA_BYTES - 4)
    area.close()
    assert os.pread(kept, 5, 0) == bytes(5)
    assert os.pread(kept, 4, wire.AREA_BYTES - 4) == bytes(4)
    os.close(kept)


def test_wiping_a_frame_blackens_it_in_place() -> None:
    with fake_worker(says(GOOD)) as link:
        frame = opened(link).blurred()
    frame.data[:] = b"\xff" * len(frame.data)
    alias = memoryview(frame.data)
    frame.wipe()
    assert not any(alias)
