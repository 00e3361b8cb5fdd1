"""The colours of the heat map: how full a day was against the limit, and which ink can be read on it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from reviewer.ui import theme
from reviewer.ui.exposure_table import ExposureTable

SHADES = (0.22, 0.45, 0.75, 1.0)
WORDS_FROM = 26  # cells narrower than this carry no figure


def shade(table: ExposureTable, quarters: int) -> QColor:
    """From the card's ground to the accent in four steps that can be told apart; amber near the limit."""
    if table.near(quarters):
        return theme.colour("amber")
    if quarters <= 0 or table.limit <= 0:
        return theme.colour("card")
    weight = SHADES[min(quarters * 4 // table.limit, 3)]
    low, high = theme.colour("card"), theme.colour("accent")
    parts = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
    return QColor(*(round(a + (b - a) * weight) for a, b in parts))


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable_on(ground: QColor) -> QColor:
    return max((theme.colour("text"), theme.colour("on_accent")), key=lambda ink: contrast(ink, ground))


def short_hours(quarters: int) -> str:
    """3¾"""
    whole, rest = divmod(quarters, 4)
    return (str(whole) if whole else "") + ("", "¼", "½", "¾")[rest]


class CellBrush:
    """Paints the cells of one table in one size: each kind of cell is drawn once, and copied wherever it occurs."""

    def __init__(self, table: ExposureTable, ratio: float = 1.0) -> None:
        """`ratio`: pixels of the device to one of the window's."""
        self._table = table
        self._ratio = ratio
        self._cells: dict[tuple[int, bool], QPixmap] = {}
        self._inks: dict[int, tuple[QColor, QColor]] = {}
        self._font = theme.font("small")
        self._radius = theme.px(4)

    def of(self, quarters: int) -> tuple[QColor, QColor]:
        """Ground and ink."""
        found = self._inks.get(quarters)
        if found is None:
            ground = shade(self._table, quarters)
            found = self._inks[quarters] = (ground, readable_on(ground))
        return found

    def cell(self, size: QSizeF, quarters: int, incomplete: bool) -> QPixmap:
        """As `paint` paints it; always the same `size` for one brush."""
        found = self._cells.get((quarters, incomplete))
        if found is None:
            found = QPixmap(math.ceil(size.width() * self._ratio), math.ceil(size.height() * self._ratio))
            found.setDevicePixelRatio(self._ratio)
            found.fill(Qt.GlobalColor.transparent)
            with QPainter(found) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self.paint(painter, QRectF(0, 0, size.width(), size.height()), quarters, incomplete=incomplete)
            self._cells[quarters, incomplete] = found
        return found

    def paint(self, painter: QPainter, rect: QRectF, quarters: int, *, incomplete: bool = False) -> None:
        """The figure where there is room for one; else near the limit has a line through it, so that shape says it."""
        ground, ink = self.of(quarters)
        radius = min(self._radius, rect.width() / 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, radius, radius)
        if quarters and rect.width() >= theme.px(WORDS_FROM):
            painter.setFont(self._font)
            painter.setPen(ink)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, short_hours(quarters))
        elif self._table.near(quarters):
            painter.setPen(QPen(ink, max(theme.px(1), rect.width() / 8)))
            painter.drawLine(rect.bottomLeft(), rect.topRight())
        if incomplete:
            paint_incomplete(painter, rect, theme.colour("text") if not quarters else ink)


def paint_incomplete(painter: QPainter, rect: QRectF, ink: QColor) -> None:
    """A small open ring in the upper right corner: something of it may be missing."""
    radius = min(theme.px(3), rect.width() / 4)
    inset = radius + min(theme.px(2), rect.width() / 8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, max(1.0, radius / 2.2)))
    painter.drawEllipse(QPointF(rect.right() - inset, rect.top() + inset), radius, radius)
