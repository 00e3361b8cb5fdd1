"""Where in the video or sound we are: a thin bar to click, drag and step along, with the marked segments on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.model.segments import Segment
from reviewer.ui import theme
from reviewer.ui.item_words import clock_words
from reviewer.ui.own_keys import is_offered

_STEPS = {
    Qt.Key.Key_Left: -5.0,
    Qt.Key.Key_Right: 5.0,
    Qt.Key.Key_Down: -1.0,
    Qt.Key.Key_Up: 1.0,
    Qt.Key.Key_PageUp: -30.0,
    Qt.Key.Key_PageDown: 30.0,
}


class ScrubBar(QWidget):
    """`sought(seconds)` when the person lets go, so that one drag, or one key held down, is one seek.

    On the way, and when the pointer only rests on the bar, `looked(seconds, x)` says where; `lookedAway()` ends it.
    """

    sought = Signal(float)
    looked = Signal(float, int)
    lookedAway = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length = 0.0
        self._position = 0.0
        self._drag: float | None = None
        self._by_key = False
        self._segments: tuple[Segment, ...] = ()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Position"))

    def set_length(self, seconds: float) -> None:
        self._length = max(seconds, 0.0)
        self.set_position(0.0)

    def set_position(self, seconds: float) -> None:
        self._position = min(max(seconds, 0.0), self._length)
        self.setAccessibleDescription(
            self.tr("{at} of {length}").format(at=clock_words(self._position), length=clock_words(self._length))
        )
        self.update()

    def set_segments(self, segments: tuple[Segment, ...]) -> None:
        self._segments = segments
        self.update()

    @property
    def scrubbing(self) -> bool:
        """Held by the pointer or a key; where we are is still the old place."""
        return self._drag is not None

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(60), theme.px(24))

    def _time_at(self, x: float) -> float:
        return min(max(x / max(self.width(), 1), 0.0), 1.0) * self._length

    def _look(self, seconds: float) -> None:
        x = seconds / self._length * self.width() if self._length else 0.0
        self.looked.emit(seconds, round(x))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_key = False
        self._drag = self._time_at(event.position().x())
        self._look(self._drag)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at_s = self._time_at(event.position().x())
        if self._drag is not None:
            self._drag = at_s
        self._look(at_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._let_go(self._time_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        if self._drag is None:
            self.lookedAway.emit()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Its own keys stay its own, though page keys turn pages elsewhere."""
        if is_offered(event, _STEPS):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at_s = self._position if self._drag is None else self._drag
        key = Qt.Key(event.key())
        wanted = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: self._length}.get(key)
        if key in _STEPS:
            wanted = min(max(at_s + _STEPS[key], 0.0), self._length)
        if wanted is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
            return
        self._by_key, self._drag = True, wanted
        self._look(wanted)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._by_key and self._drag is not None and not event.isAutoRepeat():
            self._let_go(self._drag)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key that came up elsewhere is no wish."""
        self._by_key, self._drag = False, None
        self.lookedAway.emit()
        super().focusOutEvent(event)

    def _let_go(self, at_s: float) -> None:
        self._by_key, self._drag = False, None
        if not self.underMouse():
            self.lookedAway.emit()
        self.sought.emit(at_s)

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
            self._paint_segments(painter, bar)
            centre = knob / 2 + (self.width() - knob) * share
            if self.hasFocus() or self.underMouse() or self._drag is not None:
                painter.setBrush(theme.colour("accent"))
                painter.drawEllipse(QRectF(centre - knob / 2, (self.height() - knob) / 2, knob, knob))

    def _paint_segments(self, painter: QPainter, bar: QRectF) -> None:
        """Taller than the bar, with a stem at their start: told by their form, not by colour alone."""
        if not self._length:
            return
        painter.setBrush(theme.colour("amber"))
        for segment in self._segments:
            left = segment.start_s / self._length * bar.width()
            width = max((segment.end_s - segment.start_s) / self._length * bar.width(), theme.px(2))
            painter.drawRect(QRectF(left, bar.top(), min(width, bar.width() - left), bar.height()))
            painter.drawRect(QRectF(left, bar.top() - theme.px(4), theme.px(2), bar.height() + theme.px(8)))
