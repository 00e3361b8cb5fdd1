"""Joins second readings to the desk: what is said when two differ, and which item the side-by-side page opens with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from reviewer.model.readings import ReadingLine, Stage
from reviewer.ui.bridge import Jobs
from reviewer.ui.consensus_page import ConsensusPage
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.ports import SecondReadings
from reviewer.ui.workbench import Workbench

KEY = "F8"


class ReadingsControl(QObject):
    """Tells each difference once a session, at the first refresh of the queue after it came about."""

    def __init__(self, workbench: Workbench, second: SecondReadings, jobs: Jobs) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self._page: ConsensusPage | None = None
        self._third: str | None = None
        self._second = second
        self._jobs = jobs
        self._told: set[tuple[str, Stage]] = set()
        workbench.flow.taken.connect(self._taken)
        workbench.flow.emptied.connect(lambda: self._say_on_desk(None))
        workbench.flow.queueRefreshed.connect(self.ask)

    def join(self, page: ConsensusPage) -> None:
        """It was made: it opens with the item on the desk, where that is read a third time."""
        self._page = page
        page.on_desk(self._third)

    def ask(self) -> None:
        # A case system that does not answer is said by the queue already.
        self._jobs.run(self._second.mine, then=self._came, failed=lambda _error: None, owner=self)

    def _taken(self, item: TakenItem) -> None:
        third = item.entry.round == 3
        self._say_on_desk(item.entry.item.id if third else None)
        if third:
            self._workbench.notice.tell(
                self.tr("Two colleagues decided this item differently."),
                self.tr("Both decisions are kept; yours will stand."),
                self.tr("F8 shows them side by side."),
                calm=True,
            )

    def _say_on_desk(self, item_id: str | None) -> None:
        self._third = item_id
        if self._page is not None:
            self._page.on_desk(item_id)

    def _came(self, lines: Sequence[ReadingLine]) -> None:
        waiting = {(line.item_id, line.stage) for line in lines if line.stage in (Stage.THIRD, Stage.CONSENSUS)}
        fresh = waiting - self._told
        self._told |= waiting
        if not fresh:
            return
        ours = any(stage is Stage.CONSENSUS for _, stage in fresh)
        self._workbench.notice.tell(
            self.tr("A colleague decided an item of yours as well, and the two decisions differ."),
            self.tr("Both are kept, with every word."),
            self.tr("The two of you settle it: F8.") if ours else self.tr("A third person settles it; F8 says when."),
            calm=True,
        )
