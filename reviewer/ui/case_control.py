"""Between the case panel and the desk: whose case it shows, when it is asked for, and words on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.case_panel import CasePage, CasePanel
from reviewer.ui.case_ports import Arrival, OutcomesView, RelatedView, ThreadView, UnreadThread
from reviewer.ui.desk_sides import DeskSides
from reviewer.ui.message_keeper import MessageKeeper
from reviewer.ui.notice import Notice
from reviewer.ui.ports import Session
from reviewer.ui.top_bar import TopBar

HEAR_MS = 20_000  # what colleagues wrote
LOOK_MS = 1_500  # while the panel is open: whether what was written here has gone out
MERGE_MS = 50  # until words typed early are behind the draft of before


class CaseControl(QObject):
    """Reads the local projection, and asks the case system now and again; both away from the Qt thread.

    `unreadHeard` (a dict of case id to number) when it becomes known what was not read.
    """

    unreadHeard = Signal(object)

    def __init__(
        self,
        panel: CasePanel,
        *,
        session: Session,
        jobs: Jobs,
        sides: DeskSides,
        top_bar: TopBar,
        notice: Notice,
        desk: QWidget,
    ) -> None:
        super().__init__(desk)
        self._panel = panel
        self._threads = session.threads
        self._around = session.around
        self._jobs = jobs
        self._sides = sides
        self._top_bar = top_bar
        self._notice = notice
        self._desk = desk
        self._entry: QueueEntry | None = None
        self._case: tuple[str, str] | None = None  # (id, number) of the case whose thread is shown
        self._unread: Sequence[UnreadThread] = ()
        self._fresh_outcomes = 0
        self._stopped = False
        self.keeper = MessageKeeper(self._threads, jobs, self)
        panel.pageAsked.connect(self.open)
        panel.talk.written.connect(self._written)
        panel.talk.sendAsked.connect(self._send)
        panel.talk.sendAgainAsked.connect(self._send_again)
        panel.talk.otherAsked.connect(self._show_other)
        top_bar.caseAsked.connect(self.toggle)
        self._hear = self._every(HEAR_MS, self.refresh)
        self._look = self._every(LOOK_MS, self._read_thread)

    def _every(self, ms: int, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(ms)
        timer.timeout.connect(do)
        return timer

    def start(self) -> None:
        self._stopped = False
        self._hear.start()
        self._run(self._threads.unread, self._heard)
        self.refresh()

    def stop(self) -> None:
        self._stopped = True
        self._hear.stop()
        self._look.stop()

    # what the keys do

    def toggle(self) -> None:
        """Alt C: what stands around the case; once more and the panel is closed."""
        if self._sides.case_open and self._panel.page is CasePage.AROUND:
            self.close()
        else:
            self.open(CasePage.AROUND)

    def talk(self) -> None:
        """Y: the thread, with the field ready to be written in."""
        self.open(CasePage.TALK)
        if self._case is not None:
            self._panel.talk.focus_field()

    def open(self, page: CasePage) -> None:
        self._panel.show_page(page)
        self._sides.open_case()
        self._look.start()
        self._read()

    def close(self) -> None:
        self._sides.close_case()
        self._look.stop()
        self._desk.setFocus()

    # what is on the desk

    def show_case(self, entry: QueueEntry | None) -> None:
        """The case of this entry; None when nothing is on the desk."""
        self._entry = entry
        self._show_thread_of((entry.case.id, entry.case.number) if entry is not None else None)

    def settle(self, then: Callable[[bool], None]) -> None:
        """Save what is not saved; `then(False)` when that did not work."""
        self.keeper.settle(then)

    def _keep_early(self) -> None:
        early, case_id = self._panel.talk.early, self._panel.talk.case_id
        if early and case_id is not None:
            self.keeper.keep_behind(case_id, early)

    def _show_other(self, case_id: str) -> None:
        other = next((one for one in self._unread if one.case_id == case_id), None)
        if other is not None:
            self._show_thread_of((other.case_id, other.case_number))

    def _show_thread_of(self, case: tuple[str, str] | None) -> None:
        if case != self._case:
            self._keep_early()
            self._case = case
            if case is None:
                self._panel.talk.clear()
            else:
                self._panel.talk.begin(case[0])
            self._panel.around.show_nothing(asked=case is not None)
            self._panel.around.say_trouble("")
        self._panel.show_title(case[1] if case is not None else "")
        self._say_unread()
        if self._sides.case_open:
            self._read()

    # reading

    def _read(self) -> None:
        """From the store at once, then from the case system."""
        self._read_thread()
        case = self._case
        around = self._around
        if case is None:
            self._run(around.outcomes, self._show_outcomes)
            return
        # One after the other: what was kept, coming late, must not cover what was just heard or that nobody answers.
        self._run(lambda: around.related(case[0]), lambda view: self._show_kept(case[0], view))

    def _ask_related(self, case_id: str) -> None:
        if self._case is None or case_id != self._case[0]:
            return
        around = self._around
        self._run(
            lambda: around.refresh_related(case_id),
            lambda view: self._show_related(case_id, view, asked=False),
            lambda error: self._not_heard(case_id, error),
        )

    def _read_thread(self) -> None:
        case = self._case
        if case is not None and self._sides.case_open:
            threads = self._threads
            self._run(lambda: threads.thread(case[0]), self._show_thread)

    def refresh(self) -> None:
        """Ask the case system. That nothing answers is in the status bar already."""
        around = self._around
        self._run(self._threads.refresh, self._heard, lambda _error: None)
        self._run(around.refresh_outcomes, self._outcomes_heard, lambda _error: None)

    def _heard(self, unread: Sequence[UnreadThread]) -> None:
        self._unread = unread
        self._say_unread()
        self._read_thread()

    def _outcomes_heard(self, view: OutcomesView) -> None:
        self._fresh_outcomes = len(view.fresh)
        self._say_unread()
        if self._case is None and self._sides.case_open:
            self._show_outcomes(view)

    def _say_unread(self) -> None:
        here = self._case[0] if self._case is not None else ""
        self._top_bar.say_unread(sum(one.count for one in self._unread), self._fresh_outcomes)
        self.unreadHeard.emit({one.case_id: one.count for one in self._unread})
        self._panel.talk.show_unread([one for one in self._unread if one.case_id != here])

    # showing

    def _show_thread(self, view: ThreadView) -> None:
        if self._case is None or view.case_id != self._case[0]:
            return
        if self.keeper.merging(view.case_id):
            QTimer.singleShot(MERGE_MS, self, self._read_thread)
            return
        unsaved = self.keeper.unsaved(view.case_id)
        if unsaved is not None:
            view = ThreadView(view.case_id, view.lines, unsaved, view.unread, view.last)
        self._panel.talk.show_thread(view, datetime.now(UTC))
        if view.unread and self._panel.talk.isVisible():
            threads = self._threads
            self._run(lambda: threads.read_up_to(view.case_id, view.last), lambda _nothing: self._seen(view.case_id))
        if any(line.arrival is Arrival.SENT for line in view.lines):
            self._run(self._threads.refresh, self._heard_after_sending, lambda _error: None)

    def _heard_after_sending(self, unread: Sequence[UnreadThread]) -> None:
        self._unread = unread
        self._say_unread()

    def _seen(self, case_id: str) -> None:
        self._unread = [one for one in self._unread if one.case_id != case_id]
        self._say_unread()

    def _show_related(self, case_id: str, view: RelatedView | None, *, asked: bool) -> None:
        if self._case is None or case_id != self._case[0]:
            return
        if view is None:
            self._panel.around.show_nothing(asked=asked)
            return
        on_desk = self._entry.item.id if self._entry is not None else None
        self._panel.around.show_related(view, on_desk, datetime.now(UTC))
        self._panel.around.say_trouble("")

    def _show_kept(self, case_id: str, view: RelatedView | None) -> None:
        self._show_related(case_id, view, asked=True)
        self._ask_related(case_id)

    def _not_heard(self, case_id: str, error: ReviewerError) -> None:
        if self._case is not None and case_id == self._case[0]:
            self._panel.around.say_trouble(error.what_happened)

    def _show_outcomes(self, view: OutcomesView) -> None:
        if self._case is not None:
            return
        self._panel.around.show_outcomes(view)
        if view.fresh and self._panel.around.isVisible():
            self._fresh_outcomes = 0
            self._run(self._around.outcomes_seen, lambda _nothing: self._say_unread())

    # writing

    def _written(self, text: str) -> None:
        case_id = self._panel.talk.case_id
        if case_id is not None:
            self.keeper.keep(case_id, text)

    def _send(self, text: str) -> None:
        self._go(lambda case_id: self._threads.send(case_id, text))

    def _send_again(self, message_id: str, text: str) -> None:
        def again(case_id: str) -> None:
            self._threads.send_again(message_id, text)
            self._threads.save_draft(case_id, "")

        self._go(again)

    def _go(self, send: Callable[[str], None]) -> None:
        case_id = self._panel.talk.case_id
        if case_id is None:
            return
        # A draft on its way to the store must not come after the message that it became.
        self.keeper.settle(
            lambda _saved: self._run(
                lambda: send(case_id),
                lambda _nothing: self._sent(case_id),
                lambda error: self._not_sent(case_id, error),
            )
        )

    def _sent(self, case_id: str) -> None:
        self.keeper.forget(case_id)
        if self._panel.talk.case_id == case_id:
            self._panel.talk.sent()
        self._read_thread()

    def _not_sent(self, case_id: str, error: ReviewerError) -> None:
        if self._panel.talk.case_id == case_id:
            self._panel.talk.not_sent()
        self._notice.tell_error(error)

    def _run(
        self,
        job: Callable[[], object],
        then: Callable[..., None],
        failed: Callable[[ReviewerError], None] | None = None,
    ) -> None:
        """Once stopped, nothing that still comes back is shown: the store is being locked."""

        def shown(result: object) -> None:
            if not self._stopped:
                then(result)

        def told(error: ReviewerError) -> None:
            if not self._stopped:
                (failed or self._notice.tell_error)(error)

        self._jobs.run(job, then=shown, failed=told, owner=self)
