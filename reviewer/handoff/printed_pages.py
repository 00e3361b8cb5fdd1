"""From blocks to a PDF: A4, page x of y, bookmarks, tags. The same blocks and time give the same bytes.

reportlab keeps fonts and settings for the whole process, so one document is made at a time. It fetches nothing: no
block of ours names an address or a file.
"""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from reviewer.handoff.printed_blocks import in_pieces
from reviewer.handoff.printed_fonts import SANS, faces
from reviewer.handoff.printed_style import BOTTOM, LEFT, PAGE, RIGHT, TOP, colour
from reviewer.handoff.printed_tags import TaggedCanvas

_ONE_AT_A_TIME = threading.Lock()
_TOTAL = "pages-in-all"
_SMALL = 7.5


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a document says of itself. `head` and `foot` stand on every page; all plain text on one line, visible."""

    title: str
    subject: str
    author: str
    made_at: datetime
    head: str
    foot: str


def pages(blocks: list[Any], imprint: Imprint) -> bytes:
    """The PDF. Blocking, some tenths of a second for a report."""
    target = io.BytesIO()
    with _ONE_AT_A_TIME:
        faces()
        frame = Frame(
            LEFT, BOTTOM, PAGE[0] - LEFT - RIGHT, PAGE[1] - TOP - BOTTOM,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        document = BaseDocTemplate(
            target, pagesize=PAGE, lang="en-GB", invariant=1, pageCompression=1,
            title=imprint.title, subject=imprint.subject, author=imprint.author, creator="reviewer",
        )  # fmt: skip
        document.addPageTemplates(PageTemplate(frames=[frame], onPage=lambda canvas, _: _margins(canvas, imprint)))
        document.build(
            [piece for block in blocks for piece in in_pieces(block)],
            canvasmaker=lambda *given, **named: _Counted(imprint, *given, **named),
        )
    return target.getvalue()


class _Counted(TaggedCanvas):
    """Knows how many pages there are when the last one is done; every page refers to that one form."""

    def __init__(self, imprint: Imprint, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.setViewerPreference("DisplayDocTitle", "true")
        self.showOutline()
        self._date(imprint.made_at)

    def _date(self, made_at: datetime) -> None:
        """reportlab's invariant mode would date everything to the year 2000."""
        moment = made_at.astimezone(UTC)
        stamp = self._doc._timeStamp
        stamp.t, stamp.lt, stamp.YMDhms = moment.timestamp(), moment.timetuple(), tuple(moment.timetuple())[:6]
        stamp.dhh, stamp.dmm, stamp.tzname = 0, 0, "UTC"
        self._doc.signature = hashlib.md5(moment.isoformat().encode(), usedforsecurity=False)

    def save(self) -> None:
        if self._code:
            self.showPage()
        self.beginForm(_TOTAL, 0, -3, 40, 10)
        self.setFont(SANS, _SMALL)
        self.setFillColor(colour("dim"))
        self.drawString(0, 0, f"{self._pageNumber - 1}")
        self.endForm()
        super().save()


def _margins(canvas: TaggedCanvas, imprint: Imprint) -> None:
    with canvas.artifact():
        canvas.saveState()
        canvas.setFont(SANS, _SMALL)
        canvas.setFillColor(colour("dim"))
        right = PAGE[0] - RIGHT
        top = PAGE[1] - TOP + 26
        canvas.drawString(LEFT, top, imprint.head)
        canvas.setStrokeColor(colour("line"))
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, top - 7, right, top - 7)
        count = f"page {canvas.getPageNumber()} of "
        canvas.drawRightString(right, BOTTOM - 32, imprint.foot)
        canvas.drawString(LEFT, BOTTOM - 32, count)
        canvas.translate(LEFT + stringWidth(count, SANS, _SMALL), BOTTOM - 32)
        canvas.doForm(_TOTAL)
        canvas.restoreState()
