"""7z: each folder of the archive is one compressed stream with its files in a row, read as such.

py7zr parses the index and builds the decompressors; its own extraction is not used, because it looks at the machine's
memory and checks names against the working directory, which a sealed worker may not. PPMd is refused: its decompressor
runs in a thread of its own and does not survive damaged input.
"""

from __future__ import annotations

import lzma
import zlib
from typing import IO, Any, cast

import py7zr
import py7zr.compressor
import py7zr.exceptions

from reviewer.media.outlines import MAX_PARTS
from reviewer.media.worker.failures import damaged, too_large, unsupported
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.unpacking import Entry, Stream, refuse_bombs

# For the archive's own index as well, which the parser unpacks by itself.
_known = py7zr.compressor.SupportedMethods
_known.methods = [method for method in _known.methods if method["name"] != "PPMd"]

_MAX_INDEX = 16 << 20
_PIECE = 1 << 20

_BROKEN = (
    py7zr.exceptions.Bad7zFile,
    py7zr.exceptions.DecompressionError,
    py7zr.exceptions.InternalError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    AssertionError,
    AttributeError,  # what py7zr meets in an index that leaves things out
    TypeError,
)


class SevenZipArchive:
    def __init__(self, source: RangeSource) -> None:
        self._source = source
        _refuse_large_index(source)
        try:
            self._archive = py7zr.SevenZipFile(cast(IO[bytes], source), "r")
            if self._archive.needs_password():
                raise unsupported()
            files: list[Any] = list(getattr(self._archive, "files", ()))
            self._files = [file for file in files if not (file.is_directory or _is_special(file))]
            self._starts = self._folder_starts()
            if len(self._files) > MAX_PARTS:
                raise too_large()
            refuse_bombs(source.size, sum(file.uncompressed for file in self._files))
        except (py7zr.exceptions.PasswordRequired, py7zr.exceptions.UnsupportedCompressionMethodError):
            raise unsupported() from None
        except _BROKEN:
            raise damaged() from None
        self._stream: _FolderStream | None = None

    def entries(self) -> list[Entry]:
        return [Entry(str(file.filename), int(file.uncompressed)) for file in self._files]

    def open(self, number: int) -> Stream:
        file = self._files[number]
        if file.emptystream:
            return _Empty()
        try:
            folder, before = file.folder, 0
            for other in folder.files:
                if other.id == file.id:
                    break
                before += int(other.uncompressed)
            current = self._stream
            if current is None or current.folder is not folder or current.at > before:
                current = self._stream = _FolderStream(self._source, folder, *self._starts[id(folder)])
            current.skip_to(before)
        except (py7zr.exceptions.PasswordRequired, py7zr.exceptions.UnsupportedCompressionMethodError):
            raise unsupported() from None
        except _BROKEN:
            raise damaged() from None
        return _Member(current, int(file.uncompressed), file.crc32)

    def _folder_starts(self) -> dict[int, tuple[int, int]]:
        """By folder: where its packed bytes begin in the source, and how many they are."""
        streams = getattr(self._archive.header, "main_streams", None)
        if streams is None:
            return {}
        starts, number = {}, 0
        for folder in streams.unpackinfo.folders:
            packed = len(folder.packed_indices) if folder.packed_indices else 1
            size = sum(streams.packinfo.packsizes[number : number + packed])
            position = self._archive.afterheader + streams.packinfo.packpos + streams.packinfo.packpositions[number]
            starts[id(folder)] = (position, size)
            number += packed
        return starts


class _FolderStream:
    """What comes out of one folder, in order."""

    def __init__(self, source: RangeSource, folder: Any, position: int, packed: int) -> None:
        self.folder = folder
        self.at = 0
        self._source = source
        self._position = position
        self._decompressor = folder.get_decompressor(packed, reset=True)

    def read(self, length: int) -> bytes:
        # Another file may have been read meanwhile: the place in the source is this stream's own.
        self._source.seek(self._position)
        while True:
            before = self._source.tell()
            data = bytes(self._decompressor.decompress(self._source, length))
            if data or self._source.tell() == before:
                break
        self._position = self._source.tell()
        self.at += len(data)
        return data

    def skip_to(self, offset: int) -> None:
        while self.at < offset:
            if not self.read(min(_PIECE, offset - self.at)):
                raise EOFError


class _Member:
    def __init__(self, stream: _FolderStream, size: int, crc: int | None) -> None:
        self._stream = stream
        self._left = size
        self._at = stream.at
        self._expected = crc
        self._crc = 0

    def read(self, length: int) -> bytes:
        if self._left <= 0:
            return b""
        try:
            if self._stream.at != self._at:
                raise EOFError  # somebody read on in the same folder
            data = self._stream.read(min(length, self._left))
        except py7zr.exceptions.UnsupportedCompressionMethodError:
            raise unsupported() from None
        except _BROKEN:
            raise damaged() from None
        if not data:
            raise damaged()
        self._at += len(data)
        self._left -= len(data)
        self._crc = zlib.crc32(data, self._crc)
        if self._left == 0 and self._expected is not None and self._crc != self._expected:
            raise damaged()
        return data

    def close(self) -> None:
        pass


class _Empty:
    def read(self, length: int) -> bytes:
        return b""

    def close(self) -> None:
        pass


def _is_special(file: Any) -> bool:
    return bool(file.is_symlink or file.is_junction or file.is_socket)


def _refuse_large_index(source: RangeSource) -> None:
    """The signature header says how long the index is (7zFormat.txt): it is read in one piece."""
    source.seek(0)
    head = source.read(32) or b""
    if len(head) < 32:
        raise damaged()
    if int.from_bytes(head[20:28], "little") > _MAX_INDEX:
        raise too_large()
    source.seek(0)
