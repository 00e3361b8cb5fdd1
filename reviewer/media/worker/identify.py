"""What the bytes are, from the bytes alone. Names, extensions and what the sender said play no part."""

from __future__ import annotations

import re

from reviewer.media.formats import Format

HEAD = 64 << 10

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_CHAT_LINE = re.compile(
    r"^\s*[\[(]?\d{1,4}[-./:]\d{1,2}([-./:]\d{1,4})?([T, ]+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*([ap]m)?Z?)?[\])]?"
    r"[\s\-–]+[^\s:][^:]{0,40}:\s",
    re.IGNORECASE,
)


def identify(head: bytes) -> Format:
    """The format of a file that begins with `head` (its first 64 KiB, or all of it)."""
    if not head:
        return Format.EMPTY
    return _by_magic(head) or _by_box(head) or _by_stream(head) or _text(head)


def _by_magic(head: bytes) -> Format | None:
    for magic, form in (
        (b"\xff\xd8\xff", Format.JPEG),
        (b"\x89PNG\r\n\x1a\n", Format.PNG),
        (b"GIF87a", Format.GIF),
        (b"GIF89a", Format.GIF),
        (b"II*\x00", Format.TIFF),
        (b"MM\x00*", Format.TIFF),
        (b"II+\x00", Format.TIFF),
        (b"MM\x00+", Format.TIFF),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Format.JP2),
        (b"\xff\x4f\xff\x51", Format.JP2),
        (b"\x00\x00\x01\x00", Format.ICO),
        (b"FLV\x01", Format.FLV),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Format.WMV),
        (b"\x00\x00\x01\xba", Format.MPEG),
        (b"\x00\x00\x01\xb3", Format.MPEG),
        (b"fLaC", Format.FLAC),
        (b"#!AMR", Format.AMR),
        (b"%PDF-", Format.PDF),
        (b"PK\x03\x04", Format.ZIP),
        (b"PK\x05\x06", Format.ZIP),
        (b"7z\xbc\xaf\x27\x1c", Format.SEVEN_ZIP),
        (b"\x1f\x8b\x08", Format.GZIP),
        (b"ID3", Format.MP3),
    ):
        if head.startswith(magic):
            return form
    if (
        head[:2] == b"BM"
        and len(head) > 26
        and head[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    ):
        return Format.BMP
    if head[:4] == b"RIFF":
        return {b"WEBP": Format.WEBP, b"WAVE": Format.WAV, b"AVI ": Format.AVI}.get(head[8:12])
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Format.WEBM if b"webm" in head[:64] else Format.MKV
    if head[:4] == b"OggS":
        return _ogg(head)
    if head[257:262] == b"ustar":
        return Format.TAR
    return None


def _ogg(head: bytes) -> Format:
    if b"\x80theora" in head[:512] or b"OVP80" in head[:512]:
        return Format.OGV
    return Format.OPUS if b"OpusHead" in head[:512] else Format.OGG


def _by_box(head: bytes) -> Format | None:
    """ISO base media files, by major brand first and compatible brands second."""
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return Format.MOV
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head), 256)
    major = head[8:12]
    brands = [head[i : i + 4] for i in range(16, end - 3, 4)]
    if major in (b"avif", b"avis") or (major in _HEIC_BRANDS and b"avif" in brands):
        return Format.AVIF
    if major in _HEIC_BRANDS:
        return Format.HEIC
    if major == b"qt  ":
        return Format.MOV
    if major in (b"M4A ", b"M4B ", b"F4A "):
        return Format.M4A
    if major[:3] in (b"3gp", b"3g2"):
        return Format.THREE_GP
    return Format.MP4


def _by_stream(head: bytes) -> Format | None:
    """Streams without a header: repeated sync words."""
    if head[:1] == b"\x47" and len(head) > 188 * 3 and all(head[i * 188] == 0x47 for i in range(4)):
        return Format.TS
    if head[4:5] == b"\x47" and len(head) > 192 * 3 + 4 and all(head[4 + i * 192] == 0x47 for i in range(4)):
        return Format.TS
    if len(head) > 8 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return Format.AAC
    mpeg_audio = len(head) > 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0
    if mpeg_audio and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C:
        return Format.MP3
    return None


def _text(head: bytes) -> Format:
    text = _decoded(head)
    if text is None:
        return Format.OTHER
    start = text.lstrip("\ufeff \t\r\n")
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    if start[:1] in ("{", "["):
        return Format.CHAT if re.search(r'"(messages|conversation)"\s*:', text) else Format.JSON
    if re.match(r"(?i)<!doctype html|<html", start):
        return Format.HTML
    if re.match(r"(?i)(from|to|subject|date|received|return-path|message-id|mime-version|delivered-to)\s*:", start):
        headers = re.findall(r"(?im)^(from|to|subject|date|message-id|mime-version|received):", text[:8192])
        if len({h.lower() for h in headers}) >= 3:
            return Format.EML
    if sum(1 for line in lines if _CHAT_LINE.match(line)) >= max(2, len(lines) // 2):
        return Format.CHAT
    commas = [line.count(",") for line in lines]
    if len(lines) >= 2 and commas[0] >= 1 and all(count == commas[0] for count in commas[:-1]):
        return Format.CSV
    return Format.TXT


def _decoded(head: bytes) -> str | None:
    """Text in UTF-8, UTF-16 with a mark, or an 8-bit code page; None for what holds control bytes."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if any(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head[:8192]):
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 4:
            return head[: error.start].decode("utf-8")  # cut in the middle of a character
    printable = sum(1 for byte in head[:8192] if byte >= 32 or byte in (9, 10, 13))
    letters = sum(1 for byte in head[:8192] if chr(byte).isascii() and (chr(byte).isalnum() or byte in b" \r\n.,"))
    return head.decode("latin-1") if printable and letters >= printable * 0.7 else None
