"""Between the queue panel and the desk: what is read into it, and what is taken out of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.errors import ReviewerError
from reviewer.model.queue_view import QueueListing
from reviewer.ui.desk_flow import DeskFlow
from reviewer.ui.desk_sides import DeskSides
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.notice import Notice
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
        panel.asked.connect(flow.ask_queue)
        panel.colleagues.chosen.connect(self._give_to)
        panel.model.linesWanted.connect(self._fetch)
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

    def open_filters(self) -> None:
        self._sides.open_queue()
        self._panel.toggle_filters()

    def next_grouping(self) -> None:
        self._sides.open_queue()
        self._panel.next_grouping()

    def hold(self) -> None:
        """Set aside what is on the desk; its draft is kept."""
        self._keeper.settle(lambda _saved: self._flow.hold())

    def give(self) -> None:
        """Choose a colleague to give the item on the desk to; the case system says who can be chosen."""
        self._flow.ask_colleagues(self._choose_colleague)

    def _choose_colleague(self, people: Sequence[tuple[str, str]]) -> None:
        if not people:
            self._notice.tell(
                self.tr("There is nobody to give this item to."),
                self.tr("The item stays on the desk."),
                self.tr("Ask who shares cases to share this one with a colleague, or pass it on."),
            )
            return
        self._sides.open_queue()
        self._panel.colleagues.open(people)

    def _give_to(self, member_id: str) -> None:
        self._desk.setFocus()
        self._keeper.settle(lambda _saved: self._flow.assign(member_id))

    def _fetch(self, lines: tuple[int, ...]) -> None:
        self._flow.fetch_entries(lines, self._panel.model.supply)

    def _queue_read(self, queue: QueueListing) -> None:
        self._panel.show_queue(queue)
        self.read.emit()

    def _not_refreshed(self, error: ReviewerError) -> None:
        self._panel.say_trouble(error.what_happened)

    def _refreshed(self) -> None:
        unreadable = self._flow.unreadable
        words = self.tr("{count} referrals could not be read here; a newer version of this program may.")
        self._panel.say_trouble(words.format(count=unreadable) if unreadable else "")
