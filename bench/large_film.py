"""A film of gigabytes that takes no room: every picture of a small MP4 film is followed by padding made up on reading.

The padding is a filler data unit (ITU-T H.264, 7.3.2.7), which decoders pass over; the boxes are those of ISO 14496-12.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence

_HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_PIECE = b"\xff" * (1 << 20)


class LargeFilm(io.RawIOBase):
    """`small` is an MP4 film of one H.264 track. Each of its pictures comes to take `stride` bytes of the file.

    `index_first` says whether the index (moov) stands before the pictures or behind them.
    """

    def __init__(self, small: bytes, *, stride: int, index_first: bool) -> None:
        super().__init__()
        boxes = dict(_boxes(small))
        self._stride = stride
        self._pictures = [_padded(picture, stride) for picture in _pictures(small, boxes[b"moov"])]
        count = len(self._pictures)
        mdat = struct.pack(">I4sQ", 1, b"mdat", 16 + count * stride)
        ftyp = _box(b"ftyp", boxes[b"ftyp"])
        length = len(_box(b"moov", _indexed(boxes[b"moov"], count, stride, 0)))
        self._first = len(ftyp) + len(mdat) + (length if index_first else 0)
        moov = _box(b"moov", _indexed(boxes[b"moov"], count, stride, self._first))
        self._head = ftyp + (moov if index_first else b"") + mdat
        self._tail = b"" if index_first else moov
        self.size = self._first + count * stride + len(self._tail)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence] + offset
        return self._at

    def readinto(self, buffer: object) -> int:
        into = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        wanted = max(0, min(len(into), self.size - self._at))
        done = 0
        while done < wanted:
            piece = self._piece(self._at, wanted - done)
            into[done : done + len(piece)] = piece
            done += len(piece)
            self._at += len(piece)
        return done

    def _piece(self, at: int, most: int) -> memoryview:
        """Some bytes from `at` on, at least one."""
        behind = at - self._first - len(self._pictures) * self._stride
        if at < self._first:
            return memoryview(self._head)[at : at + most]
        if behind >= 0:
            return memoryview(self._tail)[behind : behind + most]
        index, inside = divmod(at - self._first, self._stride)
        picture = self._pictures[index]
        if inside < len(picture):
            return memoryview(picture)[inside : inside + most]
        if inside == self._stride - 1:
            return memoryview(b"\x80")
        return memoryview(_PIECE)[: min(most, self._stride - 1 - inside)]


def _padded(picture: bytes, stride: int) -> bytes:
    """The picture and the head of its filler unit, whose length fills the stride."""
    return picture + struct.pack(">IB", stride - len(picture) - 4, 0x0C)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + size]
        at += size


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _table(moov: bytes) -> dict[bytes, bytes]:
    inside = moov
    for holder in _HOLDERS[1:]:
        inside = dict(_boxes(inside))[holder]
    return dict(_boxes(inside))


def _pictures(small: bytes, moov: bytes) -> Iterator[bytes]:
    table = _table(moov)
    count = struct.unpack_from(">I", table[b"stsz"], 8)[0]
    sizes = struct.unpack_from(f">{count}I", table[b"stsz"], 12)
    chunks = struct.unpack_from(">I", table[b"stco"], 4)[0]
    offsets = struct.unpack_from(f">{chunks}I", table[b"stco"], 8)
    runs = struct.unpack_from(">I", table[b"stsc"], 4)[0]
    steps = [struct.unpack_from(">III", table[b"stsc"], 8 + 12 * i) for i in range(runs)]
    at = 0
    for chunk, offset in enumerate(offsets, 1):
        held = [each for first, each, _ in steps if first <= chunk][-1]
        for size in sizes[at : at + held]:
            yield small[offset : offset + size]
            offset += size
        at += held


def _indexed(moov: bytes, count: int, stride: int, first: int) -> bytes:
    """The same index for pictures of one size, each a chunk of its own."""
    offsets: Sequence[int] = [first + index * stride for index in range(count)]
    new = {
        b"stsz": (b"stsz", struct.pack(">III", 0, stride, count)),
        b"stsc": (b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        b"stco": (b"co64", struct.pack(f">II{count}Q", 0, count, *offsets)),
    }

    def rebuilt(content: bytes) -> bytes:
        out = b""
        for kind, inside in _boxes(content):
            kind, inside = new.get(kind, (kind, rebuilt(inside) if kind in _HOLDERS else inside))
            out += _box(kind, inside)
        return out

    return rebuilt(moov)
