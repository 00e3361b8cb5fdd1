"""The buttons under a video or a sound: play, where it is, how fast. It only asks; the desk does."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.segments import Segment
from reviewer.ui import theme
from reviewer.ui.item_words import clock_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.scrub_bar import ScrubBar
from reviewer.ui.wrap_row import WrapRow

SPEEDS = (0.25, 0.5, 1.0, 2.0)


class TransportBar(QWidget):
    """Signals ask: `sought` and `skipped` in seconds, `stepped` in frames, `speedAsked` in times.

    `looked(seconds, point)` says where on the scrub bar the person is before letting go, in this widget's coordinates.
    """

    playPause = Signal()
    sought = Signal(float)
    skipped = Signal(float)
    stepped = Signal(int)
    speedAsked = Signal(float)
    scenesAsked = Signal()
    markAsked = Signal()
    looked = Signal(float, QPoint)
    lookedAway = Signal()

    def __init__(self, parent: QWidget | None = None, *, pictures: bool = True) -> None:
        """`pictures`: there are frames to step through, scenes to go back to, and speeds."""
        super().__init__(parent)
        self._length = 0.0
        self._position = 0.0
        self._speed = 1.0
        where, self._buttons = QWidget(self), QWidget(self)
        self._play = KeyButton(self.tr("Play"), self.tr("Space"), parent=where)
        self._play.setObjectName("playPause")
        self._time = PlainLabel(parent=where)
        theme.role(self._time, "dim")
        self._scrub = ScrubBar(where)
        self._back = self._button(self.tr("−5"), "J", lambda: self.skipped.emit(-5.0))
        self._step = self._button(self.tr("Frame"), ", .", lambda: self.stepped.emit(1))
        self._on = self._button(self.tr("+5"), "L", lambda: self.skipped.emit(5.0))
        self._scenes = self._button(self.tr("Scenes"), "A", lambda: self.scenesAsked.emit())
        self._rate = self._button("", "< >", self._next_speed)
        self._mark = KeyButton(self.tr("Mark"), "[ ]", parent=where)
        self._mark.clicked.connect(lambda: self.markAsked.emit())
        self._mark.setToolTip(self.tr("Mark where something relevant begins, and again where it ends"))
        self._back.setAccessibleName(self.tr("5 seconds back"))
        self._on.setAccessibleName(self.tr("5 seconds on"))
        self._step.setToolTip(self.tr("One frame on; the comma key goes one back"))
        left = QHBoxLayout(where)
        theme.space(left, gap=8)
        left.addWidget(self._play)
        left.addWidget(self._time, 0, Qt.AlignmentFlag.AlignVCenter)
        left.addWidget(self._scrub, 1)
        left.addWidget(self._mark)
        right = QHBoxLayout(self._buttons)
        theme.space(right, gap=8)
        for button in (self._back, self._on, self._step, self._rate, self._scenes):
            right.addWidget(button)
        for button in (self._step, self._rate, self._scenes):
            button.setVisible(pictures)
        column = QVBoxLayout(self)
        theme.space(column)
        column.addWidget(WrapRow(where, self._buttons, fills=True, parent=self))
        self._play.clicked.connect(lambda: self.playPause.emit())
        self._scrub.sought.connect(self.sought)
        self._scrub.looked.connect(self._looked)
        self._scrub.lookedAway.connect(self._looked_away)
        self.show_speed(1.0)
        self.show_playing(False)

    def _button(self, words: str, key: str, does: object) -> KeyButton:
        button = KeyButton(words, key, parent=self._buttons)
        button.clicked.connect(does)
        return button

    def set_length(self, seconds: float) -> None:
        self._length = seconds
        self._scrub.set_length(seconds)
        self.show_position(0.0)

    def show_position(self, seconds: float) -> None:
        self._position = seconds
        self._scrub.set_position(seconds)
        if not self._scrub.scrubbing:
            self._say_time(seconds)

    def set_segments(self, segments: tuple[Segment, ...]) -> None:
        self._scrub.set_segments(segments)

    def _looked(self, seconds: float, x: int) -> None:
        if self._scrub.scrubbing:
            self._say_time(seconds)
        self.looked.emit(seconds, self._scrub.mapTo(self, QPoint(x, 0)))

    def _looked_away(self) -> None:
        self._say_time(self._position)
        self.lookedAway.emit()

    def _say_time(self, seconds: float) -> None:
        self._time.setText(f"{clock_words(seconds)} / {clock_words(self._length)}")

    def show_playing(self, playing: bool) -> None:
        self._play.set_words(self.tr("Pause") if playing else self.tr("Play"))

    def show_speed(self, speed: float) -> None:
        self._speed = speed
        self._rate.set_words(f"{speed:g}×")
        self._rate.setAccessibleName(self.tr("Speed {speed:g} times").format(speed=speed))

    def next_speed(self, steps: int) -> float:
        """The speed `steps` further along the row of speeds, at its ends the last one."""
        at = SPEEDS.index(self._speed) if self._speed in SPEEDS else SPEEDS.index(1.0)
        return SPEEDS[min(max(at + steps, 0), len(SPEEDS) - 1)]

    def _next_speed(self) -> None:
        at = SPEEDS.index(self._speed) if self._speed in SPEEDS else 0
        self.speedAsked.emit(SPEEDS[(at + 1) % len(SPEEDS)])
