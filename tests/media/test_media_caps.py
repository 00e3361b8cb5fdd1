"""Caps and endings for every kind of request: no answer is larger than its cap, and no worker outstays its deadline."""

from __future__ import annotations

import io
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest
from effort import processor_s
from fuzz_seeds import seed_file
from hostile_files import HOSTILE
from test_media_lies import GOOD, fake_worker, opened

from reviewer.media import protocol as wire
from reviewer.media.broker import Broker
from reviewer.media.limits import Limits
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import MAX_LINES, MAX_PARTS
from reviewer.model.errors import DamagedMedia, MediaError, MediaTooLarge, WorkerDied, WorkerLied, WorkerTimeout
from reviewer.model.levels import Level

HASTY = Limits(request_s=1.0, grace_s=0.3)

REQUESTS: dict[str, tuple[str, Callable[[OpenedItem], object]]] = {
    "blurred": ("jpeg", lambda item: item.blurred()),
    "a page": ("pdf", lambda item: item.blurred(page=1)),
    "an animation's frame": ("gif", lambda item: item.clear(max_width=90, max_height=90, grey=False, page=2)),
    "scenes": ("mp4-h264", lambda item: item.storyboard()),
    "playing": (
        "webm-vp9",
        lambda item: item.play(start_s=0, level=Level.BLURRED, grey=True, max_width=99, max_height=99).next(),
    ),
    "text outline": ("txt-utf8", lambda item: item.text_outline()),
    "text lines": ("chat-json", lambda item: item.text_lines(0, 10)),
    "text find": ("eml", lambda item: item.text_find("beans")),
    "sound outline": ("mp3", lambda item: item.sound_outline()),
    "listening": ("wav", lambda item: item.listen(start_s=0, muffled=True).read(100)),
    "listing parts": ("7z", lambda item: item.parts()),
    "reading a part": ("zip", lambda item: item.read_part(0, 0)),
    "fingerprints": ("tar", lambda item: item.fingerprints()),
}


@pytest.fixture(scope="module")
def hasty() -> Iterator[Broker]:
    broker = Broker(limits=HASTY, warm=0)
    broker.start()
    yield broker
    broker.close()


def open_file(broker: Broker, data: bytes) -> OpenedItem:
    return broker.open(io.BytesIO(data))


SAMPLE = {
    "blurred",
    "text lines",
    "listening",
    "listing parts",
}  # of the endings that take their time; all in `make fault`
HANGS = [
    pytest.param("hang", what, marks=() if what in SAMPLE else pytest.mark.fault, id=f"hang-{what}")
    for what in REQUESTS
]
OTHERS = [(ending, what) for ending in ("normal", "crash", "killed") for what in REQUESTS]


@pytest.mark.parametrize(("ending", "what"), [*OTHERS, *HANGS])
def test_every_request_ends(what: str, ending: str, hasty: Broker) -> None:
    """Errors and floods have tests of their own: below, in the mutations and among the lies."""
    kind, ask = REQUESTS[what]
    item = open_file(hasty, seed_file(kind))
    begun = time.monotonic()
    with closing(item):
        if ending == "normal":
            ask(item)
            return
        how = {"crash": signal.SIGSEGV, "hang": signal.SIGSTOP, "killed": signal.SIGKILL}[ending]
        os.kill(item.worker_pid, how)
        with pytest.raises(WorkerTimeout if ending == "hang" else WorkerDied):
            ask(item)
        assert time.monotonic() - begun < HASTY.request_s + HASTY.grace_s + 2.0
        with pytest.raises(WorkerDied):
            ask(item)
    with closing(open_file(hasty, seed_file(kind))) as again:
        ask(again)


def test_a_worker_that_cannot_be_killed_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that hangs in the kernel: the item closes, what was shared is zeroed, the next item opens."""
    broker = Broker(limits=HASTY, warm=0)
    item = open_file(broker, seed_file("jpeg"))
    item.blurred()
    pid, area = item.worker_pid, os.dup(item._link._area.fd)
    os.kill(pid, signal.SIGSTOP)
    with monkeypatch.context() as patched:
        patched.setattr(signal, "pidfd_send_signal", lambda *_: None)
        begun = time.monotonic()
        with pytest.raises(WorkerTimeout):
            item.blurred()
        item.close()
        assert time.monotonic() - begun < HASTY.request_s + HASTY.grace_s + 4.0
    assert os.lseek(area, 0, os.SEEK_END) == wire.AREA_BYTES
    assert not os.pread(area, 1 << 20, 0).strip(b"\0")
    os.close(area)
    with closing(open_file(broker, seed_file("jpeg"))) as again:
        again.blurred()
    os.kill(pid, signal.SIGKILL)
    broker.close()


@pytest.mark.parametrize("message", [wire.encode(GOOD), b"\xc1" * wire.MAX_MESSAGE, b"\xc1" * 100_000])
def test_a_worker_that_floods_its_socket_is_ended(message: bytes) -> None:
    """Answers nobody asked for are answers to the next question: of the wrong kind, so a lie."""
    over = threading.Event()

    def flood(sock: socket.socket, _request: wire.Request) -> None:
        sock.settimeout(0.1)
        while not over.is_set():
            try:
                sock.send(message)
            except TimeoutError:
                continue

    with fake_worker(flood, limits=HASTY) as link:
        item = opened(link)
        begun = time.monotonic()
        try:
            item.blurred() if message == wire.encode(GOOD) else None
            with pytest.raises(WorkerLied):
                item.text_outline()
        finally:
            over.set()
        assert time.monotonic() - begun < 5.0


def test_processor_time_is_capped() -> None:
    """A worker that burns its share is ended by the kernel, whatever the deadline would still allow."""
    broker = Broker(limits=Limits(cpu_s=1, request_s=60.0), warm=0)
    data = HOSTILE["pdf-form-in-itself"]()
    with closing(broker), closing(open_file(broker, data)) as item, pytest.raises(WorkerDied):
        item.blurred()


@pytest.mark.parametrize(
    "how", ["png-zeros-20000x20000", "png-2g-by-1", "tiff-4g-sides", "bmp-giant", "gif-65535", "gif-giant-screen"]
)
def test_pixels_are_capped(broker: Broker, how: str) -> None:
    """What claims more is refused from its header: before memory is taken for it."""
    with closing(open_file(broker, HOSTILE[how]())) as item:
        with pytest.raises(MediaError) as caught:
            item.clear(max_width=800, max_height=600, grey=False)
        assert caught.value.code in ("M003", "M004")
        assert processor_s(item) < 2.0


def test_frames_and_pages_are_capped(broker: Broker) -> None:
    with closing(open_file(broker, HOSTILE["gif-100000-frames"]())) as item:
        assert item.facts.pages is None or item.facts.pages <= 60_000
        item.blurred().wipe()
    for how in ("pdf-2g-pages", "pdf-one-page-100000-times", "tiff-pages-in-a-ring"):
        with closing(open_file(broker, HOSTILE[how]())) as item:
            pages = item.facts.pages or 0
            assert pages <= 100_000
            with pytest.raises(MediaError):
                item.blurred(page=1 << 30)


def test_lines_parts_and_what_is_unpacked_are_capped(broker: Broker) -> None:
    with closing(open_file(broker, HOSTILE["text-2m-lines"]())) as item:
        outline = item.text_outline()
        assert (len(outline.lines), outline.truncated) == (MAX_LINES, True)
        assert item.text_lines(MAX_LINES, 10) == ()
    with closing(open_file(broker, HOSTILE["zip-60000-names"]())) as item, suppress(MediaTooLarge):
        assert len(item.parts()) <= MAX_PARTS
    for how in ("zip-overlap", "zip-declares-little"):
        with closing(open_file(broker, HOSTILE[how]())) as item, suppress(DamagedMedia, MediaTooLarge):
            part = item.parts()[0]
            at = 0
            while piece := item.read_part(0, at):
                at += len(piece)
            assert at <= part.size
