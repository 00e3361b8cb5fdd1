"""The faces that printed pages use: TrueType, embedded, so that they look the same wherever they are read.

DejaVu Sans has the accents, Cyrillic and Greek that names need. Where a machine has none of it, the Vera that reportlab
brings along serves; what it does not have is then printed as its number (`printed_text`).
"""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import reportlab
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

SANS = "reviewer-sans"
BOLD = "reviewer-bold"
MONO = "reviewer-mono"

_DEJAVU = {SANS: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf", MONO: "DejaVuSansMono.ttf"}
# Vera Sans Mono is not among what reportlab brings; the digits of Vera Sans have one width all the same.
_VERA = {SANS: "Vera.ttf", BOLD: "VeraBd.ttf", MONO: "Vera.ttf"}


@dataclass(frozen=True, slots=True)
class Faces:
    """`covered` are the code points that the plain and the bold face both have."""

    covered: frozenset[int]


@functools.cache
def faces() -> Faces:
    """Register the faces with reportlab, once a process."""
    for folder, names in (*((folder, _DEJAVU) for folder in _folders()), (_of_reportlab(), _VERA)):
        if all((folder / name).is_file() for name in names.values()):
            try:
                fonts = [TTFont(face, str(folder / name), asciiReadable=0) for face, name in names.items()]
            except (TTFError, OSError):
                continue
            return _registered(fonts)
    raise AssertionError("reportlab has lost its fonts")


def _registered(fonts: list[TTFont]) -> Faces:
    for font in fonts:
        pdfmetrics.registerFont(font)
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(SANS, bold, italic, BOLD if bold else SANS)
    plain, heavy = (frozenset(font.face.charToGlyph) for font in fonts[:2])
    return Faces(plain & heavy)


def _of_reportlab() -> Path:
    return Path(reportlab.__file__).parent / "fonts"


def _folders() -> tuple[Path, ...]:
    """Where the systems keep fonts: Debian, Fedora, Arch, BSD, what an administrator added, macOS, Windows."""
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    return (
        Path("/usr/share/fonts/truetype/dejavu"),
        Path("/usr/share/fonts/dejavu-sans-fonts"),
        Path("/usr/share/fonts/dejavu"),
        Path("/usr/share/fonts/TTF"),
        Path("/usr/local/share/fonts/dejavu"),
        Path("/usr/local/share/fonts"),
        Path("/Library/Fonts"),
    )
