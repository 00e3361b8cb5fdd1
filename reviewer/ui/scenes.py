"""The scenes of a video as veiled stills: asked for one by one, shown in the grid and the strip, wiped together."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from reviewer.media.frames import Frame
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui.frame_requests import FrameRequests, Request, wipe_all
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.storyboard import Storyboard

CELLS = 20
CHANNEL = "storyboard"


class _Search:
    """One storyboard on its way; `take` blocks and runs on a job."""

    def __init__(self, opened: OpenItem, level: Level) -> None:
        self.level = level
        self._opened = opened
        self._frames: Iterator[Frame] | None = None
        self.complete = False

    def take(self) -> list[Frame]:
        """The next scene, or nothing when there are no more."""
        if self._frames is None:
            self._frames = self._opened.scenes(cells=CELLS, level=self.level)
        frame = next(self._frames, None)
        return [] if frame is None else [frame]


class Scenes(QObject):
    """Holds the frames that `grid` and `strip` show, all of one level: BLURRED or DRAWING."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, requests: FrameRequests, parent: QObject, grid: Storyboard, strip: Storyboard) -> None:
        super().__init__(parent)
        self._requests = requests
        self._frames: list[Frame] = []
        self._search: _Search | None = None
        self.grid, self.strip = grid, strip

    @property
    def level(self) -> Level:
        """What the cells show; FACTS while there are none."""
        return max((frame.level for frame in self._frames), default=Level.FACTS)

    @property
    def count(self) -> int:
        return len(self._frames)

    @property
    def whole(self) -> bool:
        """Nothing is missing that could still be found."""
        return self._search is None or self._search.complete

    def load(self, opened: OpenItem, level: Level) -> None:
        """Ask for the scenes at `level`, one after the other, so that the first is here at once.

        Cells that show less are wiped first. Nothing happens when these, or some that show more, were asked for.
        """
        if self._search is not None and self._search.level >= level:
            return
        self.wipe()
        self._search = _Search(opened, level)
        self._ask(self._search)

    def give_way(self) -> None:
        """Something else is wanted of the worker: what has not been found by now is not."""
        self._requests.forget(CHANNEL)

    def wipe(self) -> None:
        self._requests.forget(CHANNEL)
        self.grid.clear_cells()
        self.strip.clear_cells()
        wipe_all(self._frames)
        self._frames = []
        self._search = None

    def veil(self, highest: Level) -> None:
        """Wipe cells that show more than `highest`."""
        if self._search is not None and self._search.level > highest:
            self.wipe()

    def neighbour(self, at_s: float, steps: int) -> float | None:
        """The time of the scene before or after; going back first leads to the beginning of the present one."""
        times = [frame.time_s or 0.0 for frame in self._frames]
        if steps > 0:
            return next((time for time in times if time > at_s + 0.05), None)
        return next((time for time in reversed(times) if time < at_s - 0.5), None)

    def _ask(self, search: _Search) -> None:
        self._requests.ask(
            CHANNEL,
            Request(search.take, lambda frames: self._here(search, frames), self._none),
        )

    def _here(self, search: _Search, frames: list[Frame]) -> None:
        wipe_all([frame for frame in frames if frame.level > search.level])
        self._frames.extend(frame for frame in frames if frame.level <= search.level)
        self._frames.sort(key=lambda frame: frame.time_s or 0.0)
        search.complete = not frames
        self._show(len(self._frames) if search.complete else CELLS)
        if not search.complete:
            self._ask(search)

    def _none(self, error: ReviewerError) -> None:
        self._show(len(self._frames))
        self.failed.emit(error)

    def _show(self, expected: int) -> None:
        self.grid.set_cells(list(self._frames), expected)
        self.strip.set_cells(list(self._frames), expected)
        self.changed.emit()
