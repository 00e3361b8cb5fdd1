"""Paints one line of a text: as soft bars of its length, or as its words. Knows no words but those it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout, QTextOption

from reviewer.media.outlines import LineOutline
from reviewer.ui import theme

MASKED_CHARS = 4  # a masked term is drawn so wide, whatever it is


@dataclass(frozen=True, slots=True)
class Place:
    """Where one line lies, in pixels of the view. `badge` is None where nobody is named; `mirrored`: at the right."""

    line: QRectF
    gutter: QRectF
    bubble: QRectF
    words: QRectF
    badge: QRectF | None
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Marks:
    focused: bool = False
    found: bool = False
    open_terms: bool = False
    relevant: bool = False


def laid_out(words: str, width: float) -> QTextLayout:
    """Words wrapped to `width`. Each line has its own direction, found from its own letters."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout = QTextLayout(words, theme.font())
    layout.setCacheEnabled(False)
    layout.setTextOption(option)
    layout.beginLayout()
    y = 0.0
    while True:
        row = layout.createLine()
        if not row.isValid():
            break
        row.setLineWidth(width)
        row.setPosition(QPointF(0.0, y))
        y += row_height()
    layout.endLayout()
    return layout


def row_height() -> float:
    return float(round(QFontMetricsF(theme.font()).lineSpacing() * 1.2))


def natural_span(layout: QTextLayout) -> tuple[float, float]:
    """Left and right of what is written, in the layout's own pixels: words from right to left begin at the right."""
    rows = [layout.lineAt(at).naturalTextRect() for at in range(layout.lineCount())]
    return min((row.left() for row in rows), default=0.0), max((row.right() for row in rows), default=0.0)


def words_height(layout: QTextLayout) -> float:
    return max(1, layout.lineCount()) * row_height()


def paint_bubble(painter: QPainter, place: Place, line: LineOutline, marks: Marks) -> None:
    """The ground of a message, and what marks it: looked at, found, reported."""
    box = place.bubble
    if place.badge is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_wash" if place.mirrored else "card"))
        painter.drawRoundedRect(box, theme.radius(), theme.radius())
    if marks.found:
        _paint_found(painter, place)
    if marks.focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), theme.px(1.5)))
        half = theme.px(1.5) / 2
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), theme.radius(), theme.radius())
    if line.reported:
        _paint_reported(painter, place)
    if marks.relevant:
        _paint_relevant(painter, place)
    if marks.open_terms:
        painter.setPen(QPen(theme.colour("amber"), theme.px(2), Qt.PenStyle.DotLine))
        painter.drawLine(box.bottomLeft() + QPointF(theme.px(8), 0), box.bottomRight() - QPointF(theme.px(8), 0))


def _paint_relevant(painter: QPainter, place: Place) -> None:
    """A bar along the inner side, with a bracket's ends: a shape, not only a colour."""
    box, wide = place.bubble, theme.px(3)
    at = box.left() + wide / 2 if place.mirrored else box.right() - wide / 2
    inward = theme.px(6) if place.mirrored else -theme.px(6)
    painter.setPen(QPen(theme.colour("accent"), wide))
    painter.drawLine(QPointF(at, box.top()), QPointF(at, box.bottom()))
    for end in (box.top() + wide / 2, box.bottom() - wide / 2):
        painter.drawLine(QPointF(at, end), QPointF(at + inward, end))


def paint_gutter(painter: QPainter, place: Place, number: int, line: LineOutline, *, chat: bool) -> None:
    """The time a message was sent, or a line's number; and the letter of who sent it."""
    font = theme.font("small")
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(theme.colour("dim"))
    words = metrics.elidedText(line.at if chat else str(number + 1), Qt.TextElideMode.ElideMiddle, place.gutter.width())
    side = Qt.AlignmentFlag.AlignLeft if chat else Qt.AlignmentFlag.AlignRight
    painter.drawText(place.gutter, side | Qt.AlignmentFlag.AlignVCenter, words)
    if place.badge is not None and line.sender:
        painter.setFont(theme.font("small", QFont.Weight.DemiBold))
        painter.setPen(theme.colour("text"))
        painter.drawText(place.badge, Qt.AlignmentFlag.AlignCenter, line.sender)


def paint_veiled(painter: QPainter, place: Place, line: LineOutline, rows: Sequence[float], char_width: float) -> None:
    """Bars of the line's length, and at their end a darker one for each masked term: where it stands is not known."""
    painter.setPen(Qt.PenStyle.NoPen)
    ground = veil_colour()
    thick = theme.px(9)
    painter.setBrush(ground)
    step = row_height()
    for at, width in enumerate(rows):
        painter.drawRoundedRect(_bar(place, at * step + step / 2, 0.0, width, thick), thick / 2, thick / 2)
    if not rows or not line.masked:
        return
    painter.setBrush(masked_colour())
    wide, gap = MASKED_CHARS * char_width, theme.px(3)
    middle = (len(rows) - 1) * step + step / 2
    fitting = max(1, int((rows[-1] + gap) / (wide + gap)))
    for at in range(min(line.masked, fitting)):
        right = rows[-1] - at * (wide + gap)
        bar = _bar(place, middle, max(right - wide, 0.0), right, thick)
        painter.drawRoundedRect(bar, thick / 2, thick / 2)


def paint_words(painter: QPainter, place: Place, layout: QTextLayout) -> None:
    painter.setPen(theme.colour("text"))
    lift = (row_height() - QFontMetricsF(theme.font()).height()) / 2
    layout.draw(painter, place.words.topLeft() + QPointF(0, lift))


def veil_colour() -> QColor:
    """Soft, and to be told from every ground it lies on."""
    colour = theme.colour("edge")
    colour.setAlphaF(0.55)
    return colour


def masked_colour() -> QColor:
    return theme.colour("ground" if theme.current().name == "dark" else "dim")


def _bar(place: Place, middle: float, left: float, right: float, thick: float) -> QRectF:
    top = place.words.top() + middle - thick / 2
    return QRectF(place.words.left() + left, top, max(right - left, thick), thick)


def _paint_found(painter: QPainter, place: Place) -> None:
    """A ground and a pointing shape in the gutter: not colour alone."""
    painter.setPen(QPen(theme.colour("accent"), theme.px(1), Qt.PenStyle.DotLine))
    painter.setBrush(theme.colour("accent_ground"))
    painter.drawRoundedRect(place.bubble, theme.radius(), theme.radius())
    size, middle = float(theme.px(5)), place.gutter.center().y()
    left = place.line.left() + theme.px(4)
    arrow = QPainterPath(QPointF(left, middle - size))
    arrow.lineTo(left + size, middle)
    arrow.lineTo(left, middle + size)
    arrow.closeSubpath()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    painter.drawPath(arrow)


def _paint_reported(painter: QPainter, place: Place) -> None:
    """A bar along the message and the word beside it."""
    thick = float(theme.px(3))
    box = place.bubble
    left = box.right() - thick if place.mirrored else box.left()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("amber"))
    painter.drawRoundedRect(QRectF(left, box.top() + thick, thick, box.height() - 2 * thick), thick / 2, thick / 2)
    words = _reported_words()
    font = theme.font("small", QFont.Weight.DemiBold)
    width, gap = QFontMetricsF(font).horizontalAdvance(words), theme.px(10)
    x = box.left() - gap - width - _badge_room(place) if place.mirrored else box.right() + gap
    painter.setFont(font)
    painter.setPen(theme.colour("amber"))
    painter.drawText(QRectF(x, box.top(), width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, words)


def _badge_room(place: Place) -> float:
    return 0.0 if place.badge is None or place.badge.left() > place.bubble.left() else place.badge.width()


def _reported_words() -> str:
    return QCoreApplication.translate("text_paint", "reported")
