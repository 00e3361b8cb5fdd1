"""A container at the case system as a seekable file: ciphertext, fetched by range as it is read."""

from __future__ import annotations

import io
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from reviewer.model.errors import CaseSystemUnreachable
from reviewer.sync.backoff import delay_s

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

    def __init__(self, size: int, fetch: Fetch, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._size = size
        self._fetch = fetch
        self._pause = pause
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
        """Fills the buffer unless the end comes first. SyncError when the bytes cannot be had."""
        with self._lock:
            if self.closed:
                raise ValueError("closed")
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
                return self._fetch(first, end)
            except CaseSystemUnreachable:
                self._pause(delay_s(failures, base_s=0.1, cap_s=2.0))
        return self._fetch(first, end)
