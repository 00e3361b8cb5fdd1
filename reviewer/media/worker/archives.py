"""An archive open in the worker: facts, and the files inside as streams. Never a picture, never a path."""

from __future__ import annotations

from reviewer.media.formats import Format
from reviewer.media.outlines import Part
from reviewer.media.protocol import Facts
from reviewer.media.worker.failures import Unshowable, damaged, too_large, unsupported
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.sevenzips import SevenZipArchive
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.squeezed import open_squeezed
from reviewer.media.worker.tars import TarArchive
from reviewer.media.worker.unpacking import MAX_PART_BYTES, Archive, Stream, plain_name, refuse_bombs
from reviewer.media.worker.zips import ZipArchive

_PIECE = 1 << 20


class ArchiveItem:
    """Opened when its parts are asked for: an archive that is damaged or a bomb still has its facts."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        self._source = source
        self._form = form
        self._archive: Archive | None = None
        self._why: Unshowable | None = None
        self._parts: list[Part] = []
        self._number = -1
        self._stream: Stream | None = None
        self._at = 0

    def facts(self) -> Facts:
        return Facts(int(self._form), -1, -1, -1.0, -1, False, 1, False, holds_parts=True)

    def parts(self) -> list[Part]:
        """The files inside, in the order to read them in. DAMAGED, UNSUPPORTED (encrypted) or TOO_LARGE."""
        self._opened()
        return self._parts

    def read_part(self, index: int, offset: int, length: int) -> bytes:
        archive = self._opened()
        if not 0 <= index < len(self._parts) or offset < 0:
            raise damaged()
        if self._parts[index].size > MAX_PART_BYTES:
            raise too_large()
        try:
            return self._read(archive, index, offset, length)
        except BaseException:
            self._close()  # what failed half-way is begun again
            raise

    def _read(self, archive: Archive, index: int, offset: int, length: int) -> bytes:
        stream = self._stream
        if stream is None or self._number != index or offset < self._at:
            self._close()
            stream = self._stream = archive.open(index)
            self._number = index
        while self._at < offset:
            passed = stream.read(min(_PIECE, offset - self._at))
            if not passed:
                return b""
            self._count(passed)
        data = bytearray()
        # Filled: a piece that is short says that it was the last.
        while len(data) < length and (more := stream.read(length - len(data))):
            self._count(more)
            data += more
        return bytes(data)

    def _count(self, data: bytes) -> None:
        self._at += len(data)
        refuse_bombs(self._source.size, self._at)
        if self._at > MAX_PART_BYTES:
            raise too_large()

    def _close(self) -> None:
        stream, self._stream, self._number, self._at = self._stream, None, -1, 0
        if stream is not None:
            stream.close()

    def _opened(self) -> Archive:
        if self._why is not None:
            raise Unshowable(self._why.code)
        if self._archive is None:
            try:
                archive = self._open()
                self._parts = [Part(plain_name(entry.name), max(0, entry.size)) for entry in archive.entries()]
            except Unshowable as error:
                self._why = error
                raise
            self._archive = archive
        return self._archive

    def _open(self) -> Archive:
        self._source.seek(0)
        match self._form:
            case Format.ZIP:
                return ZipArchive(self._source)
            case Format.SEVEN_ZIP:
                return SevenZipArchive(self._source)
            case Format.TAR:
                return TarArchive(self._source)
            case Format.GZIP | Format.BZIP2 | Format.XZ:
                return open_squeezed(self._source, self._form)
        raise unsupported()

    def grey(self, long_side: int, at_s: float) -> Picture:
        raise unsupported()

    def colour(self, at_s: float, share: float) -> Picture:
        raise unsupported()

    def turn_to(self, page: int) -> None:
        raise unsupported()

    def time_of(self, at_s: float) -> float:
        raise unsupported()
