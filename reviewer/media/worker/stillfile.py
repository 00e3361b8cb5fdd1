"""The file of a still picture: read whole once it is wanted whole, and from memory from then on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeSource

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class StillFile(io.RawIOBase):
    """Seekable and read-only. The header is read by ranges, so that nobody fetches 300 MB to be told a size."""

    def __init__(self, source: RangeSource) -> None:
        super().__init__()
        self._source = source
        self._whole: bytearray | None = None
        self._at = 0
        self.size = source.size

    def whole(self) -> bytearray:
        """All of it, in one buffer that is kept. The caller has checked `size` against its own cap."""
        if self._whole is None:
            self._whole = self._source.read_all()
        return self._whole

    def array(self) -> Picture:
        return np.frombuffer(self.whole(), np.uint8)

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

    def read(self, size: int | None = -1) -> bytes:
        if self._whole is None:
            return super().read(-1 if size is None else size) or b""
        end = self.size if size is None or size < 0 else self._at + size
        found = bytes(memoryview(self._whole)[self._at : end])
        self._at += len(found)
        return found

    def readall(self) -> bytes:
        self.whole()
        return self.read()

    def readinto(self, buffer: WriteableBuffer) -> int:
        into = memoryview(buffer).cast("B")
        if self._whole is None:
            self._source.seek(self._at)
            count = self._source.readinto(into)
        else:
            found = memoryview(self._whole)[self._at : self._at + len(into)]
            count = len(found)
            into[:count] = found
        self._at += count
        return count
