"""The item's plaintext as a file object over range requests, with a small cache and read-ahead."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from reviewer.media.protocol import WINDOW_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 64 << 10
_KEPT_BLOCKS = 128


class RangeFailed(OSError):
    """The broker could not read the source there. It knows why; we must not."""


Fetch = Callable[[int, memoryview], int]


class RangeSource(io.RawIOBase):
    """Seekable and read-only. Keeps at most `_KEPT_BLOCKS` blocks (8 MiB); reading on in order fetches up to 1 MiB."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        super().__init__()
        self._fetch = fetch
        self.size = size
        self._at = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._expected = 0
        self._ahead = 1
        self._failed = False

    def try_again(self) -> None:
        """A new request: what could not be read before may be asked for once more."""
        self._failed = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        into = memoryview(buffer).cast("B")
        got = 0
        wanted = min(len(into), max(0, self.size - self._at))
        while got < wanted:
            index, skip = divmod(self._at, BLOCK)
            block = self._block(index)[skip : skip + wanted - got]
            if not block:
                break
            into[got : got + len(block)] = block
            got += len(block)
            self._at += len(block)
        return got

    def readall(self) -> bytes:
        return bytes(self.read_all())

    def read_all(self) -> bytearray:
        """The whole source in one buffer, past the cache. The caller has checked `size` against its own cap."""
        whole = bytearray(self.size)
        view = memoryview(whole)
        at = 0
        while at < self.size:
            count = self._fetch(at, view[at : at + WINDOW_BYTES])
            if count == 0:
                break
            at += count
        return whole

    def _block(self, index: int) -> bytes:
        block = self._blocks.get(index)
        if block is not None:
            self._blocks.move_to_end(index)
            return block
        self._ahead = min(self._ahead * 2, WINDOW_BYTES // BLOCK) if index == self._expected else 1
        start = index * BLOCK
        chunk = bytearray(min(self._ahead * BLOCK, self.size - start))
        if self._failed:
            raise RangeFailed  # some demuxers try again for ever
        try:
            count = self._fetch(start, memoryview(chunk))
        except RangeFailed:
            self._failed = True
            raise
        for first in range(0, count, BLOCK):
            self._blocks[index + first // BLOCK] = bytes(chunk[first : min(first + BLOCK, count)])
        self._expected = index + -(-count // BLOCK)
        while len(self._blocks) > _KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return self._blocks.get(index, b"")
