"""The broker's end of one worker: requests with deadlines, the source's bytes on demand, and the worker's end."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import msgspec

from reviewer.media.area import SharedArea
from reviewer.media.limits import Limits
from reviewer.media.protocol import (
    MAX_MESSAGE,
    WINDOW_BYTES,
    Answer,
    RangeAnswer,
    Request,
    WantRange,
    decode_answer,
    encode,
)
from reviewer.model.errors import MediaError, WorkerDied, WorkerLied, WorkerTimeout

T = TypeVar("T")
Take = Callable[[int, int], bytearray]


class Source(Protocol):
    """The item's plaintext, as `vault` and the tests give it: seekable, read by one thread at a time."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def readinto(self, buffer: memoryview, /) -> int | None: ...


class ItemClosed(MediaError):
    """The item was closed while it was being asked for something: not a fault of the item."""

    code = "M008"
    happened = "The item was closed."
    to_do = "Open it again if you still need it."


class Link:
    """One worker, one lock. `kill` and `close` may be called from any thread, everything else one at a time."""

    def __init__(self, sock: socket.socket, area: SharedArea, pid: int, pidfd: int, limits: Limits) -> None:
        self._sock = sock
        self._area = area
        self.pid = pid
        self._pidfd = pidfd
        self._limits = limits
        self._lock = threading.Lock()
        self._closing = False
        self._cleaned = False
        self._source: Source | None = None
        self._size = 0

    @property
    def closed(self) -> bool:
        return self._closing

    def give(self, source: Source, size: int) -> None:
        self._source = source
        self._size = size

    def ask_for(self, request: Request, use: Callable[[Answer, Take], T], *, more_s: float = 0.0) -> T:
        """As `ask`, and `use(answer, take)` before anybody else may ask: the area holds one answer's pixels at a time.

        `take(offset, length)` copies a range out of the area that `use` has checked. What `use` raises is raised here;
        a lie it finds ends the worker.
        """
        with self._lock_held():
            self._send(request)
            return use(self._converse(more_s), self._area.take)

    def ask(self, request: Request, *, more_s: float = 0.0) -> Answer:
        """Send a request and return its answer, unchecked but well-formed. Serves the source meanwhile.

        `more_s` is time it may take beyond the usual, for what grows with the item. Raises what the source raised,
        `WorkerTimeout`, `WorkerDied`, `WorkerLied` or `ItemClosed`; after the last four the worker has been ended.
        """
        with self._lock_held():
            self._send(request)
            return self._converse(more_s)

    def wait(self, seconds: float) -> Answer:
        """The worker's first words, which nobody asked for."""
        with self._lock_held():
            return self._receive(time.monotonic() + seconds)

    def kill(self) -> None:
        """End the worker now. Safe from any thread and more than once; a blocked `ask` returns at once."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def close(self) -> None:
        """End the worker and drop what is shared with it. If a request is under way it cleans up as it returns."""
        self._closing = True
        if not self._cleaned:
            self.kill()
        if self._lock.acquire(timeout=0.2):
            try:
                self._clean()
            finally:
                self._lock.release()
            return
        # A read of the source is still under way, perhaps over a network that does not answer. What is shared must not
        # wait for it; what it brings yet is zeroed as it returns.
        with contextlib.suppress(ValueError, OSError):
            self._area.wipe()

    @contextlib.contextmanager
    def _lock_held(self) -> Iterator[None]:
        with self._lock:
            if self._closing:
                self._clean()
                raise ItemClosed
            try:
                yield
            except (WorkerTimeout, WorkerDied, WorkerLied):
                self.kill()
                if self._closing:
                    raise ItemClosed from None
                raise
            finally:
                if self._closing:
                    self._clean()

    def _converse(self, more_s: float = 0.0) -> Answer:
        served = _Served(self._limits.range_requests, self._budget())
        deadline = time.monotonic() + self._limits.request_s + self._limits.grace_s + more_s
        while True:
            before = time.monotonic()
            try:
                answer = self._receive(deadline)
                if not isinstance(answer, WantRange):
                    break
                served.count(answer.length)
                before = time.monotonic()
                count = self._serve(answer) if served.failure is None else -1
            except (WorkerTimeout, WorkerDied, WorkerLied):
                if served.failure is None:
                    raise
                self.kill()  # it could not cope without its source
                break
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # the reader's own error is the caller's to see
                served.failure, count = error, -1
            deadline += time.monotonic() - before
            self._send(RangeAnswer(count))
        if served.failure is not None:
            raise served.failure
        return answer

    def _budget(self) -> int:
        return self._limits.reads_per_size * self._size + self._limits.spare_read_bytes

    def _serve(self, untrusted: WantRange) -> int:
        in_range = 0 <= untrusted.offset <= self._size and 0 < untrusted.length <= WINDOW_BYTES
        if self._source is None or not in_range:
            raise WorkerLied
        self._source.seek(untrusted.offset)
        filled = 0
        with self._area.window() as window:
            while filled < untrusted.length and not self._closing:
                # Straight into the shared window: no copy of plaintext is left to the garbage collector.
                with window[filled : untrusted.length] as room:
                    count = self._source.readinto(room)
                if not count:
                    break
                filled += count
        return filled

    def _send(self, message: Request) -> None:
        self._sock.settimeout(self._limits.request_s)
        try:
            self._sock.send(encode(message))
        except TimeoutError:
            raise WorkerTimeout from None
        except OSError:
            raise WorkerDied from None

    def _receive(self, deadline: float) -> Answer:
        self._sock.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            untrusted_data = self._sock.recv(MAX_MESSAGE)
        except TimeoutError:
            raise WorkerTimeout from None
        except OSError:
            raise WorkerDied from None
        if not untrusted_data:
            raise WorkerDied
        try:
            return decode_answer(untrusted_data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise WorkerLied from None

    def _clean(self) -> None:
        if self._cleaned:
            return
        self._cleaned = True
        self.kill()
        select.select([self._pidfd], [], [], 2.0)  # readable once the process is gone
        self._sock.close()
        self._area.close()
        os.close(self._pidfd)
        self._source = None


class _Served:
    """What one request has asked of the source so far; a flood is a lie about needing it."""

    def __init__(self, requests: int, length: int) -> None:
        self._requests_left = requests
        self._bytes_left = length
        self.failure: BaseException | None = None

    def count(self, untrusted_length: int) -> None:
        self._requests_left -= 1
        self._bytes_left -= max(0, untrusted_length)
        if self._requests_left < 0 or self._bytes_left < 0:
            raise WorkerLied
