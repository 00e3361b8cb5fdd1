"""Exact reads from files that may give fewer bytes than asked, complete writes to files that may take fewer."""

from __future__ import annotations

import io
import os
from typing import Any

from reviewer.vault.age.interfaces import BinarySource, BinaryTarget, ReadableSource


def fill(source: ReadableSource, target: memoryview) -> int:
    """Reads until `target` is full or the source ends; the number of bytes put there.

    Errors of the source pass through unchanged. BlockingIOError from a source that is not ready.
    """
    readinto: Any = getattr(source, "readinto", None)
    filled = 0
    while filled < len(target):
        if readinto is not None:
            count = readinto(target[filled:])
            if count is None:
                raise BlockingIOError("the source is not ready")
        else:
            data = source.read(len(target) - filled)
            if data is None:
                raise BlockingIOError("the source is not ready")
            count = len(data)
            target[filled : filled + count] = data
        if not count:
            break
        filled += count
    return filled


def write_all(target: BinaryTarget, data: bytes | memoryview) -> None:
    """Writes all of `data`. A target that answers None is taken to have written everything, as plain sinks do."""
    written = target.write(data)
    while written is not None and written < len(data):
        if written <= 0:
            raise BlockingIOError("the target takes no more bytes")
        data = data[written:]
        written = target.write(data)


class PlainCiphertext:
    """A seekable file that is a binary age file from offset 0 to its end. Positions are set before every read."""

    def __init__(self, source: BinarySource) -> None:
        self._source = source
        self._size = source.seek(0, os.SEEK_END)

    @property
    def size(self) -> int:
        """Bytes, as found when it was opened: a file that shrinks later gives short reads, and so a PayloadError."""
        return self._size

    def read_at(self, offset: int, target: memoryview) -> int:
        self._source.seek(offset)
        return fill(self._source, target)

    def borrow(self, offset: int, size: int) -> memoryview | None:
        # Exactly BytesIO: a subclass may give other bytes than it holds.
        if type(self._source) is not io.BytesIO:
            return None
        with self._source.getbuffer() as everything:
            return everything[offset : offset + size]
