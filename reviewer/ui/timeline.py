"""What the keys of time do to the video or the sound on the desk: play, skip, step, speed, scenes, marks, sound."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, QSizeF, Signal

from reviewer.media.frames import Frame
from reviewer.model.levels import Kind, Level
from reviewer.ui.level_desk import LevelDesk
from reviewer.ui.listening import Listening
from reviewer.ui.marks import Marks
from reviewer.ui.protected_view import ProtectedView
from reviewer.ui.video_desk import VideoDesk

PLAY_SCALE = 0.5  # of each side: a quarter of the room


class Timeline(QObject):
    """`kind` is VIDEO or AUDIO while such an item is open, else None. `settleAsked(Level)` goes to the viewer."""

    settleAsked = Signal(object)

    def __init__(self, video: VideoDesk, levels: LevelDesk, view: ProtectedView, listening: Listening) -> None:
        super().__init__(view)
        self._video, self._levels, self._view = video, levels, view
        self._listening = listening
        self.kind: Kind | None = None
        self.marks = Marks(self._moment, view.parentWidget() or view)
        video.frameDue.connect(self._played)
        video.moved.connect(levels.moment_changed)
        video.moved.connect(listening.beside.moved)
        video.ended.connect(levels.playing_ended)
        video.changed.connect(self._follow_sound)
        video.scenesAsked.connect(self.show_storyboard)
        video.transport.markAsked.connect(self.marks.mark)
        listening.page.markAsked.connect(self.marks.mark)
        self.marks.sought.connect(self._seek)
        self.marks.changed.connect(self._show_marks)

    @property
    def video_in_view(self) -> bool:
        return self.kind is Kind.VIDEO and self._levels.rest is not Level.FACTS

    @property
    def sound_in_view(self) -> bool:
        return self.kind is Kind.AUDIO and self._listening.audio.rest is not Level.FACTS

    # what the keys do

    def play_pause(self) -> None:
        """At FACTS the storyboard or the waveform opens first; a video plays at the level the person rests at."""
        if self.kind is Kind.AUDIO:
            self._listening.audio.play_pause()
        if self.kind is not Kind.VIDEO or self._levels.highest < Level.BLURRED:
            return
        if self._levels.rest is Level.FACTS:
            self.settleAsked.emit(Level.BLURRED)
            return
        self._levels.end_reveal()
        self._video.set_room(self._quarter())
        self._video.play_pause()

    def skip(self, seconds: float) -> None:
        if self.video_in_view:
            self._video.skip(seconds)
        elif self.sound_in_view:
            self._listening.audio.skip(seconds)

    def step(self, frames: int) -> None:
        """So many frames on (or back), paused."""
        if self.video_in_view:
            self._video.step(frames)

    def change_speed(self, steps: int) -> None:
        """Along 0.25, 0.5, 1 and 2 times."""
        if self.video_in_view:
            self._video.change_speed(steps)

    def show_storyboard(self) -> None:
        """All scenes, at the level the person rests at."""
        if self.video_in_view:
            self._levels.end_reveal()
            self._video.show_storyboard(self._levels.rest)

    def jump_scene(self, scenes: int) -> None:
        """To the scene before (-1) or after (1)."""
        if self.video_in_view:
            self._video.jump(scenes)

    # inside

    def _moment(self) -> float | None:
        """Where we are, for marks; None for what has no time or shows none."""
        if self.video_in_view:
            return self._video.at_s
        return self._listening.audio.at_s if self.sound_in_view else None

    def _seek(self, seconds: float) -> None:
        if self.video_in_view:
            self._video.seek(seconds)
        elif self.sound_in_view:
            self._listening.audio.seek(seconds)

    def _show_marks(self) -> None:
        self._video.transport.set_segments(self.marks.segments)
        self._listening.page.set_segments(self.marks.segments)

    def _played(self, frame: Frame) -> None:
        self._levels.take_played(frame)
        self._follow_sound()

    def _follow_sound(self) -> None:
        """Heard only beside pictures that are really shown: `playing` alone may still be waiting for the first."""
        playing = self._video.playing and self._video.showing
        self._listening.beside.follow(playing, self._video.at_s, self._video.player.speed)

    def _quarter(self) -> QSize:
        """Device pixels a video may fill while it plays: half of each side, in a picture that is not enlarged."""
        share = PLAY_SCALE / self._view.place.scale
        return (QSizeF(self._view.pixel_size()) * share).toSize().expandedTo(QSize(1, 1))
