"""One compressed stream (gzip, bzip2, xz): the file inside it, or the files of the tar inside it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import IO, cast

from reviewer.media.formats import Format
from reviewer.media.worker.failures import damaged
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.tars import TAR_BLOCK, TarArchive, begins_a_tar
from reviewer.media.worker.unpacking import Archive, Entry, Stream, refuse_bombs

# A tar inside is listed by unpacking all of it, which one request must have time for. A larger one is one file, whose
# own files come when it is taken in itself. By size and not by time: the same archive always has the same parts.
_LISTED_BYTES = 256 << 20

_OPENERS: dict[Format, Callable[[IO[bytes]], IO[bytes]]] = {
    Format.GZIP: lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb")),
    Format.BZIP2: lambda file: cast(IO[bytes], bz2.BZ2File(file, "rb")),
    Format.XZ: lambda file: cast(IO[bytes], lzma.LZMAFile(file, "rb")),  # noqa: SIM115
}


class _TooMuch(Exception):
    """More came out than a listing waits for."""


def open_squeezed(source: RangeSource, form: Format) -> Archive:
    """The tar inside, if it is a tar of moderate size; else the one file that it is."""
    try:
        unpacked = Unpacked(source, form)
        if begins_a_tar(unpacked.read(TAR_BLOCK)):
            unpacked.seek(0)
            unpacked.most = _LISTED_BYTES
            tar = TarArchive(unpacked)
            unpacked.most = None
            return tar
    except _TooMuch:
        pass
    return _OneFile(source, form)


class Unpacked(io.RawIOBase):
    """What comes out of the stream, seekable by unpacking again from its start. `most`: raise beyond so many bytes."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        super().__init__()
        self._source = source
        self._form = form
        self.most: int | None = None
        self._at = 0
        self._file = self._start()

    def _start(self) -> IO[bytes]:
        self._source.seek(0)
        self._at = 0
        return _OPENERS[self._form](cast(IO[bytes], self._source))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """From the start or from here; the end is not known before it is reached."""
        wanted = offset + (self._at if whence == io.SEEK_CUR else 0)
        if whence == io.SEEK_END or wanted < 0:
            raise damaged()
        if wanted < self._at:
            self._file = self._start()
        while self._at < wanted and self.read(min(1 << 20, wanted - self._at)):
            pass
        return self._at

    def read(self, length: int = -1) -> bytes:
        try:
            data = self._file.read(length if length >= 0 else 1 << 20)
        except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, ValueError):
            raise damaged() from None
        self._at += len(data)
        refuse_bombs(self._source.size, self._at)
        if self.most is not None and self._at > self.most:
            raise _TooMuch
        return data


class _OneFile:
    def __init__(self, source: RangeSource, form: Format) -> None:
        self._source = source
        self._form = form

    def entries(self) -> list[Entry]:
        return [Entry(self._name(), -1)]

    def open(self, number: int) -> Stream:
        return Unpacked(self._source, self._form)

    def _name(self) -> str:
        """The name gzip may have kept (RFC 1952, FNAME); only its suffix is ever used."""
        if self._form is not Format.GZIP:
            return ""
        self._source.seek(0)
        head = self._source.read(1024) or b""
        if len(head) < 10 or not head[3] & 8 or head[3] & 4:
            return ""
        return head[10:].partition(b"\0")[0].decode("latin-1")
