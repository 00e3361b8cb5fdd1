"""tar, plain or unpacked on the way in: regular files only. Links are never followed, devices never made."""

from __future__ import annotations

import tarfile
from typing import IO, Protocol, cast

from reviewer.media.outlines import MAX_PARTS
from reviewer.media.worker.failures import damaged, too_large
from reviewer.media.worker.unpacking import MAX_TOTAL_BYTES, Entry, Stream

TAR_BLOCK = 512


class _Seekable(Protocol):
    def read(self, length: int = -1) -> bytes | None: ...
    def seek(self, offset: int, whence: int = 0) -> int: ...
    def tell(self) -> int: ...


class TarArchive:
    """What can be listed of a tar that was cut off is listed: only the file it was cut in is damaged."""

    def __init__(self, file: _Seekable) -> None:
        self._members: list[tarfile.TarInfo] = []
        try:
            self._tar = tarfile.TarFile(fileobj=cast(IO[bytes], file), errorlevel=2)
            self._collect()
        except (tarfile.TarError, EOFError, UnicodeError):
            raise damaged() from None
        if sum(member.size for member in self._members) > MAX_TOTAL_BYTES:
            raise too_large()
        self._open: Stream | None = None

    def _collect(self) -> None:
        seen = 0
        while (member := self._next()) is not None:
            seen += 1
            if seen > 2 * MAX_PARTS:
                raise too_large()
            if member.isfile():
                self._members.append(member)
        if len(self._members) > MAX_PARTS:
            raise too_large()

    def _next(self) -> tarfile.TarInfo | None:
        try:
            return self._tar.next()
        except tarfile.ReadError:
            if self._members:
                return None
            raise

    def entries(self) -> list[Entry]:
        return [Entry(member.name, member.size) for member in self._members]

    def open(self, number: int) -> Stream:
        if self._open is not None:
            self._open.close()
        member = self._tar.extractfile(self._members[number])
        if member is None:
            raise damaged()
        self._open = _Member(member)
        return self._open


class _Member:
    def __init__(self, member: IO[bytes]) -> None:
        self._member = member

    def read(self, length: int) -> bytes:
        try:
            return self._member.read(length)
        except (tarfile.TarError, EOFError):
            raise damaged() from None

    def close(self) -> None:
        self._member.close()


def begins_a_tar(head: bytes) -> bool:
    """Whether these 512 bytes are a tar header: its magic, or else its checksum (POSIX ustar; V7 has no magic)."""
    if len(head) < TAR_BLOCK or not any(head):
        return False
    try:
        tarfile.TarInfo.frombuf(head[:TAR_BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
