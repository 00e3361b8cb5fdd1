"""What the bytes are, from the bytes alone. Names, extensions and what the sender said play no part."""

from __future__ import annotations

import csv
import re

from reviewer.media.formats import Format
from reviewer.media.worker import chat_exports, chats, encoding
from reviewer.media.worker.source import RangeSource

HEAD = 64 << 10

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_MAIL_HEADERS = {
    *("from", "to", "cc", "subject", "date", "message-id", "mime-version", "received", "return-path", "delivered-to"),
    *("content-type", "reply-to", "sender", "dkim-signature", "authentication-results"),
}
_MARKUP = re.compile(
    r"(?is)(?:<\?xml[^>]*>\s*)?(?:<!--.{0,4000}?-->\s*)*"
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|style|script|table|div|p|h[1-6]|center|font)[\s>/])"
)


def identify(head: bytes) -> Format:
    """The format of a file that begins with `head` (its first 64 KiB, or all of it)."""
    if not head:
        return Format.EMPTY
    form = _by_magic(head) or _by_box(head)
    if form is not None:
        return form
    # Text before streams: a sync word is two letters of some alphabets, and no stream is free of control bytes.
    codec = encoding.guess(head)
    if codec is not None:
        return _text(encoding.decoded(head).text)
    stream = _by_stream(head)
    if stream is not None:
        return stream
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    return Format.EML if _is_mail(head.decode("latin-1").lstrip()) else Format.OTHER


def identify_source(source: RangeSource) -> Format:
    """The format of a source, which is then at its start. An ID3 tag says nothing: what follows it is looked at."""
    head = source.read(HEAD) or b""
    form = identify(head)
    tag = _tag_length(head)
    if tag:
        source.seek(tag)
        behind = identify(source.read(HEAD) or b"")
        form = behind if behind in (Format.AAC, Format.FLAC) else Format.MP3
    source.seek(0)
    return form


def _tag_length(head: bytes) -> int:
    """Bytes of an ID3v2 tag at the start (id3.org, ID3v2.4 section 3.1), 0 if there is none."""
    if head[:3] != b"ID3" or len(head) < 10 or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + size + (10 if head[5] & 0x10 else 0)


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
        (b"\xfd7zXZ\x00", Format.XZ),
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
    if head[:4] in (b"RF64", b"BW64", b"RIFX") and head[8:12] == b"WAVE":
        return Format.WAV
    if head[:4] == b"RIFF":
        return {b"WEBP": Format.WEBP, b"WAVE": Format.WAV, b"AVI ": Format.AVI}.get(head[8:12])
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Format.WEBM if b"webm" in head[:64] else Format.MKV
    if head[:4] == b"OggS":
        return _ogg(head)
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return Format.BZIP2
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


def _text(text: str) -> Format:
    start = text.lstrip("\ufeff \t\r\n\f")
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    if len(lines) > 1:
        lines.pop()  # perhaps cut in the middle
    if start.startswith("%PDF-") or ("%PDF-" in text[:1024] and re.search(r"\d+ \d+ obj\b", text)):
        return Format.PDF
    if _is_mail(start):
        return Format.EML
    if _MARKUP.match(start):
        return Format.HTML
    # Before JSON: many chats begin with a bracket, around the time.
    if sum(map(chats.is_chat_line, lines)) >= max(1 if len(lines) == 1 else 2, len(lines) // 2):
        return Format.CHAT
    if start[:1] in ("{", "["):
        return _json(start)
    if len(lines) >= 2 and chats.is_chat_table(lines[0]):
        return Format.CHAT
    return Format.CSV if _is_table(text) else Format.TXT


def _json(text: str) -> Format:
    """JSON by its beginning, which may be cut; a chat if it holds messages with a sender and words."""
    if not re.match(r"""(?:\{\s*(?:"|\}|$)|\[\s*(?:["\[\]{\-\d]|true|false|null|$))""", text):
        return Format.TXT
    if re.search(r'"(messages|conversations?|MessageList|chats)"\s*:', text):
        return Format.CHAT
    return (
        Format.CHAT
        if chat_exports.has_chat_keys(re.findall(r'"([A-Za-z_ ]{2,24})"\s*:', text[:16384]))
        else Format.JSON
    )


def _is_mail(text: str) -> bool:
    """A block of headers to the first empty line, some of them such as every mail has."""
    block = re.split(r"\r?\n\r?\n|\r\r", text[:32768], maxsplit=1)[0].splitlines()
    if block and re.match(r">?From \S", block[0]):
        del block[0]
    names = []
    for line in block:
        if line[:1] in (" ", "\t"):
            continue
        header = re.match(r"([!-9;-~]{1,76})[ \t]*:", line)
        if header is None:
            return False
        names.append(header.group(1).lower())
    known = _MAIL_HEADERS.intersection(names)
    return len(known) >= 3 or (len(known) >= 2 and "from" in known and known & {"to", "subject", "date"} != set())


def _is_table(text: str) -> bool:
    """Rows of the same number of cells, quoted ones understood; a delimiter that spaces follow is punctuation."""
    whole = text if len(text) < encoding.SAMPLE // 4 else text[: text.rfind("\n", 0, 1 << 15) + 1] or text[: 1 << 15]
    for delimiter in ",;\t|":
        if whole.count(delimiter + " ") * 2 > whole.count(delimiter):
            continue
        try:
            rows = [row for row in csv.reader(whole.splitlines(keepends=True), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if (
            len(rows) >= 2
            and len(rows[0]) >= 2
            and all(len(row) == len(rows[0]) for row in rows[: max(2, len(rows) - 1)])
        ):
            return True
    return False
