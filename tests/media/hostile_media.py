"""Pictures, videos and sounds built to hurt: giants, bombs, endless tables, nests. Each is small."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from fuzz_seeds import seed_file


def _png(width: int, height: int, rows: bytes, *, depth: int = 8, colour: int = 0, extra: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def _png_text_bomb() -> bytes:
    body = b"note\x00\x00" + zlib.compress(bytes(64 << 20), 9)
    chunk = len(body).to_bytes(4, "big") + b"zTXt" + body + zlib.crc32(b"zTXt" + body).to_bytes(4, "big")
    return _png(64, 64, bytes(65 * 64), extra=chunk * 4)


def _gif(width: int, height: int, frames: int, *, logical: tuple[int, int] | None = None) -> bytes:
    screen = logical or (width, height)
    out = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\x04\x05\0\0\0\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return out + frame * frames + b"\x3b"


def _tiff(entries: list[tuple[int, int, int, int]], *, following: int = 0) -> bytes:
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + struct.pack("<I", following) + bytes(64)


def _tiff_picture(width: int, height: int, *, compression: int = 1, following: int = 0) -> bytes:
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1)]
    tags += [(273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 0xFFFFFFFF)]
    return _tiff(tags, following=following)


def _bmp(width: int, height: int, bits: int = 24, compression: int = 0) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 200, 0, 0, 54) + head + bytes(200)


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def _huge_track(width: int, height: int, duration: int = 0xFFFFFFFF, samples_declared: int = 0x0FFFFFFF) -> bytes:
    """An MP4 whose tables promise far more than the file holds."""
    healthy = seed_file("mp4-h264")
    at = healthy.index(b"stsz")
    out = bytearray(healthy)
    out[at + 8 : at + 16] = bytes(4) + samples_declared.to_bytes(4, "big")
    at = healthy.index(b"avc1")
    out[at + 28 : at + 32] = min(width, 0xFFFF).to_bytes(2, "big") + min(height, 0xFFFF).to_bytes(2, "big")
    at = healthy.index(b"mvhd")
    out[at + 20 : at + 24] = duration.to_bytes(4, "big")
    at = healthy.index(b"tkhd")
    out[at + 24 : at + 28] = duration.to_bytes(4, "big")
    return bytes(out)


def _sample_table_flood() -> bytes:
    healthy = bytearray(seed_file("mp4-h264"))
    for name in (b"stts", b"stsc", b"ctts", b"stss"):
        at = healthy.find(name)
        if at > 0:
            healthy[at + 8 : at + 12] = b"\x7f\xff\xff\xff"
    return bytes(healthy)


def _deep_boxes() -> bytes:
    body = b""
    for _ in range(3000):
        body = box(b"moov", body)
    return box(b"ftyp", b"isom\0\0\0\0isom") + body


def _wav(rate: int, channels: int, bits: int, declared: int) -> bytes:
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 & 0xFFFFFFFF, channels * bits // 8 & 0xFFFF, bits)
    return b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + form + b"data" + struct.pack("<I", declared) + bytes(4000)


def _mkv_of_nests() -> bytes:
    inner = b""
    for _ in range(400):
        inner = b"\x18\x53\x80\x67\x01" + len(inner).to_bytes(7, "big") + inner
    return seed_file("mkv-h264")[:60] + inner


def _many_scans() -> bytes:
    """A progressive JPEG of large declared sides that repeats one scan thousands of times."""
    whole = seed_file("jpeg-progressive").replace(b"\x00\x40\x00\x60", b"\x1f\x40\x1f\x40", 1)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * 3000 + b"\xff\xd9"


def _jp2_giant() -> bytes:
    whole = bytearray(seed_file("jp2"))
    at = whole.index(b"\xff\x51")
    whole[at + 6 : at + 14] = b"\x00\x01\x00\x00\x00\x01\x00\x00"
    at = whole.index(b"ihdr")
    whole[at + 4 : at + 12] = b"\x00\x01\x00\x00\x00\x01\x00\x00"
    return bytes(whole)


def _ispe(whole: bytes) -> bytes:
    at = whole.index(b"ispe")
    return whole[: at + 8] + b"\x00\x00\xff\xff\x00\x00\xff\xff" + whole[at + 16 :]


HOSTILE_MEDIA: dict[str, Callable[[], bytes]] = {
    "png-zeros-20000x20000": lambda: _png(20000, 20000, bytes(4 << 20)),
    "png-whole-14000x14000": lambda: _png(14000, 14000, bytes(14001 * 14000)),
    "png-2g-by-1": lambda: _png(0x7FFFFFFF, 1, bytes(100)),
    "png-1-by-2g": lambda: _png(1, 0x7FFFFFFF, bytes(100)),
    "png-zero-sides": lambda: _png(0, 0, b""),
    "png-16-bit-rgba-giant": lambda: _png(14000, 14000, bytes(1 << 20), depth=16, colour=6),
    "png-text-bomb": _png_text_bomb,
    "gif-65535": lambda: _gif(65535, 65535, 1),
    "gif-many-giants": lambda: _gif(9000, 9000, 3000),
    "gif-giant-screen": lambda: _gif(10, 10, 400, logical=(65535, 65535)),
    "gif-100000-frames": lambda: _gif(40, 40, 60000),
    "gif-endless-blocks": lambda: _gif(64, 64, 1)[:-3] + b"\xff" * 300000,
    "tiff-giant": lambda: _tiff_picture(60000, 60000),
    "tiff-giant-lzw": lambda: _tiff_picture(14000, 14000, compression=5),
    "tiff-4g-sides": lambda: _tiff_picture(0xFFFFFFFF, 0xFFFFFFFF),
    "tiff-pages-in-a-ring": lambda: _tiff_picture(64, 64, following=8),
    "tiff-65535-tags": lambda: b"II*\0\x08\0\0\0\xff\xff" + struct.pack("<HHII", 256, 4, 0xFFFFFFFF, 8) * 4000,
    "tiff-count-bomb": lambda: _tiff([(270, 2, 0xFFFFFFFF, 8), (273, 16, 0x7FFFFFFF, 8)]),
    "bmp-giant": lambda: _bmp(0x7FFFFFF, 0x7FFFFFF),
    "bmp-negative": lambda: _bmp(-2000, -2147483648),
    "bmp-rle-giant": lambda: _bmp(14000, 14000, 8, 1),
    "jpeg-65500": lambda: seed_file("jpeg").replace(b"\x08\x00\x40\x00\x60", b"\x08\xff\xdc\xff\xdc"),
    "jpeg-many-scans": lambda: _many_scans(),
    "jpeg-huge-exif": lambda: b"\xff\xd8" + b"\xff\xe1\xff\xfdExif\0\0II*\0" + b"\x08" * 65521 + seed_file("jpeg")[2:],
    "webp-16383": lambda: seed_file("webp")[:26] + b"\xff\x3f\xff\x3f" + seed_file("webp")[30:],
    "ico-255-entries": lambda: b"\0\0\1\0\xff\0" + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, 0xFFFFFFFF, 22) * 255,
    "ico-in-itself": lambda: b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 64, 64, 0, 0, 1, 32, 2000, 0) + bytes(2000),
    "jp2-giant": lambda: _jp2_giant(),
    "avif-giant": lambda: _ispe(seed_file("avif")),
    "heic-giant": lambda: _ispe(seed_file("heic")),
    "mp4-giant-track": lambda: _huge_track(65535, 65535),
    "mp4-a-billion-samples": lambda: _huge_track(64, 48),
    "mp4-table-flood": _sample_table_flood,
    "mp4-deep-boxes": _deep_boxes,
    "mp4-box-of-nothing": lambda: box(b"ftyp", b"isom\0\0\0\0") + b"\0\0\0\1mdat" + b"\xff" * 8 + bytes(200),
    "mp4-outside-data": lambda: seed_file("mp4-h264").replace(b"url \0\0\0\1", b"url \0\0\0\0"),
    "mkv-nests": _mkv_of_nests,
    "wav-4g-a-second": lambda: _wav(0xFFFFFFFF, 1, 16, 0xFFFFFFFF),
    "wav-65535-channels": lambda: _wav(48000, 65535, 16, 0xFFFFFFFF),
    "wav-no-rate": lambda: _wav(0, 0, 0, 4000),
    "wav-year-long": lambda: _wav(1, 1, 8, 0xFFFFFFFE),
    "flac-huge-block": lambda: b"fLaC\x84\xff\xff\xff" + bytes(4000),
    "mp3-huge-tag": lambda: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(4000),
    "ogg-chained-1000": lambda: seed_file("opus")[:600] * 1000,
    "ts-10000-programs": lambda: b"".join(
        b"\x47" + struct.pack(">H", 0x4000 | i % 8191) + b"\x10" + bytes(184) for i in range(10000)
    ),
}
