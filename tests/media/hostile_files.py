"""Every file built to hurt. Here the archives, and files that are two kinds at once; the rest from its neighbours."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from fuzz_seeds import seed_file, zipped
from hostile_media import HOSTILE_MEDIA, box
from hostile_words import HOSTILE_WORDS, HTML


def _zeros_pressed(size: int) -> bytes:
    """So many zeros as `gzip` presses them, made of one pressed MiB again and again: pressing all takes two seconds."""
    packer = zlib.compressobj(9, wbits=-15)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(size >> 20):
        check = zlib.crc32(bytes(1 << 20), check)
    head, end = gzip.compress(b"", 9, mtime=0)[:10], b"\x03\x00"
    return head + piece * (size >> 20) + end + struct.pack("<II", check, size)


def _zip_bomb(layers: int) -> bytes:
    data = bytes(24 << 20)
    for _ in range(layers):
        data = zipped({"again.zip": data})
    return data


def _zip_overlap() -> bytes:
    """Many entries of the central list share one piece of data."""
    whole = zipped({"a": bytes(1 << 20)})
    at = whole.index(b"PK\x01\x02")
    entry, count = whole[at : whole.index(b"PK\x05\x06")], 4000
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, at, 0)
    return whole[:at] + entry * count + end


def _zip_lies(size: int) -> bytes:
    whole = bytearray(zipped({"talk.txt": b"beans " * 400}))
    at = whole.index(b"PK\x01\x02")
    whole[at + 24 : at + 28] = size.to_bytes(4, "little")
    whole[22:26] = size.to_bytes(4, "little")
    return bytes(whole)


def _zip_names() -> bytes:
    names = (
        "../../../../tmp/reviewer-out",
        "/etc/cron.d/x",
        "a\x00b",
        "\x1b]0;x\x07",
        "C:\\x",
        "n" * 60000,
        "‮fdp.exe",
        "",
    )
    return zipped(dict.fromkeys(names, b"beans"))


def _tar(name: bytes, size: bytes, kind: bytes = b"0", link: bytes = b"") -> bytes:
    head = bytearray(512)
    head[: len(name)] = name
    head[100:108], head[108:116], head[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    head[124 : 124 + len(size)] = size
    head[136:148], head[148:156], head[156:157] = b"00000000000\0", b" " * 8, kind
    head[157 : 157 + len(link)], head[257:265] = link, b"ustar\x0000"
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def _zip_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("talk.txt")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def _zip_encrypted() -> bytes:
    whole = bytearray(seed_file("zip"))
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)


_ARCHIVES_AND_MIXTURES: dict[str, Callable[[], bytes]] = {
    "zip-bomb": lambda: _zip_bomb(1),
    "zip-bomb-nested": lambda: _zip_bomb(4),
    "zip-overlap": _zip_overlap,
    "zip-declares-little": lambda: _zip_lies(10),
    "zip-declares-4g": lambda: _zip_lies(0xFFFFFFFE),
    "zip-names": _zip_names,
    "zip-60000-names": lambda: zipped({str(i): b"" for i in range(60_000)}, zipfile.ZIP_STORED),
    "zip-link": lambda: _zip_link(),
    "zip-encrypted": lambda: _zip_encrypted(),
    "zip-in-a-comment": lambda: seed_file("zip")[:-2] + b"\xff\xff" + seed_file("zip"),
    "tar-link": lambda: _tar(b"talk.txt", b"00000000000\0", b"2", b"/etc/passwd") + bytes(1024),
    "tar-device": lambda: _tar(b"talk.txt", b"00000000000\0", b"3") + bytes(1024),
    "tar-8g": lambda: _tar(b"talk.txt", b"77777777777\0") + b"beans" + bytes(1019),
    "tar-negative": lambda: _tar(b"talk.txt", b"\xff" * 12) + bytes(1024),
    "tar-up": lambda: _tar(b"../../../tmp/reviewer-out", b"00000000005\0") + b"beans" + bytes(507 + 1024),
    "tar-20000-entries": lambda: _tar(b"a", b"00000000000\0") * 20_000 + bytes(1024),
    "tar-sparse": lambda: _tar(b"talk.txt", b"00000000000\0", b"S") + bytes(1024),
    "tar-long-name-8g": lambda: _tar(b"././@LongLink", b"77777777777\0", b"L") + bytes(1024),
    "tar-pax-bomb": lambda: _tar(b"x", b"00000001000\0", b"x") + b"999999999 path=" + bytes(497),
    "gzip-bomb": lambda: _zeros_pressed(256 << 20),
    "gzip-many-members": lambda: gzip.compress(b"", mtime=0) * 40_000,
    "gzip-of-tar-bomb": lambda: gzip.compress(_tar(b"a", b"01777777777\0") + bytes(64 << 20), 9, mtime=0),
    "7z-header-far": lambda: seed_file("7z")[:12] + struct.pack("<QQI", 1 << 60, 1 << 60, 0) + seed_file("7z")[32:],
    "7z-header-bomb": lambda: seed_file("7z")[:20] + struct.pack("<Q", 0x7FFFFFFF) + seed_file("7z")[28:],
    "both-jpeg-and-zip": lambda: seed_file("jpeg") + seed_file("zip"),
    "both-gif-and-script": lambda: b"GIF89a/*" + bytes(200) + b"*/=1;while(1);//",
    "both-pdf-and-jpeg": lambda: seed_file("jpeg")[:20] + seed_file("pdf"),
    "both-png-and-html": lambda: seed_file("png") + HTML.encode(),
    "both-mp4-and-html": lambda: box(b"ftyp", b"isom\0\0\0\0isom") + box(b"free", HTML.encode()),
    "only-zeros": lambda: bytes(300_000),
    "only-ff": lambda: b"\xff" * 300_000,
    "one-byte": lambda: b"\xff",
    "magic-only-all": lambda: b"\x89PNG\r\n\x1a\n",
}

HOSTILE = HOSTILE_MEDIA | HOSTILE_WORDS | _ARCHIVES_AND_MIXTURES
