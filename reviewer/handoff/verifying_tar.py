"""Reading a package's inner tar strictly, front to back: nothing is stored, small files are kept, items only digested.

Each header is made again from path, size and time, and must be the same 512 bytes; so is everything between and after
the files. What a tar reader might take in another way is therefore not there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from reviewer.handoff.digesting import PIECE, DigestingAhead
from reviewer.handoff.errors import NameUnusable, PackageRefused
from reviewer.handoff.names import check_part, check_path
from reviewer.handoff.tar_layout import BLOCK, RECORD, tar_header

MAX_FILES = 100_000
# Bytes of all that is kept in memory at a time.
MAX_KEPT = 192 * 1024 * 1024
_OCTAL = re.compile(rb"[0-7]{11}\0")


class ForwardSource(Protocol):
    """The inner tar, read front to back; 0 at its end. What it raises passes."""

    def readinto(self, target: memoryview, /) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the tar: its path below the bag's folder, its size, its digest (hex), and its content if it was asked
    for."""

    path: str
    size: int
    sha256: str
    content: bytes | None


class TarReading:
    """`cap` says how large a file may be to be kept, by its path; None: it is only digested. `check` is called with the
    bytes read, after every mebibyte; what it raises passes. PackageRefused when anything is not as it would be written.
    `folder` and `time` are known after the first file."""

    def __init__(
        self, plain: ForwardSource, *, cap: Callable[[str], int | None], check: Callable[[int], None] | None = None
    ) -> None:
        self._plain = plain
        self._cap = cap
        self._check = check
        self._buffer = memoryview(bytearray(PIECE))
        self._kept = 0
        self._ahead: DigestingAhead | None = None
        self.position = 0
        self.folder = ""
        self.time = 0

    def files(self) -> Iterator[Found]:
        """Every file in its order; ends only when the tar has ended as it must."""
        try:
            yield from self._files()
        finally:
            if self._ahead is not None:
                self._ahead.close()

    def _files(self) -> Iterator[Found]:
        seen: set[str] = set()
        while (header := self._exactly(BLOCK)) != bytes(BLOCK):
            path, size = self._header(header, first=not seen)
            if path.casefold() in seen or len(seen) == MAX_FILES:
                raise PackageRefused("A file is in the package twice, or there are too many.")
            seen.add(path.casefold())
            yield self._file(path, size)
        # One block of the end has been read.
        end = self.position + BLOCK
        self._zeros(-(-end // RECORD) * RECORD - self.position)
        if self._plain.readinto(self._buffer[:1]):
            raise PackageRefused("The package goes on after its end.")

    def _header(self, header: bytes, *, first: bool) -> tuple[str, int]:
        try:
            name, prefix = (part.rstrip(b"\0").decode("ascii") for part in (header[:100], header[345:500]))
            size, time = _number(header[124:136]), _number(header[136:148])
            folder, _, path = (f"{prefix}/{name}" if prefix else name).partition("/")
            check_part(folder)
            check_path(path)
            if tar_header(f"{folder}/{path}", size, time) != header:
                raise ValueError("another header than ours")
        except (ValueError, NameUnusable, OverflowError) as error:
            raise PackageRefused("The header of a file in the package is not as it is written.") from error
        if first:
            self.folder, self.time = folder, time
        if (folder, time) != (self.folder, self.time):
            raise PackageRefused("A file of the package lies in another folder, or has another time.")
        return path, size

    def _file(self, path: str, size: int) -> Found:
        limit = self._cap(path)
        if limit is not None:
            if size > limit or self._kept + size > MAX_KEPT:
                raise PackageRefused("A file of the package is larger than it may be.")
            self._kept += size
            content = self._exactly(size)
            digest = hashlib.sha256(content).hexdigest()
        else:
            content, digest = None, self._digest(size)
        self._zeros(-size % BLOCK)
        return Found(path, size, digest, content)

    def _digest(self, size: int) -> str:
        if size <= PIECE:
            return hashlib.sha256(self._exactly(size)).hexdigest()
        if self._ahead is None:
            self._ahead = DigestingAhead()
        return self._ahead.sha256(size, self._some)

    def _zeros(self, size: int) -> None:
        if self._exactly(size) != bytes(size):
            raise PackageRefused("There is something between the files of the package, or after them.")

    def _exactly(self, size: int) -> bytes:
        """`size` has been checked against what may be kept."""
        data = bytearray()
        while len(data) < size:
            data += self._buffer[: self._some(self._buffer[: min(size - len(data), PIECE)])]
        return bytes(data)

    def _some(self, target: memoryview) -> int:
        """At least one byte."""
        count = self._plain.readinto(target)
        if not count:
            raise PackageRefused("The package ends before its end.")
        self.position += count
        if self._check is not None:
            self._check(self.position)
        return count


def _number(field: bytes) -> int:
    """Octal digits, or from 8 GiB on base 256."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    if _OCTAL.fullmatch(field) is None:
        raise ValueError("not a number")
    return int(field[:-1], 8)
