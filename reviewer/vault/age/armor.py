"""ASCII armor (C2SP age.md, "ASCII armor"): strict PEM, read at any offset without decoding what lies before.

Every line but the last has exactly 64 columns, so the place of any byte is arithmetic. Every line is checked when it is
used; a line of the wrong length moves all later ones, and then the line ends are not where they must be.
"""

from __future__ import annotations

import binascii
import os

from reviewer.vault.age.errors import ArmorError
from reviewer.vault.age.interfaces import BinarySource, BinaryTarget
from reviewer.vault.age.sources import fill, write_all

_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_WHITESPACE = b" \t\r\n\v\f"
_BINARY_BEGIN = b"age-encryption.org/"
_COLUMNS = 64
_LINE_BYTES = 48
# How much white space may surround the armor; enough for every mail program, and it bounds the search.
_MAX_WHITESPACE = 1024
_BLOCK_LINES = 1024


def is_armored(source: BinarySource) -> bool:
    """Whether the file is meant to be armored: it begins like PEM, or the begin line comes after some garbage.

    A file that is neither armored nor binary age is called binary, so its failure is one of the header.
    """
    start = _read(source, 0, _MAX_WHITESPACE + len(_BEGIN))
    if start.startswith(_BINARY_BEGIN):
        return False
    return start.lstrip(_WHITESPACE).startswith(b"-----") or _BEGIN in start


class ArmoredCiphertext:
    """The binary file inside an armored one, at any offset. ArmorError at opening or when a damaged line is read."""

    def __init__(self, source: BinarySource) -> None:
        self._source = source
        file_size = source.seek(0, os.SEEK_END)
        begin, self._line_end = self._find_begin()
        self._body_start = begin + len(_BEGIN) + len(self._line_end)
        body_end = self._find_end(file_size)
        # The last line's own end is counted, so that every line has the same stride.
        body_size = body_end - self._body_start
        if body_size < 0:
            raise ArmorError
        self._stride = _COLUMNS + len(self._line_end)
        full_lines, rest = divmod(body_size, self._stride)
        self._last_columns = _COLUMNS
        self._lines = full_lines
        if rest:
            self._last_columns = rest - len(self._line_end)
            self._lines += 1
            if self._last_columns <= 0 or self._last_columns % 4:
                raise ArmorError
        self._size = 0
        if self._lines:
            last = self._decode_lines(self._lines - 1, 1)
            self._size = (self._lines - 1) * _LINE_BYTES + len(last)

    @property
    def size(self) -> int:
        return self._size

    def read_at(self, offset: int, target: memoryview) -> int:
        wanted = max(0, min(len(target), self._size - offset))
        done = 0
        while done < wanted:
            line, skip = divmod(offset + done, _LINE_BYTES)
            lines = min(_BLOCK_LINES, (skip + wanted - done + _LINE_BYTES - 1) // _LINE_BYTES)
            data = self._decode_lines(line, lines)[skip:]
            count = min(len(data), wanted - done)
            target[done : done + count] = data[:count]
            done += count
        return done

    def borrow(self, offset: int, size: int) -> memoryview | None:
        return None

    def _find_begin(self) -> tuple[int, bytes]:
        start = _read(self._source, 0, _MAX_WHITESPACE + len(_BEGIN) + 2)
        begin = len(start) - len(start.lstrip(_WHITESPACE))
        after = begin + len(_BEGIN)
        if begin > _MAX_WHITESPACE or start[begin:after] != _BEGIN:
            raise ArmorError
        for line_end in (b"\n", b"\r\n"):
            if start[after : after + len(line_end)] == line_end:
                return begin, line_end
        raise ArmorError

    def _find_end(self, file_size: int) -> int:
        length = min(file_size - self._body_start, _MAX_WHITESPACE + len(_END))
        if length < 0:
            raise ArmorError
        end = _read(self._source, file_size - length, length).rstrip(_WHITESPACE)
        if not end.endswith(_END):
            raise ArmorError
        return file_size - length + len(end) - len(_END)

    def _decode_lines(self, first: int, count: int) -> bytes:
        """The bytes of `count` lines from line `first`; ArmorError unless each is exactly as it must be."""
        ends_with_last = first + count == self._lines
        columns = (count - 1) * self._stride + (self._last_columns if ends_with_last else _COLUMNS)
        text = _read(self._source, self._body_start + first * self._stride, columns + len(self._line_end))
        if len(text) != columns + len(self._line_end):
            raise ArmorError
        for place, character in enumerate(self._line_end):
            ends = text[_COLUMNS + place :: self._stride][: count - 1] + text[columns + place : columns + place + 1]
            if ends != bytes([character]) * count:
                raise ArmorError
        untrusted_base64 = text.replace(self._line_end, b"")
        if len(untrusted_base64) != (count - 1) * _COLUMNS + (self._last_columns if ends_with_last else _COLUMNS):
            raise ArmorError
        try:
            data = binascii.a2b_base64(untrusted_base64, strict_mode=True)
        except binascii.Error:
            raise ArmorError from None
        if binascii.b2a_base64(data, newline=False) != untrusted_base64 or (
            not ends_with_last and len(data) != count * _LINE_BYTES
        ):
            raise ArmorError
        return data


class ArmoringTarget:
    """A target that writes the armor around what is written to it. `finish` writes the end line."""

    def __init__(self, target: BinaryTarget) -> None:
        self._target = target
        self._pending = b""
        write_all(target, _BEGIN + b"\n")

    def write(self, data: bytes | memoryview, /) -> int:
        self._pending += bytes(data)
        whole = len(self._pending) - len(self._pending) % _LINE_BYTES
        self._write_lines(self._pending[:whole])
        self._pending = self._pending[whole:]
        return len(data)

    def finish(self) -> None:
        self._write_lines(self._pending)
        self._pending = b""
        write_all(self._target, _END + b"\n")

    def _write_lines(self, data: bytes) -> None:
        lines = [binascii.b2a_base64(data[start : start + _LINE_BYTES]) for start in range(0, len(data), _LINE_BYTES)]
        if lines:
            write_all(self._target, b"".join(lines))


def _read(source: BinarySource, offset: int, size: int) -> bytes:
    data = bytearray(size)
    source.seek(offset)
    with memoryview(data) as view:
        count = fill(source, view)
    return bytes(data[:count])
