"""How an open item can end: normal, error, crash, hang, flood, killed. None takes the caller down or leaves things."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import media_samples as samples
import pytest
from patience import PATIENCE_S

from reviewer.media.broker import Broker
from reviewer.media.forking import ForkServer
from reviewer.media.limits import Limits
from reviewer.media.link import ItemClosed
from reviewer.model.errors import (
    DamagedMedia,
    MediaError,
    MediaTooLarge,
    SandboxUnavailable,
    WorkerDied,
    WorkerTimeout,
)
from reviewer.model.levels import Level

HASTY = Limits(request_s=0.4, grace_s=0.1)


@pytest.fixture
def hasty() -> Iterator[Broker]:
    broker = Broker(limits=HASTY, warm=0)
    yield broker
    broker.close()


@pytest.fixture(scope="module")
def lent() -> Iterator[ForkServer]:
    """A fork server that tests may end: it takes a second to start, and is started again when it is asked again."""
    server = ForkServer()
    server.join()
    yield server
    server.leave()


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.01)
    return False


def test_normal_close_leaves_no_process_and_no_descriptor(broker: Broker) -> None:
    data = samples.jpeg(samples.pattern(320, 240))
    broker.sandbox_report()  # the fork server, and its socket, stay for the next
    before = open_descriptors()
    item = broker.open(io.BytesIO(data))
    item.blurred()
    pid = item.worker_pid
    item.close()
    item.close()
    assert gone(pid)
    assert open_descriptors() <= before
    with pytest.raises(ItemClosed):
        item.blurred()


def test_an_error_leaves_the_worker_serving(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    with pytest.raises(MediaError):
        item.play(start_s=0, level=Level.CLEAR, grey=True, max_width=9, max_height=9)
    assert item.blurred().width == 160
    item.close()


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_crash_is_worker_died_and_the_next_item_opens(broker: Broker, how: signal.Signals) -> None:
    data = samples.jpeg(samples.pattern(320, 240))
    item = broker.open(io.BytesIO(data))
    os.kill(item.worker_pid, how)
    with pytest.raises(WorkerDied):
        item.blurred()
    with pytest.raises(WorkerDied):
        item.blurred()
    item.close()
    again = broker.open(io.BytesIO(data))
    assert again.blurred().width == 160
    again.close()


def test_a_hang_is_ended_after_the_grace(hasty: Broker) -> None:
    item = hasty.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    os.kill(item.worker_pid, signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(WorkerTimeout):
        item.blurred()
    assert 0.4 <= time.monotonic() - begun < 2
    assert gone(item.worker_pid), "a stopped worker must be killed, not only given up"
    item.close()


def test_close_from_another_thread_interrupts_a_blocked_request(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    os.kill(item.worker_pid, signal.SIGSTOP)
    threading.Timer(0.2, item.close).start()
    begun = time.monotonic()
    with pytest.raises(ItemClosed):
        item.blurred()
    assert time.monotonic() - begun < 1.0


class SlowSource(io.BytesIO):
    """A source whose reads block, as a network's may."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.blocked = threading.Event()
        self.go_on = threading.Event()
        self.slow = False

    def readinto(self, buffer: memoryview) -> int:
        if self.slow:
            self.blocked.set()
            self.go_on.wait(PATIENCE_S)
        return super().readinto(buffer)


def test_close_does_not_wait_for_a_blocked_source(broker: Broker) -> None:
    source = SlowSource(samples.jpeg(samples.pattern(1600, 1200)))
    item = broker.open(source)
    source.slow = True
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            item.blurred()
        except MediaError as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert source.blocked.wait(PATIENCE_S)
    begun = time.monotonic()
    item.close()
    assert time.monotonic() - begun < PATIENCE_S / 2, "the source is blocked for longer"
    assert gone(item.worker_pid)
    # The read still waits, but of what was shared before nothing is left for whoever looks meanwhile.
    area = item._link._area
    assert not bytes(area._map).strip(b"\0")
    source.go_on.set()
    thread.join()
    assert isinstance(ended[0], ItemClosed)


def test_time_in_the_source_does_not_count_against_the_worker(hasty: Broker) -> None:
    class Sleepy(io.BytesIO):
        def readinto(self, buffer: memoryview) -> int:
            time.sleep(0.35)
            return super().readinto(buffer)

    item = hasty.open(Sleepy(samples.jpeg(samples.pattern(640, 480))))
    assert item.blurred().width == 160
    item.close()


class TheReadersOwn(Exception):
    pass


class Failing(io.BytesIO):
    """Reads well up to a point, like a container whose tenth chunk does not authenticate."""

    def readinto(self, buffer: memoryview) -> int:
        if self.tell() >= 150_000:
            raise TheReadersOwn
        return super().readinto(buffer)


@pytest.mark.parametrize("kind", ["picture", "video"])
def test_what_the_source_raises_reaches_the_caller_as_itself(broker: Broker, kind: str) -> None:
    if kind == "picture":
        data = samples.image(samples.grain(800, 600), ".png")
    else:
        data = samples.video([samples.grain(640, 360, seed) for seed in range(30)])
    assert len(data) > 400_000
    if kind == "video":
        with pytest.raises(TheReadersOwn):
            broker.open(Failing(data))  # its index is at the end
        return
    item = broker.open(Failing(data))
    assert item.facts.width == 800
    with pytest.raises(TheReadersOwn):
        item.blurred()
    item.close()


def test_memory_past_the_limit_is_an_error_and_not_the_end() -> None:
    small = Broker(limits=Limits(memory_bytes=200 << 20), warm=0)
    try:
        item = small.open(io.BytesIO(samples.image(samples.pattern(8000, 6000), ".bmp")))
        with pytest.raises((MediaTooLarge, DamagedMedia)):
            item.clear(max_width=800, max_height=600, grey=False)
        assert item.fingerprints().pdq is None
    finally:
        small.close()


def test_the_fork_server_is_shared_and_ends_with_its_last_user_and_an_open_item_with_its_broker() -> None:
    forking = ForkServer()
    first, second = Broker(warm=0, server=forking), Broker(warm=1, server=forking)
    first.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240)))).close()
    server = forking.process
    assert server is not None
    second.start()
    item = second.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    assert forking.process is server
    first.close()
    first.close()  # counts once
    assert item.blurred().width == 160
    second.close()
    second.close()
    assert gone(item.worker_pid)
    assert server.poll() is not None
    with pytest.raises(MediaError):
        item.blurred()
    with pytest.raises(MediaError):
        second.open(io.BytesIO(b"x"))
    assert not [thread for thread in threading.enumerate() if thread.name == "media-warm" and not thread.is_alive()]


def test_interrupted_between_question_and_answer(lent: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer that nobody took must not be given to the next who asks: it names another worker."""
    broker = Broker(warm=0, server=lent, limits=Limits(start_s=10.0))
    broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240)))).close()
    with monkeypatch.context() as patched:

        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(socket, "recv_fds", interrupted)
        with pytest.raises(KeyboardInterrupt):
            broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    first = broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    second = broker.open(io.BytesIO(samples.jpeg(samples.pattern(200, 100))))
    assert first.worker_pid != second.worker_pid
    os.kill(second.worker_pid, signal.SIGKILL)
    with pytest.raises(WorkerDied):
        second.blurred()
    assert first.blurred().width == 160
    broker.close()


def test_workers_die_with_the_fork_server(lent: ForkServer) -> None:
    broker = Broker(warm=0, server=lent)
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    assert lent.process is not None
    lent.process.kill()
    assert gone(item.worker_pid)
    with pytest.raises(WorkerDied):
        item.blurred()
    again = broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))  # a new fork server
    assert again.blurred().width == 160
    broker.close()


def test_no_sandbox_no_decoding(unsealable: ForkServer) -> None:
    """Fails closed: a fork server whose workers cannot be sealed gives no worker at all."""
    broker = Broker(warm=0, server=unsealable)
    with pytest.raises(SandboxUnavailable):
        broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    with pytest.raises(SandboxUnavailable):
        broker.sandbox_report()
    broker.close()


def test_unsealed_decoding_needs_leave_and_says_so(unsealable: ForkServer) -> None:
    broker = Broker(warm=0, unsealed_allowed=True, server=unsealable)
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    assert item.blurred().width == 160
    assert not item.sandbox.landlock
    assert not item.sandbox.sealed
    broker.close()


@pytest.fixture(scope="module")
def unsealable() -> Iterator[ForkServer]:
    """A fork server in which Landlock cannot be had, as on an older kernel."""
    start = subprocess.Popen
    program = (
        "import sys; from reviewer.media import forkserver, sandbox; "
        "sandbox._landlock = lambda libc: 0; sys.argv[1:] = sys.argv[1:]; forkserver.main()"
    )

    def other(command: list[str], **options: object) -> object:
        assert command[1:4] == ["-I", "-m", "reviewer.media.forkserver"]
        return start([command[0], "-I", "-c", program, command[4]], **options)  # type: ignore[call-overload]

    server = ForkServer()
    server.join()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", other)
        first = Broker(warm=0, unsealed_allowed=True, server=server)
        first.sandbox_report()  # starts it
        first.close()
    yield server
    server.leave()


def test_the_fork_server_has_an_empty_environment_and_no_files(broker: Broker) -> None:
    broker.sandbox_report()
    assert broker._server.process is not None
    pid = broker._server.process.pid
    assert Path(f"/proc/{pid}/environ").read_bytes() == b""
    targets = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()}
    assert all(target == "/dev/null" or target.startswith(("socket:", "anon_inode:")) for target in targets)


def test_a_worker_as_seen_from_outside(broker: Broker) -> None:
    """What the worker says of itself, checked against what the kernel says of it."""
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(320, 240))))
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{item.worker_pid}/status").read_text().splitlines() if ":" in line
    )
    item.close()
    assert status["Seccomp"].strip() == "2"
    assert status["NoNewPrivs"].strip() == "1"
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert item.sandbox.sealed
    assert item.sandbox.not_dumpable
    assert item.sandbox.landlock_abi >= 1


def test_an_error_that_still_holds_the_shared_window_does_not_stop_the_clean_up(broker: Broker) -> None:
    kept: list[memoryview] = []

    class Holding(io.BytesIO):
        def readinto(self, buffer: memoryview) -> int:
            kept.append(buffer[:])  # as the frames of a traceback do
            raise TheReadersOwn

    with pytest.raises(TheReadersOwn):
        broker.open(Holding(samples.jpeg(samples.pattern(640, 480))))
    assert kept
    assert not bytes(kept[0]).strip(b"\0")
