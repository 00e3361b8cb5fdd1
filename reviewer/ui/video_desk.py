"""A video on the desk: its storyboard, its position, and its playback at the level that may be shown now."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from reviewer.media.frames import Frame
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.frame_requests import FrameRequests
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.playback import Player
from reviewer.ui.scenes import Scenes
from reviewer.ui.scrub_preview import ScrubPreview
from reviewer.ui.storyboard import Shape, Storyboard
from reviewer.ui.transport_bar import TransportBar

USUAL_FRAME_S = 0.04
END_MARGIN_S = 0.05


class VideoDesk(QObject):
    """`position` is None until a scene is chosen or played: until then the storyboard is what there is to see.

    `frameDue` hands over a frame of the playback, `ended` says that none follows; `moved` says that a still at
    `position` is wanted.
    """

    frameDue = Signal(object)
    ended = Signal()
    moved = Signal()
    changed = Signal()
    scenesAsked = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, requests: FrameRequests, parent: QWidget) -> None:
        super().__init__(parent)
        self._opened: OpenItem | None = None
        self._length = 0.0
        self._look = (Level.BLURRED, True)
        self._frame_s = USUAL_FRAME_S
        self._room = QSize(640, 360)
        self.position: float | None = None
        self.showing = False  # a picture of this playback has been shown
        self.grid = Storyboard(Shape.GRID, parent)
        self.below = QWidget(parent)
        self.below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.strip = Storyboard(Shape.STRIP, self.below)
        self.transport = TransportBar(self.below)
        self.preview = ScrubPreview(requests, parent)
        column = QVBoxLayout(self.below)
        theme.space(column, gap=8)
        column.addWidget(self.strip)
        column.addWidget(self.transport)
        unread = ElidedLabel("dim", self.below)
        unread.say(self.tr("Subtitles and transcripts inside a video are not shown."))
        column.addWidget(unread)
        self.scenes = Scenes(requests, self, self.grid, self.strip)
        self.player = Player(jobs, self)
        self._connect()

    def _connect(self) -> None:
        self.grid.chosen.connect(self.choose)
        self.strip.chosen.connect(self.choose)
        self.strip.marked.connect(self.choose)
        self.scenes.changed.connect(self._cells_changed)
        self.scenes.failed.connect(self.failed)
        self.transport.playPause.connect(self.play_pause)
        self.transport.sought.connect(self.seek)
        self.transport.skipped.connect(self.skip)
        self.transport.stepped.connect(self.step)
        self.transport.speedAsked.connect(self.set_speed)
        self.transport.scenesAsked.connect(self.scenesAsked)
        self.transport.looked.connect(self._look_ahead)
        self.transport.lookedAway.connect(self.preview.dismiss)
        self.preview.changed.connect(self.changed)
        self.player.frameDue.connect(self._frame_due)
        self.player.ended.connect(self._stopped)
        self.player.failed.connect(self._broke)

    # coming and going

    def open(self, opened: OpenItem, length_s: float) -> None:
        self._opened = opened
        self._length = length_s
        self._frame_s = USUAL_FRAME_S
        self.position = None
        self.transport.set_length(length_s)
        self.set_speed(1.0)

    def close(self) -> None:
        """Stop, wipe every frame held here, forget the video."""
        self.wipe()
        self._opened = None
        self.position = None

    def wipe(self) -> None:
        """Stop and wipe the storyboard and the preview; the position is kept."""
        self.pause()
        self.preview.dismiss()
        self.scenes.wipe()

    def load_storyboard(self, level: Level = Level.BLURRED) -> None:
        """Ask for the scenes, unless they are here or on their way at this level or above."""
        if self._opened is not None:
            self.scenes.load(self._opened, level)

    def _cells_changed(self) -> None:
        self._follow()
        self.changed.emit()

    # where it is

    @property
    def at_s(self) -> float:
        """The time a still is taken at."""
        if self.position is not None:
            return self.position
        return self.grid.time_of(self.grid.mark) if self.grid.count else 0.0

    @property
    def playing(self) -> bool:
        return self.player.running

    def choose(self, index: int) -> None:
        self.seek(self.grid.time_of(index))

    def choose_marked(self) -> None:
        """Leave the grid for the scene its mark is on."""
        if self.position is None:
            self.seek(self.at_s)

    def jump(self, scenes: int) -> None:
        """To the scene before (-1) or after (1)."""
        at_s = self.scenes.neighbour(self.at_s, scenes)
        if at_s is not None:
            self.seek(at_s)

    def show_storyboard(self, level: Level = Level.BLURRED) -> None:
        """Back to the grid, its cells at BLURRED or DRAWING."""
        at_s = self.at_s
        self.pause()
        if not self.scenes.whole:
            self.scenes.wipe()
        self.load_storyboard(level)
        if self.grid.count:
            self.grid.set_mark(self.grid.index_at(at_s))
        self.position = None
        self.changed.emit()

    def seek(self, seconds: float) -> None:
        was_playing = self.playing
        self.player.stop()
        self._set_position(min(max(seconds, 0.0), max(self._length - END_MARGIN_S, 0.0)))
        if was_playing:
            self._start()
        else:
            self.moved.emit()

    def skip(self, seconds: float) -> None:
        self.seek(self.at_s + seconds)

    def step(self, frames: int) -> None:
        """Pause and go so many frames on or back."""
        self.pause()
        self.seek(self.at_s + frames * self._frame_s)

    def _look_ahead(self, seconds: float, above: QPoint) -> None:
        """A veiled picture of the place on the scrub bar, while the bar is held or pointed at."""
        if self._opened is not None and self._length:
            at_s = min(seconds, max(self._length - END_MARGIN_S, 0.0))
            self.preview.show_at(self._opened, at_s, self.transport.mapToGlobal(above))

    def _set_position(self, seconds: float) -> None:
        self.position = seconds
        self.transport.show_position(seconds)
        self._follow()

    def _follow(self) -> None:
        if self.position is not None and self.strip.count:
            self.strip.set_mark(self.strip.index_at(self.position))

    # playing

    def set_room(self, pixels: QSize) -> None:
        """Device pixels that playback may fill."""
        self._room = pixels

    def set_look(self, level: Level, grey: bool) -> None:
        """What may be shown while it plays. Another one than before: it goes on from here at that one."""
        if (level, grey) != self._look:
            self._look = level, grey
            if self.playing:
                self._start()

    def set_speed(self, speed: float) -> None:
        self.player.set_speed(speed)
        self.transport.show_speed(speed)

    def change_speed(self, steps: int) -> None:
        self.set_speed(self.transport.next_speed(steps))

    def play_pause(self) -> None:
        if self.playing:
            self.pause()
        else:
            if self.position is not None and self.position >= self._length - 2 * END_MARGIN_S:
                self.position = 0.0
            self._start()

    def pause(self) -> None:
        if self.playing:
            self.player.stop()
            self._stopped()

    def _start(self) -> None:
        opened, start_s, room, (level, grey) = self._opened, self.at_s, self._room, self._look
        if opened is None:
            return
        self._set_position(start_s)
        self.showing = False
        # The worker decodes one stream at a time: what the storyboard has not found by now it would never find.
        self.scenes.give_way()
        self.player.start(
            lambda: opened.play(
                start_s=start_s, level=level, grey=grey, max_width=room.width(), max_height=room.height()
            ),
            speed=self.player.speed,
        )
        self.transport.show_playing(True)
        self.changed.emit()

    def _frame_due(self, frame: Frame) -> None:
        if frame.time_s is not None:
            gone = frame.time_s - (self.position or 0.0)
            if 0.005 < gone < 0.2:
                self._frame_s = gone
            self._set_position(frame.time_s)
        self.showing = True
        self.frameDue.emit(frame)

    def _stopped(self) -> None:
        self.transport.show_playing(False)
        self.ended.emit()
        self.changed.emit()

    def _broke(self, error: ReviewerError) -> None:
        self._stopped()
        self.failed.emit(error)
