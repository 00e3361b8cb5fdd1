"""Between the queue panel and the desk: what is read into it, and what is taken out of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.errors import ReviewerError
from reviewer.ui.desk_flow import DeskFlow
from reviewer.ui.desk_sides import DeskSides
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.notice import Notice
from reviewer.ui.queue_model import QueueSnapshot
from reviewer.ui.queue_panel import QueuePanel

REFRESH_MS = 30_000


class QueueControl(QObject):
    """`read` when the panel shows the queue anew."""

    read = Signal()

    def __init__(
        self, panel: QueuePanel, flow: DeskFlow, keeper: DraftKeeper, sides: DeskSides, notice: Notice, desk: QWidget
    ) -> None:
        super().__init__(desk)
        self._panel = panel
        self._flow = flow
        self._keeper = keeper
        self._sides = sides
        self._notice = notice
        self._desk = desk
        panel.chosen.connect(self.take)
        flow.queueRead.connect(self._queue_read)
        flow.queueNotRefreshed.connect(self._not_refreshed)
        flow.queueRefreshed.connect(self._refreshed)
        self._refresh = QTimer(self)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(flow.refresh_queue)

    def start(self) -> None:
        """Read the queue as known here, then ask the case system, now and again."""
        self._flow.read_queue()
        self._flow.refresh_queue()
        self._refresh.start()

    def stop(self) -> None:
        self._refresh.stop()

    def open(self) -> None:
        """To the queue; in a narrow window the same key closes it again."""
        self._sides.toggle_queue()
        if self._panel.isVisible():
            self._panel.focus_list()

    def open_search(self) -> None:
        self._sides.open_queue()
        self._panel.focus_search()

    def take(self, entry: QueueEntry) -> None:
        self._sides.close_queue()
        self._keeper.settle(lambda _saved: self._exchange(entry))
        self._desk.setFocus()

    def _exchange(self, entry: QueueEntry) -> None:
        """An item is not left while words written about it are only in this window."""
        here = self._flow.entry
        if here is not None and self._keeper.unsaved(here.item.id):
            self._notice.tell(
                self.tr("The last words of your draft could not be saved."),
                self.tr("They are still here, and this item stays on the desk."),
                self.tr("Free disk space, then take the other one."),
            )
        else:
            self._flow.take(entry)

    def _queue_read(self, queue: QueueSnapshot) -> None:
        self._panel.show_queue(queue)
        self.read.emit()

    def _not_refreshed(self, error: ReviewerError) -> None:
        self._panel.say_trouble(error.what_happened)

    def _refreshed(self) -> None:
        self._panel.say_trouble("")
