"""The mark of unread messages on a card: a small speech bubble and how many. Nothing blinks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen

from reviewer.ui import theme

MOST = 99  # more are said as 99+


def paint_unread(painter: QPainter, room: QRectF, count: int) -> int:
    """Paint it at the right end of the first line of `room`; the width that is taken, with its gap. 0 for none."""
    if count < 1:
        return 0
    words = str(count) if count <= MOST else f"{MOST}+"
    font = theme.font("label", QFont.Weight.DemiBold)
    base, metrics = QFontMetrics(theme.font("base")), QFontMetrics(font)
    baseline = room.top() + base.ascent()
    width = metrics.horizontalAdvance(words)
    painter.setFont(font)
    painter.setPen(theme.colour("accent"))
    painter.drawText(QPointF(room.right() - width, baseline), words)
    side = theme.px(11)
    box = QRectF(room.right() - width - theme.px(4) - side, baseline - side + theme.px(1), side, side * 0.75)
    painter.setPen(QPen(theme.colour("accent"), theme.px(1.5)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_bubble(box))
    return round(width + side + theme.px(12))


def _bubble(box: QRectF) -> QPainterPath:
    round_box, tail = QPainterPath(), QPainterPath()
    round_box.addRoundedRect(box, theme.px(2), theme.px(2))
    tail.moveTo(box.left() + box.width() * 0.2, box.bottom() - 1)
    tail.lineTo(box.left() + box.width() * 0.25, box.bottom() + box.height() * 0.35)
    tail.lineTo(box.left() + box.width() * 0.55, box.bottom() - 1)
    tail.closeSubpath()
    return round_box.united(tail)
