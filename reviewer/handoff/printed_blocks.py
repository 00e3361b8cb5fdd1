"""The few blocks that printed pages are made of. Words are reportlab's markup: outside text goes through `printed`."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Table, TableStyle

from reviewer.handoff.printed_style import NAME_WIDTH, WIDTH, colour, styles
from reviewer.handoff.printed_tags import Tag, TaggedCanvas
from reviewer.handoff.printed_text import printed

# A grey thumbnail is at most so many pixels (the long side of a blurred frame is 320 at most), and so large in points.
MAX_GREY_PIXELS = 320 * 320
GREY_POINTS = 104.0

_BREAK = "<br/>"
_LINES = 30


class Words(Paragraph):  # type: ignore[misc]
    """A paragraph with its tag; when it is split between pages, both parts are one in the structure tree."""

    tag: Tag
    markup = ""
    outline: tuple[str, int] | None = None
    _broken_for: float | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        # Asked several times for the same width (by tables, by what is kept together): breaking lines is the cost.
        if self._broken_for != width or not hasattr(self, "blPara"):
            super().wrap(width, height)
            self._broken_for = width
        return self.width, self.height

    def draw(self) -> None:
        canvas: TaggedCanvas = self.canv
        if self.outline is not None:
            words, level = self.outline
            key = f"heading-{id(self)}"
            canvas.bookmarkHorizontal(key, 0, self.height + 6)
            canvas.addOutlineEntry(words, key, level)
        with canvas.tagged(self.tag):
            super().draw()

    def split(self, width: float, height: float) -> list[Any]:
        parts: list[Any] = super().split(width, height)
        for part in parts:
            part.tag = self.tag
        return parts


def words(markup: str, style: Any = None, *, role: str = "P", parent: Tag | None = None, name: str = "") -> Words:
    """A paragraph. `name` is plain text that stands to its left, where the style has room for it."""
    made = Words(markup, style or styles().body, bulletText=f"{name} " if name else None)
    made.tag = Tag(role, parent)
    made.markup = markup
    return made


def in_pieces(block: Any) -> list[Any]:
    """The block, or, where its words have very many lines, those lines in several paragraphs that look and read as
    one: reportlab breaks the rest of a paragraph anew on every page."""
    lines = block.markup.split(_BREAK) if isinstance(block, Words) else []
    if len(lines) <= _LINES:
        return [block]
    name, whole = (block.bulletText or "").strip(), block.style
    within = ParagraphStyle(f"{whole.name} within", parent=whole, spaceAfter=0)
    pieces = []
    for at in range(0, len(lines), _LINES):
        last = at + _LINES >= len(lines)
        made = words(_BREAK.join(lines[at : at + _LINES]), whole if last else within, name="" if at else name)
        made.tag = block.tag
        pieces.append(made)
    return pieces


def heading(markup: str, level: int, outline: str) -> Words:
    """Of a section (1) or of an exhibit (2); `outline` is its plain text among the bookmarks."""
    made = words(markup, styles().section if level == 1 else styles().exhibit, role=f"H{level + 1}")
    made.outline = (outline, level - 1)
    return made


def part(markup: str) -> Words:
    return words(markup, styles().part, role="H4")


def point(markup: str) -> Words:
    return words(markup, styles().point, name="•")


def fact(name: str, markup: str) -> Words:
    """A fact with its name to the left. Nothing is known: said."""
    return words(markup or "not stated", styles().fact, name=name)


def digest(name: str, hex_digits: str) -> Words:
    """Hex digits in groups of eight, so that they can be compared by eye."""
    groups = [hex_digits[at : at + 8] for at in range(0, len(hex_digits), 8)]
    return words(printed(" ".join(groups)), styles().digest, name=name)


def note(blocks: Sequence[Any], tone: str) -> Table:
    """A box that stands out: `tone` is "red", "amber" or "accent"; its words say what the colour says."""
    ground = "accent_wash" if tone == "accent" else f"{tone}_ground"
    style = [
        ("BACKGROUND", (0, 0), (-1, -1), colour(ground)),
        ("LINEBEFORE", (0, 0), (0, -1), 3, colour(tone)),
        ("LEFTPADDING", (0, 0), (-1, -1), 12),
        ("RIGHTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("TOPPADDING", (0, 0), (-1, 0), 8),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 7),
    ]
    return _Ruled(
        [[block] for block in blocks], colWidths=[WIDTH], style=TableStyle(style), spaceBefore=6, spaceAfter=9
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    """`rows` are markup, each short enough for a page; the head is repeated on every page. `widths` are shares."""
    whole = Tag("Table")
    scale = WIDTH / sum(widths)

    def row(cells: Sequence[str], style: Any, role: str) -> list[Words]:
        line = Tag("TR", whole)
        return [words(cell, style, role=role, parent=line) for cell in cells]

    made = [row(heads, styles().cell_head, "TH"), *(row(cells, styles().cell, "TD") for cells in rows)]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colour("accent")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, colour("line")),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    return _Ruled(
        made, colWidths=[width * scale for width in widths], style=TableStyle(style), repeatRows=1,
        spaceBefore=4, spaceAfter=8, hAlign="LEFT",
    )  # fmt: skip


def together(*blocks: Any) -> KeepTogether:
    """On one page where they fit on one."""
    return KeepTogether(list(blocks))


class _Ruled(Table):  # type: ignore[misc]
    """Lines and grounds are no content."""

    def _drawBkgrnd(self) -> None:
        with self.canv.artifact():
            super()._drawBkgrnd()

    def _drawLines(self) -> None:
        with self.canv.artifact():
            super()._drawLines()


class GreyPicture(Flowable):  # type: ignore[misc]
    """Grey samples as they are: no file is decoded, here or by reportlab. `words` are read aloud in its place."""

    def __init__(self, width: int, height: int, grey: bytes, words: str) -> None:
        super().__init__()
        if not (0 < width * height <= MAX_GREY_PIXELS and len(grey) == width * height):
            raise ValueError("a thumbnail is not width x height grey samples")
        self._pixels = (width, height, grey)
        scale = GREY_POINTS / max(width, height)
        self.width, self.height = width * scale, height * scale
        self._tag = Tag("Figure", words=words)
        self.hAlign, self.spaceBefore, self.spaceAfter = "LEFT", 3, 5

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width + NAME_WIDTH, self.height

    def draw(self) -> None:
        pixel_width, pixel_height, grey = self._pixels
        samples = zlib.compress(grey, 9).hex()
        with self.canv.tagged(self._tag):
            self.canv.saveState()
            self.canv.translate(NAME_WIDTH, 0)
            self.canv.scale(self.width, self.height)
            # An inline image (ISO 32000-1, 8.9.7): its samples stand in the page itself, in hex, so no reader of the
            # page can mistake them for its operators.
            self.canv._code.append(
                f"BI /W {pixel_width} /H {pixel_height} /BPC 8 /CS /G /F [/AHx /Fl] ID {samples}> EI"
            )
            self.canv.restoreState()
