"""The heading of a section of the gallery: what its cells have in common, and how many items they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from reviewer.ui import theme
from reviewer.ui.gallery_cells import GalleryCell, Group
from reviewer.ui.known_words import list_words
from reviewer.ui.wording import tr

HEAD_HEIGHT = 30


def heading_words(cells: Sequence[GalleryCell]) -> tuple[str, str]:
    """What they are, and how many; for the cells of one section, at least one."""
    items = sum(len(cell.item_ids) for cell in cells)
    match = cells[0].known_by
    if match is not None:
        head = tr("Known: {list}").format(list=list_words(match))
    elif cells[0].group is Group.COPIES:
        head = tr("Copies of each other")
    else:
        head = tr("Not known, no copies")
    if items == len(cells):
        return head, tr("1 item") if items == 1 else tr("{items:,} items").format(items=items)
    if len(cells) == 1:
        return head, tr("{items:,} items in 1 cell").format(items=items)
    return head, tr("{items:,} items in {cells:,} cells").format(items=items, cells=len(cells))


def paint_heading(painter: QPainter, top: int, width: int, cells: Sequence[GalleryCell]) -> None:
    """One line: the words, the number, and a rule to the right edge."""
    head, count = heading_words(cells)
    font, small = theme.font("base", QFont.Weight.DemiBold), theme.font("label")
    strong, plain = QFontMetrics(font), QFontMetrics(small)
    baseline = top + (theme.px(HEAD_HEIGHT - 4) + strong.ascent() - strong.descent()) / 2
    gap = theme.px(10)
    room = width - plain.horizontalAdvance(count) - 3 * gap
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    said = strong.elidedText(head, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(0, baseline), said)
    at = strong.horizontalAdvance(said) + gap
    painter.setFont(small)
    painter.setPen(theme.colour("dim"))
    painter.drawText(QPointF(at, baseline), count)
    at += plain.horizontalAdvance(count) + gap
    rule = QRectF(at, top + theme.px(HEAD_HEIGHT - 4) / 2, max(0.0, width - at - gap), theme.px(1))
    painter.fillRect(rule, theme.colour("line"))
