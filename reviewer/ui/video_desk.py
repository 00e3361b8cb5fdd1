"""A video on the desk: its storyboard, its position, and veiled playback. Revealing is the viewer's, not done here."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from reviewer.media.frames import Frame
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.frame_requests import FrameRequests, Request, wipe_all
from reviewer.ui.playback import Player
from reviewer.ui.ports import OpenItem
from reviewer.ui.storyboard import Shape, Storyboard
from reviewer.ui.transport_bar import TransportBar

CELLS = 20
CHANNEL = "storyboard"
USUAL_FRAME_S = 0.04
END_MARGIN_S = 0.05


class _Scenes:
    """One storyboard on its way; `take` blocks and runs on a job."""

    def __init__(self, opened: OpenItem) -> None:
        self._opened = opened
        self._frames: Iterator[Frame] | None = None
        self.complete = False

    def take(self) -> list[Frame]:
        """The next scene, or nothing when there are no more."""
        if self._frames is None:
            self._frames = self._opened.scenes(cells=CELLS)
        frame = next(self._frames, None)
        return [] if frame is None else [frame]


class VideoDesk(QObject):
    """`position` is None until a scene is chosen or played: until then the storyboard is what there is to see.

    `frameDue` hands over a BLURRED frame of the playback; `moved` says that a still at `position` is wanted.
    """

    frameDue = Signal(object)
    moved = Signal()
    changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, requests: FrameRequests, parent: QWidget) -> None:
        super().__init__(parent)
        self._requests = requests
        self._opened: OpenItem | None = None
        self._length = 0.0
        self._cells: list[Frame] = []
        self._scenes: _Scenes | None = None
        self._frame_s = USUAL_FRAME_S
        self._room = QSize(640, 360)
        self.position: float | None = None
        self.grid = Storyboard(Shape.GRID, parent)
        self.below = QWidget(parent)
        self.below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.strip = Storyboard(Shape.STRIP, self.below)
        self.transport = TransportBar(self.below)
        column = QVBoxLayout(self.below)
        theme.space(column, gap=8)
        column.addWidget(self.strip)
        column.addWidget(self.transport)
        self.player = Player(jobs, self)
        self._connect()

    def _connect(self) -> None:
        self.grid.chosen.connect(self.choose)
        self.strip.chosen.connect(self.choose)
        self.strip.marked.connect(self.choose)
        self.transport.playPause.connect(self.play_pause)
        self.transport.sought.connect(self.seek)
        self.transport.skipped.connect(self.skip)
        self.transport.stepped.connect(self.step)
        self.transport.speedAsked.connect(self.set_speed)
        self.transport.scenesAsked.connect(self.show_storyboard)
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
        """Stop and wipe the storyboard; the position is kept."""
        self.pause()
        self._requests.forget(CHANNEL)
        self.grid.clear_cells()
        self.strip.clear_cells()
        wipe_all(self._cells)
        self._cells = []
        self._scenes = None

    def load_storyboard(self) -> None:
        """Ask for the scenes, one after the other, so that the first is here at once."""
        opened = self._opened
        if opened is not None and self._scenes is None:
            self._scenes = _Scenes(opened)
            self._ask_scene(self._scenes)

    def _ask_scene(self, scenes: _Scenes) -> None:
        self._requests.ask(
            CHANNEL, Request(scenes.take, lambda frames: self._scene_here(scenes, frames), self._no_scenes)
        )

    def _scene_here(self, scenes: _Scenes, frames: list[Frame]) -> None:
        wipe_all([frame for frame in frames if frame.level > Level.BLURRED])
        self._cells.extend(frame for frame in frames if frame.level <= Level.BLURRED)
        self._cells.sort(key=lambda frame: frame.time_s or 0.0)
        scenes.complete = not frames
        self._show_cells(len(self._cells) if scenes.complete else CELLS)
        if not scenes.complete:
            self._ask_scene(scenes)

    def _show_cells(self, expected: int) -> None:
        self.grid.set_cells(list(self._cells), expected)
        self.strip.set_cells(list(self._cells), expected)
        self._follow()
        self.changed.emit()

    def _no_scenes(self, error: ReviewerError) -> None:
        self._show_cells(len(self._cells))
        self.failed.emit(error)

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

    def show_storyboard(self) -> None:
        """Back to the grid."""
        at_s = self.at_s
        if self._scenes is not None and not self._scenes.complete:
            self.wipe()
            self.load_storyboard()
        self.pause()
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

    def _set_position(self, seconds: float) -> None:
        self.position = seconds
        self.transport.show_position(seconds)
        self._follow()

    def _follow(self) -> None:
        if self.position is not None and self._cells:
            self.strip.set_mark(self.strip.index_at(self.position))

    # playing

    def set_room(self, pixels: QSize) -> None:
        """Device pixels that playback may fill."""
        self._room = pixels

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
        opened, start_s, room = self._opened, self.at_s, self._room
        if opened is None:
            return
        self._set_position(start_s)
        # The worker decodes one stream at a time: what the storyboard has not found by now it would never find.
        self._requests.forget(CHANNEL)
        self.player.start(
            lambda: opened.play(
                start_s=start_s, level=Level.BLURRED, grey=True, max_width=room.width(), max_height=room.height()
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
        self.frameDue.emit(frame)

    def _stopped(self) -> None:
        self.transport.show_playing(False)
        self.changed.emit()

    def _broke(self, error: ReviewerError) -> None:
        self._stopped()
        self.failed.emit(error)
