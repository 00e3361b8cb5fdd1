"""The shape of a sound before any of it is heard: loudness over time, where it is like speech, and where we are."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.media.outlines import SoundOutline
from reviewer.ui import theme
from reviewer.ui.item_words import clock_words
from reviewer.ui.own_keys import is_offered

HEIGHT = 96
BAND = 8
SPEECH_FROM = 128
"""A bucket this speech-like or more counts as speech, of 255."""

_STEPS = {
    Qt.Key.Key_Left: -5.0,
    Qt.Key.Key_Right: 5.0,
    Qt.Key.Key_PageUp: -30.0,
    Qt.Key.Key_PageDown: 30.0,
}


class Waveform(QWidget):
    """`sought(seconds)` on a click, at the end of a drag, and for arrow keys, Page Up and Down, Home and End.

    `marks` are times in seconds: a relevant segment's ends, found lines of the transcript.
    """

    sought = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outline: SoundOutline | None = None
        self._position = 0.0
        self._drag: float | None = None
        self._marks: tuple[float, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Waveform"))
        self._say()

    @property
    def outline(self) -> SoundOutline | None:
        return self._outline

    @property
    def position(self) -> float:
        return self._position

    @property
    def marks(self) -> tuple[float, ...]:
        return self._marks

    def set_outline(self, outline: SoundOutline | None) -> None:
        self._outline = outline
        self._drag = None
        self.set_position(0.0)

    def set_position(self, seconds: float) -> None:
        self._position = min(max(seconds, 0.0), self._length())
        self._say()
        self.update()

    def set_marks(self, marks: Sequence[float]) -> None:
        self._marks = tuple(marks)
        self.update()

    def clear(self) -> None:
        self._marks = ()
        self.set_outline(None)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(80), theme.px(48))

    def speech_share(self) -> float:
        """Which part of the whole is like speech, 0 to 1."""
        speech = self._outline.speech if self._outline is not None else b""
        return sum(1 for value in speech if value >= SPEECH_FROM) / len(speech) if speech else 0.0

    def _length(self) -> float:
        return self._outline.duration_s if self._outline is not None else 0.0

    def _say(self) -> None:
        if self._outline is None:
            words = self.tr("Nothing to show yet")
        else:
            words = self.tr("{at} of {length}; {percent} % sounds like speech").format(
                at=clock_words(self._position),
                length=clock_words(self._length()),
                percent=round(self.speech_share() * 100),
            )
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    # input

    def _time_at(self, x: float) -> float:
        return min(max(x / max(self.width(), 1), 0.0), 1.0) * self._length()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._length() and event.button() == Qt.MouseButton.LeftButton:
            self._drag = self._time_at(event.position().x())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = self._time_at(event.position().x())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self.sought.emit(self._time_at(event.position().x()))

    def event(self, event: QEvent) -> bool:
        """Its own keys stay its own, though page keys turn pages elsewhere."""
        if is_offered(event, _STEPS):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, length = Qt.Key(event.key()), self._length()
        wanted = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: length}.get(key)
        if wanted is None and key in _STEPS:
            wanted = self._position + _STEPS[key]
        if wanted is None or not length:
            super().keyPressEvent(event)
            return
        self.sought.emit(min(max(wanted, 0.0), length))

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("card"))
            painter.drawRoundedRect(box, theme.radius(), theme.radius())
            wave = box.adjusted(0, theme.px(6), 0, -theme.px(BAND + 10))
            self._paint_wave(painter, wave)
            self._paint_speech(painter, QRectF(0, box.bottom() - theme.px(BAND + 5), box.width(), theme.px(BAND)))
            self._paint_marks(painter, box)
            self._paint_cursor(painter, box)
            if self.hasFocus():
                painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.radius(), theme.radius())

    def _paint_wave(self, painter: QPainter, room: QRectF) -> None:
        peaks = self._outline.peaks if self._outline is not None else b""
        middle, half = room.center().y(), room.height() / 2
        if not peaks:
            painter.fillRect(QRectF(0, middle, room.width(), 1), theme.colour("line"))
            return
        step = room.width() / len(peaks)
        heights = [
            max(math.sqrt(peak / 255.0) * half, 0.5) for peak in peaks
        ]  # a root, so that quiet sound still shows
        above = [QPointF((i + 0.5) * step, middle - height) for i, height in enumerate(heights)]
        below = [QPointF((i + 0.5) * step, middle + height) for i, height in enumerate(heights)]
        ends = QPointF(0, middle), QPointF(room.width(), middle)
        shape = QPolygonF([ends[0], *above, ends[1], *reversed(below)])
        heard = room.width() * self._shown_at() / self._length() if self._length() else 0.0
        painter.setBrush(theme.colour("edge"))
        painter.drawPolygon(shape)
        painter.setClipRect(QRectF(0, 0, heard, self.height()))
        painter.setBrush(theme.colour("accent"))
        painter.drawPolygon(shape)
        painter.setClipping(False)

    def _paint_speech(self, painter: QPainter, room: QRectF) -> None:
        """A band under the wave, filled where it is like speech: form and place say it, not the colour alone."""
        painter.fillRect(room, theme.colour("raised"))
        speech = self._outline.speech if self._outline is not None else b""
        step = room.width() / max(len(speech), 1)
        start: int | None = None
        for index, value in enumerate([*speech, 0]):
            if value >= SPEECH_FROM and start is None:
                start = index
            elif value < SPEECH_FROM and start is not None:
                painter.fillRect(
                    QRectF(start * step, room.top(), (index - start) * step, room.height()), theme.colour("blue")
                )
                start = None

    def _paint_marks(self, painter: QPainter, box: QRectF) -> None:
        if not self._length():
            return
        for mark in self._marks:
            if 0.0 <= mark <= self._length():
                x = mark / self._length() * box.width()
                painter.fillRect(QRectF(x - 1, 0, theme.px(2), box.height()), theme.colour("amber"))

    def _paint_cursor(self, painter: QPainter, box: QRectF) -> None:
        if self._length():
            thick = theme.px(2)
            x = min(max(self._shown_at() / self._length() * box.width() - thick / 2, 0.0), box.width() - thick)
            painter.fillRect(QRectF(x, 0, thick, box.height()), theme.colour("text"))

    def _shown_at(self) -> float:
        return self._position if self._drag is None else self._drag
