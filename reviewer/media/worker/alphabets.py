"""Letters of languages, enough to tell apart the code pages of Latin writing that share most of their bytes. Pure."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

LATIN = ("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850")
"""In order of preference where they fit equally well."""

_NEUTRAL = frozenset("“”„‘’‚–—…•€£§°«»©®\u00a0")
_LETTERS = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "àâæçèéêëîïôùûüÿœ",  # French
        "äöüßé",  # German
        "áéíóúñü¿¡",  # Spanish
        "ãõáéíóúâêôàç",  # Portuguese
        "àèéìíòóùú",  # Italian
        "åäöæøéáíóúýðþ",  # Nordic
        "éëïèöüáóíê",  # Dutch
        "áčďéěíňóřšťúůýžľĺŕôä",  # Czech, Slovak
        "ąćęłńóśźż",  # Polish
        "áéíóöőúüű",  # Hungarian
        "ăâîşţșț",  # Romanian
        "čćđšž",  # Croatian, Slovene
        "çğıöşüâîİ",  # Turkish
        "āčēģīķļņšūžąęėįųõäöü",  # Baltic
    )
)
# Beginnings of the larger blocks of Unicode that are one kind of writing.
_BLOCKS: tuple[int, ...] = (
    0,
    0x80,
    0x250,
    0x300,
    0x370,
    0x400,
    0x530,
    0x590,
    0x600,
    0x700,
    0x900,
    0xE00,
    0xE80,
    0xF00,
    0x1000,
    0x10A0,
)
_BLOCKS += (0x1100, 0x1200, 0x1E00, 0x2000, 0x2C00, 0x3000, 0x3040, 0x3100, 0x3400, 0xA000, 0xAC00, 0xD7B0, 0xF900)
_BLOCKS += (0xFB00, 0xFE00, 0xFF00, 0x10000, 0x1F000, 0x20000)


@dataclass(frozen=True, slots=True)
class Fit:
    """`fit`: the share of letters beyond ASCII that one language has, 0 to 1."""

    codec: str
    fit: float


def best_latin(data: bytes, codecs: Sequence[str]) -> Fit | None:
    """The one of `codecs` in which the letters of `data` are most those of one language."""
    high = bytes(byte for byte in data if byte >= 0x80)
    best: Fit | None = None
    for codec in codecs:
        characters = [c for c in high.decode(codec, "replace") if c not in _NEUTRAL]
        shares = (sum(1 for c in characters if c in letters) for letters in _LETTERS)
        fit = max(shares) / len(characters) if characters else 1.0
        if best is None or fit > best.fit:
            best = Fit(codec, fit)
    return best


def block(code: int) -> int:
    """The number of the block a character lies in; ASCII and Latin letters, general punctuation and so on."""
    return bisect.bisect_right(_BLOCKS, code)
