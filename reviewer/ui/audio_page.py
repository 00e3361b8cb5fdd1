"""A sound in the viewer: its waveform, how it is heard, who listens, and its transcript."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.levels import Level
from reviewer.model.segments import Segment
from reviewer.ui import theme
from reviewer.ui.audio_desk import AudioDesk
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.transport_bar import TransportBar
from reviewer.ui.waveform import Waveform


class AudioPage(QWidget):
    """Shows what `desk` has; `below` goes under the stage, as a video's does."""

    markAsked = Signal()

    def __init__(self, desk: AudioDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.wave = Waveform(self)
        self.below = TransportBar(parent, pictures=False)
        self._heard = ElidedLabel("dim", self)
        self._watermark = PlainLabel(parent=self)
        theme.role(self._watermark, "dim")
        theme.size(self.wave, max_height=220)
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(self._heard, 1)
        head.addWidget(self._watermark)
        self._column = QVBoxLayout(self)
        theme.space(self._column, gap=8)
        self._column.addLayout(head)
        self._column.addWidget(self.wave, 2)
        self._connect()

    def _connect(self) -> None:
        self.wave.sought.connect(self._desk.seek)
        self.below.playPause.connect(self._desk.play_pause)
        self.below.sought.connect(self._desk.seek)
        self.below.skipped.connect(self._desk.skip)
        self.below.markAsked.connect(self.markAsked)
        self._desk.changed.connect(self._refresh)
        self._desk.moved.connect(self._follow)

    def add_transcript(self, pane: QWidget) -> None:
        """The transcript's place, under the waveform."""
        self._column.addWidget(pane, 3)

    def open(self, length_s: float, watermark: str) -> None:
        self.below.set_length(length_s)
        self._watermark.setText(watermark)

    def set_segments(self, segments: tuple[Segment, ...]) -> None:
        self.below.set_segments(segments)
        self.wave.set_marks([edge for segment in segments for edge in (segment.start_s, segment.end_s)])

    def _refresh(self) -> None:
        desk = self._desk
        if desk.outline is not self.wave.outline:
            self.wave.set_outline(desk.outline)
        self.below.show_playing(desk.playing)
        self._heard.say(self._words())
        self._follow()

    def _words(self) -> str:
        desk = self._desk
        if desk.heard is Level.CLEAR:
            return self.tr("Heard clear, until it is paused")
        if desk.heard is Level.DRAWING:
            return self.tr("Heard muffled")
        if desk.playing:
            return self.tr("Opening the sound …")
        if desk.outline is None:
            return self.tr("Opening, silent …")
        if desk.highest < Level.DRAWING:
            return self.tr("Silent. Blue marks where it is like speech.")
        return self.tr("Silent. Blue marks where it is like speech. Space plays it muffled.")

    def _follow(self) -> None:
        self.wave.set_position(self._desk.at_s)
        self.below.show_position(self._desk.at_s)
