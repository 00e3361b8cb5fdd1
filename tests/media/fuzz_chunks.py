"""Where a file's parts begin and end, and where its length fields lie, format by format."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """`start` to `end` is one part; `length_at` and `length_size` say where its length is written, -1 if nowhere."""

    start: int
    end: int
    length_at: int = -1
    length_size: int = 4
    big: bool = True


_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf", b"mvex", b"udta", b"dinf"}
_CONTAINERS |= {b"iprp", b"ipco", b"jp2h"}


def chunks_of(data: bytes) -> list[Chunk]:
    """Parts of the file as its format has them; equal slices where it has none that we know."""
    for matches, walk in _WALKS:
        if matches(data):
            found = [chunk for chunk in walk(data) if 0 <= chunk.start < chunk.end <= len(data)]
            if len(found) >= 2:
                return found
    step = max(1, len(data) // 12)
    return [Chunk(at, min(at + step, len(data))) for at in range(0, len(data), step)]


def _png(data: bytes) -> Iterator[Chunk]:
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield Chunk(at, at + 12 + length, at)
        at += 12 + length


def mended_png(data: bytes) -> bytes:
    """Check sums made right again after damage, so that the damage is read and not refused at the door."""
    out, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 8 + length]
        out += data[at : at + 4] + body + zlib.crc32(body).to_bytes(4, "big")
        at += 12 + length
    return bytes(out + data[at:])


def _boxes(data: bytes, at: int = 0, end: int = -1) -> Iterator[Chunk]:
    end = len(data) if end < 0 else end
    while at + 8 <= end:
        length = int.from_bytes(data[at : at + 4], "big") or end - at
        if length < 8:
            return
        kind = data[at + 4 : at + 8]
        yield Chunk(at, min(at + length, len(data)), at)
        if kind in _CONTAINERS or kind == b"meta":
            yield from _boxes(data, at + (12 if kind == b"meta" else 8), min(at + length, end))
        at += length


def _riff(data: bytes) -> Iterator[Chunk]:
    yield Chunk(0, len(data), 4, big=False)
    at = 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        yield Chunk(at, min(at + 8 + length, len(data)), at + 4, big=False)
        at += 12 if data[at : at + 4] == b"LIST" else 8 + length + length % 2


def _jpeg(data: bytes) -> Iterator[Chunk]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield Chunk(at, at + 2 + length, at + 2, 2)
        if data[at + 1] == 0xDA:
            yield Chunk(at + 2 + length, len(data) - 2)
            return
        at += 2 + length


def _gif(data: bytes) -> Iterator[Chunk]:
    yield Chunk(6, 13, 6, 2, big=False)
    for found in re.finditer(rb"\x21\xf9\x04....\x00|\x2c........[\x00-\xff]", data, re.DOTALL):
        yield Chunk(found.start(), found.end(), found.start() + 5, 2, big=False)


def _tiff(data: bytes) -> Iterator[Chunk]:
    order = "little" if data[:2] == b"II" else "big"
    at = int.from_bytes(data[4:8], order)
    for _ in range(8):
        if not 8 <= at < len(data) - 6:
            return
        count = int.from_bytes(data[at : at + 2], order)
        yield Chunk(at, min(at + 6 + 12 * count, len(data)), at, 2, big=order == "big")
        for entry in range(at + 2, min(at + 2 + 12 * count, len(data) - 12), 12):
            yield Chunk(entry, entry + 12, entry + 4, big=order == "big")
            yield Chunk(entry, entry + 12, entry + 8, big=order == "big")
        after = at + 2 + 12 * count
        at = int.from_bytes(data[after : after + 4], order)


def _marked(pattern: bytes, length_at: int = -1, length_size: int = 4, *, big: bool = False):  # type: ignore[no-untyped-def]
    """Parts that begin where `pattern` occurs and last until the next one."""

    def walk(data: bytes) -> Iterator[Chunk]:
        starts = [found.start() for found in re.finditer(pattern, data, re.DOTALL)] + [len(data)]
        for start, end in itertools.pairwise(starts):
            yield Chunk(start, end, start + length_at if length_at >= 0 else -1, length_size, big)

    return walk


def _packets(data: bytes) -> Iterator[Chunk]:
    for at in range(0, len(data) - 187, 188):
        yield Chunk(at, at + 188)


_ZIP = rb"PK\x03\x04|PK\x01\x02|PK\x05\x06"
_EBML = rb"\x1a\x45\xdf\xa3|\x18\x53\x80\x67|\x15\x49\xa9\x66|\x16\x54\xae\x6b|\x1f\x43\xb6\x75|\xae|\xa3|\xe0"
_WALKS = (
    (lambda d: d[:8] == b"\x89PNG\r\n\x1a\n", _png),
    (lambda d: d[:4] == b"RIFF", _riff),
    (lambda d: d[:3] == b"\xff\xd8\xff", _jpeg),
    (lambda d: d[:4] == b"GIF8", _gif),
    (lambda d: d[:4] in (b"II*\0", b"MM\0*"), _tiff),
    (lambda d: d[4:8] in (b"ftyp", b"jP  "), _boxes),
    (lambda d: d[:4] == b"\x1a\x45\xdf\xa3", _marked(_EBML, 4, 8, big=True)),
    (lambda d: d[:4] == b"OggS", _marked(rb"OggS", 26, 1)),
    (lambda d: d[:1] == b"\x47" and d[188:189] == b"\x47", _packets),
    (lambda d: d[:4] == b"\x00\x00\x01\xba", _marked(rb"\x00\x00\x01[\xba-\xef]", 4, 2, big=True)),
    (lambda d: d[:4] == b"\x30\x26\xb2\x75", _marked(rb"[\x00-\xff]{8}(?=\xa6\xd9|\x8e\xe3|\x8e\xcf|\xaa\x00)", 16, 8)),
    (lambda d: d[:3] == b"FLV", _marked(rb"[\x08\x09\x12]\x00", 1, 3, big=True)),
    (lambda d: d[:2] == b"PK", _marked(_ZIP, 18)),
    (lambda d: d[:5] == b"%PDF-", _marked(rb"\d+ 0 obj|xref|trailer|startxref|stream|endstream")),
    (lambda d: d[257:262] == b"ustar", lambda d: (Chunk(at, at + 512, at + 124, 11) for at in range(0, len(d), 512))),
    (lambda d: b"\nMIME-Version" in d[:2000], _marked(rb"(?m)^--|^[A-Z][\w-]+: ")),
    (lambda d: b"\n" in d[:400] and 0 not in d[:400], _marked(rb"(?m)^")),
)
