"""How loud it is, as a bar: calm colours, and a second tone for what is near the ceiling."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme

NEAR = 0.85
SAID_STEP = 5


class LevelMeter(QWidget):
    """A value from 0 to 1, 1 being the ceiling the policy sets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Loudness"))
        self._say()

    @property
    def level(self) -> float:
        return self._level

    def set_level(self, level: float) -> None:
        level = min(max(level, 0.0), 1.0)
        if level != self._level:
            self._level = level
            self._say()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(96), theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(32), theme.px(24))

    def _say(self) -> None:
        """In coarse steps: a screen reader is told of changes, not of every period."""
        percent = round(self._level * 100 / SAID_STEP) * SAID_STEP
        words = self.tr("{percent} % of the loudest allowed").format(percent=percent)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            thick = theme.px(6)
            bar = QRectF(0, (self.height() - thick) / 2, self.width(), thick)
            shape = QPainterPath()
            shape.addRoundedRect(bar, thick / 2, thick / 2)
            painter.setClipPath(shape)
            painter.fillRect(bar, theme.colour("raised"))
            calm = min(self._level, NEAR)
            painter.fillRect(QRectF(0, bar.top(), bar.width() * calm, thick), theme.colour("accent"))
            if self._level > NEAR:
                left = bar.width() * NEAR
                near = QRectF(left, bar.top(), bar.width() * (self._level - NEAR), thick)
                painter.fillRect(near, theme.colour("amber"))
            painter.setClipping(False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("edge"))
            painter.drawRect(QRectF(bar.width() * NEAR, bar.top() - theme.px(2), 1, thick + theme.px(4)))
