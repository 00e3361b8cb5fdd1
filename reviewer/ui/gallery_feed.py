"""Veiled pictures for the cells in view: asked for two at a time, kept for a few screens, wiped at once when told."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from reviewer.media.frames import Frame
from reviewer.media.link import ItemClosed
from reviewer.model.errors import ReviewerError, SyncError
from reviewer.ui.bridge import Jobs
from reviewer.ui.frame_image import image_over
from reviewer.ui.item_ports import VeiledCells

AT_ONCE = 2
MOST_KEPT = 400  # frames of up to 160 x 160 grey pixels: 10 MB


@dataclass(frozen=True, slots=True)
class _Kept:
    frame: Frame
    image: QImage  # over the frame's own bytes: wiping the frame blackens it


class GalleryFeed(QObject):
    """`changed(item_id)` when its picture came, or could not be had. Never blocks."""

    changed = Signal(str)

    def __init__(self, cells: VeiledCells, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells = cells
        self._jobs = jobs
        self._wanted: list[str] = []
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._asked: set[str] = set()
        self._trouble: dict[str, str] = {}
        self._generation = 0

    def want(self, item_ids: Sequence[str]) -> None:
        """These, the first first, and no others: what is under way comes still."""
        self._wanted = list(item_ids)
        for item_id in reversed(self._wanted):
            if item_id in self._kept:
                self._kept.move_to_end(item_id)
        self._forget_most()
        self._ask()

    def picture(self, item_id: str) -> QImage | None:
        kept = self._kept.get(item_id)
        return kept.image if kept is not None else None

    def trouble(self, item_id: str) -> str:
        """Why there is no picture, in one sentence; empty when there may be one."""
        return self._trouble.get(item_id, "")

    @property
    def kept(self) -> int:
        """How many pictures are in memory."""
        return len(self._kept)

    @property
    def waiting(self) -> int:
        """How many of the wanted pictures are not there yet."""
        return sum(1 for item_id in self._wanted if item_id not in self._kept and item_id not in self._trouble)

    def drop(self) -> None:
        """At once: every picture is wiped, every worker that is at one ends, nothing that comes later is kept."""
        self._generation += 1
        self._wanted = []
        self._asked.clear()
        self._cells.drop()
        for kept in self._kept.values():
            kept.frame.wipe()
        self._kept.clear()

    def forget_trouble(self) -> None:
        """What failed may be tried again."""
        self._trouble.clear()

    def _ask(self) -> None:
        for item_id in self._wanted:
            if len(self._asked) >= AT_ONCE:
                return
            if item_id not in self._kept and item_id not in self._asked and item_id not in self._trouble:
                self._begin(item_id)

    def _begin(self, item_id: str) -> None:
        generation = self._generation
        cells = self._cells
        self._asked.add(item_id)
        self._jobs.run(
            lambda: cells.thumbnail(item_id),
            then=lambda frame: self._came(item_id, frame, generation),
            failed=lambda error: self._failed(item_id, error, generation),
            owner=self,
        )

    def _came(self, item_id: str, frame: Frame, generation: int) -> None:
        if generation != self._generation:
            frame.wipe()
            return
        self._asked.discard(item_id)
        try:
            self._kept[item_id] = _Kept(frame, image_over(frame))
        except ValueError:
            frame.wipe()
            self._trouble[item_id] = self.tr("It could not be shown.")
        self._forget_most()
        self.changed.emit(item_id)
        self._ask()

    def _failed(self, item_id: str, error: ReviewerError, generation: int) -> None:
        if generation != self._generation:
            return
        self._asked.discard(item_id)
        if not isinstance(error, ItemClosed):
            self._trouble[item_id] = error.what_happened
        if isinstance(error, SyncError):
            # One case system for all: the others are not asked for one after the other only to fail as well.
            self._wanted = []
        self.changed.emit(item_id)
        self._ask()

    def _forget_most(self) -> None:
        wanted = set(self._wanted)
        for item_id in list(self._kept):
            if len(self._kept) <= MOST_KEPT:
                return
            if item_id not in wanted:
                self._kept.pop(item_id).frame.wipe()
