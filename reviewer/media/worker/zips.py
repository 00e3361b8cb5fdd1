"""ZIP: stored, deflate, bzip2 and lzma members, each read from its own place. Encrypted members are refused."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from typing import IO, cast

from reviewer.media.outlines import MAX_PARTS
from reviewer.media.worker.failures import damaged, too_large, unsupported
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.unpacking import Entry, PieceCapped, Stream, refuse_bombs

_ENCRYPTED = 0x1


class ZipArchive:
    def __init__(self, source: RangeSource) -> None:
        try:
            self._zip = zipfile.ZipFile(cast(IO[bytes], PieceCapped(source)))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
            raise damaged() from None
        self._members = [info for info in self._zip.infolist() if not info.is_dir() and not _is_special(info)]
        if len(self._members) > MAX_PARTS:
            raise too_large()
        if self._members and all(info.flag_bits & _ENCRYPTED for info in self._members):
            raise unsupported()
        refuse_bombs(source.size, sum(info.file_size for info in self._members))
        self._open: Stream | None = None

    def entries(self) -> list[Entry]:
        return [Entry(info.filename, info.file_size) for info in self._members]

    def open(self, number: int) -> Stream:
        if self._open is not None:
            self._open.close()
        info = self._members[number]
        if info.flag_bits & _ENCRYPTED:
            raise unsupported()
        try:
            self._open = _Member(self._zip.open(info))
        except NotImplementedError:
            raise unsupported() from None
        except (zipfile.BadZipFile, RuntimeError):
            raise damaged() from None
        return self._open


class _Member:
    def __init__(self, member: IO[bytes]) -> None:
        self._member = member

    def read(self, length: int) -> bytes:
        try:
            return self._member.read(length)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError):
            raise damaged() from None

    def close(self) -> None:
        self._member.close()


def _is_special(info: zipfile.ZipInfo) -> bool:
    """A link, a device or a pipe, written by a Unix system."""
    mode = info.external_attr >> 16
    return stat.S_IFMT(mode) not in (0, stat.S_IFREG)
