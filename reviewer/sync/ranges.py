"""A container at the case system as a seekable file: ciphertext, fetched by range as it is read."""

from __future__ import annotations

import contextlib
import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import TYPE_CHECKING

from reviewer.model.errors import CaseSystemUnreachable
from reviewer.sync.backoff import delay_s
from reviewer.sync.errors import ReadingEnded

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 256 * 1024
# Reading on in order fetches more at a time, up to this many blocks in one request.
MAX_AHEAD = 8
_KEPT = 2 * MAX_AHEAD
_TRIES = 4
# What can be kept whole is fetched whole: for a picture, asking costs more than the bytes.
_WHOLE = _KEPT * BLOCK

# (first byte, byte after the last) -> exactly those bytes
Fetch = Callable[[int, int], bytes]


class RangeFile(io.RawIOBase):
    """Read-only and seekable, `size` bytes long, at most 4 MiB of them kept.

    `fetch` must return exactly the bytes asked or raise; CaseSystemUnreachable is tried again a few times first.
    """

    def __init__(
        self,
        size: int,
        fetch: Fetch,
        *,
        cut: Callable[[], None] = lambda: None,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        """`cut` ends the `fetch` under way as far as it can; it is called by `abort`, on its thread."""
        self._size = size
        self._fetch = fetch
        self._cut = cut
        self._aborted = threading.Event()
        # Waits between attempts end with `abort`, too.
        self._pause = pause or self._aborted.wait
        self._under_way: Future[bytes] | None = None
        self._at = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._expected = -1
        self._ahead = 1
        self._lock = threading.RLock()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """To any place from 0 on; beyond the end reads give nothing."""
        with self._lock:
            start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
            if start + offset < 0:
                raise ValueError("seek before the start")
            self._at = start + offset
            return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer unless the end comes first. SyncError when they cannot be had; ReadingEnded by `abort`."""
        with self._lock:
            if self.closed:
                raise ValueError("closed")
            if self._aborted.is_set():
                raise ReadingEnded
            view = memoryview(buffer).cast("B")
            wanted = max(0, min(len(view), self._size - self._at))
            done = 0
            while done < wanted:
                number, offset = divmod(self._at + done, BLOCK)
                part = self._block(number)[offset : offset + wanted - done]
                view[done : done + len(part)] = part
                done += len(part)
            self._at += done
            return done

    def abort(self) -> None:
        """From any thread, never waiting: the read under way and every later one end at once with ReadingEnded.

        Still `close` it. A request the case system has not begun to answer ends by its own timeout, in the background.
        """
        self._aborted.set()
        under_way = self._under_way
        if under_way is not None:
            _settle(under_way, error=ReadingEnded())
        self._cut()

    def close(self) -> None:
        with self._lock:
            self._blocks.clear()
            super().close()

    def _block(self, number: int) -> bytes:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        self._ahead = min(self._ahead * 2, MAX_AHEAD) if number == self._expected else 1
        start = number
        if self._size <= _WHOLE:
            start, self._ahead = 0, _KEPT
        first, end = start * BLOCK, min((start + self._ahead) * BLOCK, self._size)
        fetched = self._persistently(first, end)
        self._expected = start + self._ahead
        for position in range(0, len(fetched), BLOCK):
            self._blocks[start + position // BLOCK] = fetched[position : position + BLOCK]
        self._blocks.move_to_end(number)
        while len(self._blocks) > _KEPT:
            self._blocks.popitem(last=False)
        return self._blocks[number]

    def _persistently(self, first: int, end: int) -> bytes:
        for failures in range(_TRIES - 1):
            try:
                return self._fetched(first, end)
            except CaseSystemUnreachable:
                self._pause(delay_s(failures, base_s=0.1, cap_s=2.0))
        return self._fetched(first, end)

    def _fetched(self, first: int, end: int) -> bytes:
        """On a thread of its own: one that is blocked in the network cannot be woken in every state it can be in."""
        under_way: Future[bytes] = Future()
        self._under_way = under_way
        if self._aborted.is_set():
            raise ReadingEnded

        def fetch() -> None:
            try:
                part = self._fetch(first, end)
            except BaseException as error:
                _settle(under_way, error=error)
            else:
                _settle(under_way, part)

        threading.Thread(target=fetch, name="range-fetch", daemon=True).start()
        try:
            return under_way.result()
        finally:
            self._under_way = None


def _settle(future: Future[bytes], part: bytes = b"", *, error: BaseException | None = None) -> None:
    """The first to come counts: what was fetched, or that nobody waits for it any more."""
    with contextlib.suppress(InvalidStateError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(part)
