"""Where in the video we are: a thin bar to click, drag and step along."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.item_words import clock_words


class ScrubBar(QWidget):
    """`sought(seconds)` when the person lets go, so that one drag is one seek; `dragged(seconds)` on the way."""

    sought = Signal(float)
    dragged = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length = 0.0
        self._position = 0.0
        self._drag: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Position in the video"))

    def set_length(self, seconds: float) -> None:
        self._length = max(seconds, 0.0)
        self.set_position(0.0)

    def set_position(self, seconds: float) -> None:
        self._position = min(max(seconds, 0.0), self._length)
        self.setAccessibleDescription(
            self.tr("{at} of {length}").format(at=clock_words(self._position), length=clock_words(self._length))
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(60), theme.px(24))

    def _time_at(self, x: float) -> float:
        return min(max(x / max(self.width(), 1), 0.0), 1.0) * self._length

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = self._time_at(event.position().x())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = self._time_at(event.position().x())
            self.dragged.emit(self._drag)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self.sought.emit(self._time_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -5.0, Qt.Key.Key_Right: 5.0}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.sought.emit(min(max(self._position + step, 0.0), self._length))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            thick, knob = theme.px(6), theme.px(12)
            bar = QRectF(0, (self.height() - thick) / 2, self.width(), thick)
            at = self._position if self._drag is None else self._drag
            share = at / self._length if self._length else 0.0
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, thick), thick / 2, thick / 2)
            centre = knob / 2 + (self.width() - knob) * share
            if self.hasFocus() or self.underMouse() or self._drag is not None:
                painter.drawEllipse(QRectF(centre - knob / 2, (self.height() - knob) / 2, knob, knob))
