"""Small words in a rounded box over a picture, readable on any brightness."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from reviewer.ui import theme


def chip_rect(words: str, most: float) -> QRectF:
    """The room `words` take, at most `most` wide, at the origin."""
    metrics = QFontMetricsF(theme.font("small"))
    return QRectF(0, 0, min(metrics.horizontalAdvance(words) + theme.px(20), most), metrics.height() + theme.px(6))


def paint_chip(painter: QPainter, rect: QRectF, words: str, *, ink: str = "text", ground_alpha: int = 205) -> None:
    """`ink` is a colour token; words too long for `rect` end in dots."""
    metrics = QFontMetricsF(theme.font("small"))
    ground = QColor(theme.colour("ground"))
    ground.setAlpha(ground_alpha)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setFont(theme.font("small"))
    painter.setPen(theme.colour(ink))
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width() - theme.px(14))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)


def paint_corner_chips(painter: QPainter, room: QRectF, *, watermark: str, facts: str) -> None:
    """Who looks, top right; what it is, bottom left."""
    inset = theme.px(12)
    inner = room.adjusted(inset, inset, -inset, -inset)
    if watermark:
        rect = chip_rect(watermark, inner.width())
        rect.moveTopRight(inner.topRight())
        paint_chip(painter, rect, watermark, ink="dim", ground_alpha=150)
    if facts:
        rect = chip_rect(facts, inner.width())
        rect.moveBottomLeft(inner.bottomLeft())
        paint_chip(painter, rect, facts)


def paint_countdown(painter: QPainter, at: QPointF, words: str, left: float) -> None:
    """A chip at `at` with a bar below it, `left` (1.0 to 0.0) of it still full."""
    rect = chip_rect(words, 10_000.0)
    rect.moveTopLeft(at)
    paint_chip(painter, rect, words)
    pad, thick = theme.px(10), theme.px(3)
    bar = QRectF(rect.left() + pad, rect.bottom() + theme.px(4), rect.width() - 2 * pad, thick)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("line"))
    painter.drawRoundedRect(bar, thick / 2, thick / 2)
    painter.setBrush(theme.colour("accent"))
    painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * left, thick), thick / 2, thick / 2)
