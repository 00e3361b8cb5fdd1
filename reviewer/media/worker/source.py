"""The item's plaintext as file objects over range requests, with one small cache and read-ahead for each reader."""

from __future__ import annotations

import io
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from reviewer.media.protocol import WINDOW_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 64 << 10
_KEPT_BLOCKS = 128
_PATIENCE_S = 0.25  # what is fetched at once should not take longer
_NEAR = 2  # so many blocks left out are still reading on: streams that nobody wants lie between


class RangeFailed(OSError):
    """The broker could not read the source there. It knows why; we must not."""


Fetch = Callable[[int, memoryview], int]


class _Blocks:
    """What every reader of one source shares: the bytes fetched last, at most `_KEPT_BLOCKS` blocks (8 MiB).

    `most` is how many blocks come soon enough, as the last fetch went.
    """

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self.failed = False
        self.most = WINDOW_BYTES // BLOCK
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def get(self, index: int) -> bytes | None:
        block = self._kept.get(index)
        if block is not None:
            self._kept.move_to_end(index)
        return block

    def load(self, index: int, length: int) -> int:
        """Fetch `length` bytes from block `index` on; how many blocks came."""
        if self.failed:
            raise RangeFailed  # some demuxers try again for ever
        chunk = bytearray(length)
        begun = time.monotonic()
        try:
            count = self.fetch(index * BLOCK, memoryview(chunk))
        except RangeFailed:
            self.failed = True
            raise
        in_time = count * _PATIENCE_S / max(time.monotonic() - begun, 1e-6)
        self.most = max(1, min(WINDOW_BYTES // BLOCK, int(in_time / BLOCK)))
        for first in range(0, count, BLOCK):
            self._kept[index + first // BLOCK] = bytes(chunk[first : min(first + BLOCK, count)])
        while len(self._kept) > _KEPT_BLOCKS:
            self._kept.popitem(last=False)
        return -(-count // BLOCK)


class RangeSource(io.RawIOBase):
    """Seekable and read-only. Reading on in order fetches up to 1 MiB at a time, of a slow source less."""

    def __init__(self, fetch: Fetch, size: int, blocks: _Blocks | None = None) -> None:
        super().__init__()
        self.size = size
        self._blocks = blocks if blocks is not None else _Blocks(fetch)
        self._at = 0
        self._expected = 0
        self._ahead = 1

    def beside(self) -> RangeSource:
        """The same source with a place of its own, for a second demuxer."""
        return RangeSource(self._blocks.fetch, self.size, self._blocks)

    def try_again(self) -> None:
        """A new request: what could not be read before may be asked for once more."""
        self._blocks.failed = False

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
            block = memoryview(self._block(index))[skip : skip + wanted - got]
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
            count = self._blocks.fetch(at, view[at : at + WINDOW_BYTES])
            if count == 0:
                break
            at += count
        return whole

    def _block(self, index: int) -> bytes:
        block = self._blocks.get(index)
        if block is not None:
            return block
        reading_on = self._expected <= index <= self._expected + _NEAR
        self._ahead = min(self._ahead * 2, self._blocks.most) if reading_on else 1
        came = self._blocks.load(index, min(self._ahead * BLOCK, self.size - index * BLOCK))
        self._expected = index + came
        return self._blocks.get(index) or b""
