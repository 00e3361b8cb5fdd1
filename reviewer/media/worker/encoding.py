"""From bytes to text, whatever the encoding: marks first, then what is declared, then UTF-8, then a guess.

The same bytes always give the same answer, and no bytes raise: what cannot be decoded becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

from reviewer.media.worker import alphabets

SAMPLE = 64 << 10
"""How many bytes, from the start, a guess looks at."""

# The only codecs ever used. Python knows others that are not character sets, and some that can be made to work hard.
KNOWN = (
    *("utf_8", "utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be", "ascii"),
    *("cp1252", "iso8859_15", "iso8859_1", "cp1250", "iso8859_2", "cp1254", "iso8859_9", "cp1257", "iso8859_13"),
    *("iso8859_3", "iso8859_4", "iso8859_10", "iso8859_14", "iso8859_16", "cp437", "cp850", "cp852", "mac_roman"),
    *("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic", "cp1253", "iso8859_7", "cp1255", "iso8859_8"),
    *("cp1256", "iso8859_6", "cp1258", "tis_620", "cp874", "cp932", "shift_jis", "euc_jp", "iso2022_jp", "gb18030"),
    *("gb2312", "gbk", "big5", "big5hkscs", "cp950", "cp949", "euc_kr", "johab"),
)
_GUESSED = (
    *("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850", "cp1251", "koi8_r"),
    *("koi8_u", "cp866", "cp1253", "cp1255", "cp1256", "tis_620", "cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# A superset where writers say the one and mean the other (WHATWG Encoding, "Names and labels").
_MEANT = {"iso8859_1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_MEANT |= {"shift_jis": "cp932", "iso8859_9": "cp1254"}
_LABELS = {"sjis": "cp932", "xsjis": "cp932", "latin1": "cp1252", "usascii": "cp1252", "ksc56011987": "cp949"}
_SHOWN = {"cp932": "shift_jis", "cp949": "euc-kr"}
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_PRINTED = bytes(range(32, 127)) + b"\t\n\r"
_ODD = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd-\uffff\ue000-\uf8ff\ufdd0-\ufdef]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`name` is the usual name of the encoding ("utf-8", "koi8-r"), without a mark the text may have begun with."""

    text: str
    name: str


def decoded(data: bytes | bytearray | memoryview, declared: str = "") -> Decoded:
    """All of `data` as text. `declared` is what a header or a `meta` element says; it is tried, not believed."""
    head = bytes(data[:SAMPLE])
    codec = guess(head, declared) or "cp1252"
    if codec == "utf_8" and head.isascii() and len(data) > len(head):
        codec = _late(data)
    mark = next((len(mark) for mark, name in _MARKS if name == codec and head.startswith(mark)), 0)
    text = codecs.decode(memoryview(data)[mark:], codec, "replace")
    return Decoded(text, usual_name(codec))


def _late(data: bytes | bytearray | memoryview) -> str:
    """For text whose beginning is plain ASCII: what the first bytes beyond it say."""
    try:
        codecs.decode(data, "utf_8", "strict")
    except UnicodeDecodeError as error:
        around = bytes(data[max(0, error.start - 1000) : error.start + SAMPLE])
        return guess(around) or "cp1252"
    return "utf_8"


def usual_name(codec: str) -> str:
    return _SHOWN.get(codec, codec.replace("_", "-").replace("iso8859", "iso-8859"))


def guess(head: bytes, declared: str = "") -> str | None:
    """The codec (one of `KNOWN`) that the text beginning with `head` is in; None if this is no text."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name if _mostly_sane(head[len(mark) :], name) else None
    wide = _wide(head)
    if wide is not None:
        return wide
    stray = len(_CONTROL.findall(head))
    if stray and (stray > max(2, len(head) // 200) or stray * 10 > len(head) or not _mostly_utf8(head)):
        return None  # a few that got in by accident are let pass in UTF-8, where chance is out of the question
    said = _known(declared)
    if said is not None and not said.startswith("utf") and _decodes(head, said):
        return said
    if b"\x1b$" in head and _decodes(head, "iso2022_jp"):
        return "iso2022_jp"
    if _mostly_utf8(head):
        return "utf_8"
    return _guessed(head)


def _known(declared: str) -> str | None:
    """The codec for a label, by the table alone: looking one up by an unknown name would search the disk."""
    label = re.sub(r"[^a-z0-9]+", "", declared[:40].lower())
    for name in KNOWN:
        plain = name.replace("_", "")
        if label in (plain, plain.replace("cp", "windows")):
            return _MEANT.get(name, name)
    return _LABELS.get(label)


def _wide(head: bytes) -> str | None:
    """UTF-32 or UTF-16 without a mark: zero bytes lie at regular places, and what comes out is writing."""
    head = head[: 8192 & ~3]
    zeros = head.count(0)
    plain = len(head) - len(head.translate(None, _PRINTED))
    if not zeros or len(head) < 4 or (zeros * 5 < len(head) and plain * 8 >= len(head) * 7):
        return None  # the last: stray zeros in plain text would pair up as Chinese
    order = ("utf_32_le", "utf_32_be", "utf_16_le", "utf_16_be")
    if head[0::2].count(0) > head[1::2].count(0):
        order = ("utf_32_le", "utf_32_be", "utf_16_be", "utf_16_le")
    for name in order:
        if len(head) % (4 if "32" in name else 2) == 0 and _sane(_cut(head, name)):
            return name
    return None


def _sane(text: str | None) -> bool:
    """Writing: nothing that is no character, and either mostly one script or some spaces and line ends."""
    if text is None:
        return False
    if not text:
        return True
    if _ODD.search(text):
        return False
    blocks: dict[int, int] = {}
    for character in text[:2048]:
        block = alphabets.block(ord(character))
        blocks[block] = blocks.get(block, 0) + 1
    common = sorted(blocks.values(), reverse=True)[:4]
    return sum(common) >= 0.9 * min(len(text), 2048)


def _mostly_sane(data: bytes, codec: str) -> bool:
    """For text with a mark: a few odd characters, or some that do not decode, do not make it something else."""
    text = codecs.decode(data, codec, "ignore")
    return len(_ODD.findall(text)) <= len(text) // 100 and (not data or bool(text))


def _mostly_utf8(head: bytes) -> bool:
    """It decodes; or it has a few broken places among many characters that only UTF-8 spells so."""
    if _decodes(head, "utf_8"):
        return True
    text = head.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(1 for c in text if ord(c) >= 0x80) - broken >= 20 * broken


def _cut(data: bytes, codec: str) -> str | None:
    """`data` decoded strictly, but for a last character that may be cut in the middle; None if it does not decode."""
    try:
        return str(codecs.getincrementaldecoder(codec)("strict").decode(data, False))
    except (UnicodeDecodeError, ValueError):
        return None


def _decodes(head: bytes, codec: str) -> bool:
    return _cut(head, codec) is not None


def _guessed(head: bytes) -> str | None:
    found = list(charset_normalizer.from_bytes(head, cp_isolation=list(_GUESSED), steps=5, chunk_size=512))
    if not found:
        return None
    best = found[0]
    tied = [
        name
        for m in found
        if _as_good(m.chaos, best.chaos) and _as_good(best.coherence, m.coherence)
        for name in m.could_be_from_charset
    ]
    latin = alphabets.best_latin(head, [name for name in alphabets.LATIN if name in tied])
    if latin is not None and (best.encoding in alphabets.LATIN or (best.coherence == 0.0 and latin.fit >= 0.9)):
        return latin.codec
    return best.encoding if best.encoding in KNOWN else None


def _as_good(a: float, b: float) -> bool:
    return a <= b + 0.001
