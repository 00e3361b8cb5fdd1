"""A pill: one short fact in a rounded box. The word says it; the colour only repeats it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme


class Tone(Enum):
    """NEUTRAL facts, ACCENT good news, AMBER near a limit, RED somebody in danger: (ground, ink) tokens."""

    NEUTRAL = ("raised", "dim")
    ACCENT = ("accent_ground", "accent")
    AMBER = ("amber_ground", "amber")
    RED = ("red_ground", "red_text")


def _font() -> QFont:
    return theme.font("small", QFont.Weight.DemiBold)


def pill_width(words: str) -> int:
    return QFontMetrics(_font()).horizontalAdvance(words) + theme.px(16)


def pill_height() -> int:
    return theme.px(18)


def paint_pill(painter: QPainter, left: float, middle: float, words: str, tone: Tone) -> int:
    """Paint a pill that begins at `left`, centred on `middle`; its width in pixels."""
    width, height = pill_width(words), pill_height()
    box = QRectF(left, middle - height / 2, width, height)
    ground, ink = tone.value
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setFont(_font())
    painter.setPen(theme.colour(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    return width


class Pill(QWidget):
    """A pill as a widget of its own."""

    def __init__(self, words: str, tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._tone = tone
        self.setObjectName("pill")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(words, tone)

    @property
    def words(self) -> str:
        return self._words

    def say(self, words: str, tone: Tone) -> None:
        self._words, self._tone = words, tone
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(pill_width(self._words), pill_height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_pill(painter, 0, self.height() / 2, self._words, self._tone)
