"""What stands at the sides of the picture: shown, hidden, or taking turns where the window is narrow."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.case_panel import CasePanel
from reviewer.ui.case_sections import PANEL_WIDTH
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.desk_flow import DeskFlow, DeskState
from reviewer.ui.queue_panel import QueuePanel

NARROW = 1200  # below so many pixels at scale 1 the queue steps aside while an item is on the desk
WIDE = 1640  # from here on the queue and the case stand side by side; below, the case takes the place of the queue
QUEUE_WIDTH, DECISION_WIDTH, CASE_WIDTH = 296, 348, PANEL_WIDTH


class DeskSides:
    """Of one desk: its width decides, asked anew with every `fit`."""

    def __init__(
        self, desk: QWidget, flow: DeskFlow, queue: QueuePanel, decision: DecisionPanel, case: CasePanel
    ) -> None:
        self._desk = desk
        self._flow = flow
        self._queue = queue
        self._decision = decision
        self._case = case
        self._queue_open = False
        self._case_open = False
        self._full = False

    def around(self, middle: QLayout) -> QHBoxLayout:
        """A row: the queue, the case, `middle` with all the room there is, the decision."""
        theme.size(self._queue, width=QUEUE_WIDTH)
        theme.size(self._decision, width=DECISION_WIDTH)
        theme.size(self._case, width=CASE_WIDTH)
        row = QHBoxLayout()
        theme.space(row)
        row.addWidget(self._queue)
        row.addWidget(self._case)
        row.addLayout(middle, 1)
        row.addWidget(self._decision)
        return row

    def toggle_queue(self) -> None:
        """Only in a narrow window does it close again."""
        self._queue_open = not (self._queue_open and self._narrow)
        self._give_way()
        self.fit()

    def open_queue(self) -> None:
        self._queue_open = True
        self._give_way()
        self.fit()

    @property
    def case_open(self) -> bool:
        return self._case_open

    def open_case(self) -> None:
        self._case_open = True
        self._queue_open = False
        self.fit()

    def close_case(self) -> None:
        self._case_open = False
        self.fit()

    def _give_way(self) -> None:
        """The case does, where there is no room for both."""
        if not self._wide:
            self._case_open = False

    def close_queue(self) -> None:
        self._queue_open = False
        self.fit()

    def set_full(self, full: bool) -> None:
        """No sides at all: the picture alone."""
        self._full = full
        self.fit()

    def fit(self) -> None:
        """In a narrow window the queue and the decision take turns; the picture keeps its room."""
        empty = self._flow.state is DeskState.EMPTY
        case = self._case_open
        queue = (empty or self._queue_open or not self._narrow) and not (case and not self._wide)
        decision = not ((case or (self._queue_open and not empty)) and self._narrow)
        self._queue.setVisible(not self._full and queue)
        self._case.setVisible(not self._full and case)
        self._decision.setVisible(not self._full and decision)

    @property
    def _wide(self) -> bool:
        return self._desk.width() >= WIDE * theme.current().scale

    @property
    def _narrow(self) -> bool:
        return self._desk.width() < NARROW * theme.current().scale
