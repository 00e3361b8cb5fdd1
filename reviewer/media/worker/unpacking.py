"""What every kind of archive gives: a list of the files in it, and each of them as a stream that is read in order.

Nothing is ever written anywhere, and no name from an archive is used as a path. What is not a file (folders, links,
devices) is left out: it has no content, and where it points to is nobody's business here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from reviewer.media.worker.failures import too_large
from reviewer.media.worker.source import RangeSource

MAX_NAME = 255
MAX_PART_BYTES = 8 << 30
MAX_TOTAL_BYTES = 32 << 30
FREE_BYTES = 64 << 20
MAX_RATIO = 200
"""Beyond `FREE_BYTES`, more than this many bytes out of one byte in is a bomb."""

# An index is read in one piece: no archive of `MAX_PARTS` files with names of a sane length needs more.
_MAX_PIECE = 16 << 20


class Entry(msgspec.Struct, frozen=True):
    """A file in an archive: its name as written there, and its size as declared; -1 where nothing is declared."""

    name: str
    size: int


class Stream(Protocol):
    """A file being unpacked. `read` gives at most `length` bytes, empty at the end; raises when it is damaged."""

    def read(self, length: int, /) -> bytes: ...
    def close(self) -> None: ...


class Archive(Protocol):
    """Entries are numbered in the order they are best read. Opening one ends the one opened before."""

    def entries(self) -> Sequence[Entry]: ...
    def open(self, number: int) -> Stream: ...


class PieceCapped:
    """A source for readers that believe the sizes they find: no single piece larger than an index ever is."""

    def __init__(self, source: RangeSource) -> None:
        self._source = source

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._source.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._source.seek(offset, whence)

    def read(self, length: int = -1) -> bytes:
        left = max(0, self._source.size - self._source.tell())
        wanted = left if length < 0 else min(length, left)
        if wanted > _MAX_PIECE:
            raise too_large()
        return self._source.read(wanted) or b""


def refuse_bombs(source_size: int, unpacked: int) -> None:
    """TOO_LARGE when so much cannot honestly come out of so little."""
    if unpacked > MAX_TOTAL_BYTES or (unpacked > FREE_BYTES and unpacked > MAX_RATIO * max(source_size, 1)):
        raise too_large()


def plain_name(untrusted_name: str) -> str:
    """The last part of a name, without anything a path, a terminal or a person could be fooled with."""
    last = untrusted_name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(c for c in last if c.isprintable())[:MAX_NAME]
    return "" if shown in (".", "..") else shown
