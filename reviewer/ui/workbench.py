"""The reviewer's desk: top bar, queue, viewer, decision. Lays them out and joins them; each has its own control."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision
from reviewer.model.errors import ReviewerError
from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.case_control import CaseControl
from reviewer.ui.case_panel import CasePanel
from reviewer.ui.decision_control import DecisionControl
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.desk_flow import DeskFlow, DeskState
from reviewer.ui.desk_sides import DeskSides
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.empty_desk import EmptyDesk
from reviewer.ui.item_ports import OpenItem, TakenItem
from reviewer.ui.looking import Looking
from reviewer.ui.notice import Notice
from reviewer.ui.ports import Session
from reviewer.ui.queue_control import QueueControl
from reviewer.ui.queue_panel import QueuePanel
from reviewer.ui.report_page import ReportPage
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.together import Together
from reviewer.ui.top_bar import TopBar
from reviewer.ui.viewer import ViewerPanel
from reviewer.ui.workbench_keys import bind_workbench

HEARTBEAT_MS = 1000
SETTLE_MS = 20


class Workbench(QWidget):
    """`hideAsked` and `beat` go to the frame around it, which owns the cover, the break and the status bar."""

    hideAsked = Signal()
    pauseOffered = Signal()
    beat = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workbench")
        self.setAccessibleName(self.tr("Workbench"))
        self._session = session
        self.others_busy: Callable[[], bool] = lambda: False  # decisions of another page are being written down
        self.top_bar = TopBar(self)
        self.queue = QueuePanel(session.member.id, self, harms=session.policy.harm_types)
        self.viewer = ViewerPanel(jobs, self)
        self.decision = DecisionPanel(session.policy, self)
        self.case = CasePanel(session.policy, self)
        self.notice = Notice(self, key="D")
        self.flow = DeskFlow(session, jobs, self.queue.first, self, unasked=self.queue.comes_unasked)
        self.tell_in_view: Callable[[ReviewerError], None] = self.tell_error  # on whichever page is; the frame knows
        self.keeper = DraftKeeper(session, jobs, self)
        self.together = Together(session, jobs, self)
        self.viewer.facts.together = self.together
        self.sides = DeskSides(self, self.flow, self.queue, self.decision, self.case)
        self.looking = Looking(session, self.flow, self.viewer, self.decision, self)
        self.queueing = QueueControl(self.queue, self.flow, self.keeper, self.sides, self.notice, self)
        self.deciding = DecisionControl(
            self.decision,
            policy=session.policy,
            flow=self.flow,
            keeper=self.keeper,
            viewer=self.viewer,
            looking=self.looking,
            notice=self.notice,
            together=self.together,
            desk=self,
        )
        self.colleagues = CaseControl(
            self.case,
            session=session,
            jobs=jobs,
            sides=self.sides,
            top_bar=self.top_bar,
            notice=self.notice,
            desk=self,
        )
        self._build()
        self._connect()
        self._state_changed(DeskState.EMPTY)

    def _build(self) -> None:
        self._empty = EmptyDesk(self)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(self._empty)
        self._stage.addWidget(self.viewer)
        self.report_page = ReportPage(self._session.policy, self)
        self._stage.addWidget(self.report_page)
        middle = QVBoxLayout()
        theme.space(middle)
        middle.addWidget(self.notice.in_room(self))
        middle.addWidget(self._stage, 1)
        column = QVBoxLayout(self)
        theme.space(column)
        column.addWidget(self.top_bar)
        column.addLayout(self.sides.around(middle), 1)

    def _connect(self) -> None:
        self.top_bar.passOn.connect(self.pass_on)
        self.top_bar.hideEverything.connect(self.hideAsked)
        self.flow.stateChanged.connect(self._state_changed)
        self.flow.taken.connect(self._show_item)
        self.flow.emptied.connect(self._clear)
        self.queueing.read.connect(lambda: self._state_changed(self.flow.state))
        self.deciding.done.connect(self._go_on)
        self.flow.heldAside.connect(self._go_on)
        self.flow.given.connect(self._go_on)
        self.colleagues.unreadHeard.connect(self.queue.say_unread)
        for keeper in (self.keeper, self.colleagues.keeper):
            keeper.failed.connect(lambda error: self.tell_in_view(error))
        self.viewer.facts.fromNotes.connect(self.deciding.from_notes)
        self._heart = QTimer(self)
        self._heart.setInterval(HEARTBEAT_MS)
        self._heart.timeout.connect(self._beat)
        self._empty.due.connect(self._show_empty)
        self.deciding.reported.connect(self._show_report)
        self.report_page.go_on.clicked.connect(self._report_read)

    def bind(self, shortcuts: Shortcuts) -> None:
        bind_workbench(shortcuts, self)

    def start(self) -> None:
        self.queueing.start()
        self.colleagues.start()
        self._heart.start()

    @property
    def policy(self) -> Policy:
        """The organisation's, in force for this session."""
        return self._session.policy

    @property
    def open_item(self) -> OpenItem | None:
        """The item open in a worker now."""
        item = self.looking.item
        return item.opened if item is not None else None

    def follow_preferences(self) -> None:
        """Others are in force: for what is on the desk at once, and for what is offered next."""
        item = self.flow.item
        if item is not None:
            self.viewer.follow(self._session.rules_for(item.entry))
        self.flow.read_queue()

    def set_full(self, full: bool) -> None:
        """The picture alone, as it is; queue and decision come back with the window."""
        self.viewer.say_full(full)
        self.sides.set_full(full)
        self.looking.set_full(full)

    # what the keys do

    def open_queue(self) -> None:
        self.queueing.open()

    def open_search(self) -> None:
        self.queueing.open_search()

    def take(self, entry: QueueEntry) -> None:
        self.queueing.take(entry)

    def primary(self) -> None:
        """Enter: decide what is on the desk, or take the next item when there is nothing."""
        if self.reading_report and self.flow.state is DeskState.EMPTY:
            self._report_read()
            return
        self.deciding.decide()

    def pass_on(self) -> None:
        self.deciding.pass_on()

    def hold(self) -> None:
        self.queueing.hold()

    def open_filters(self) -> None:
        self.queueing.open_filters()

    def next_grouping(self) -> None:
        self.queueing.next_grouping()

    def give(self) -> None:
        self.queueing.give()

    def undo(self) -> None:
        self.deciding.undo()

    def amend(self) -> None:
        self.deciding.amend()

    def report_now(self) -> None:
        self.deciding.report_now()

    def tell_error(self, error: ReviewerError) -> None:
        self.notice.tell_error(error)

    def tell_protection(self) -> None:
        """That one the policy requires is missing, where that is so."""
        if self._session.protection_missing:
            self.notice.tell(
                self.tr("A required protection is missing on this machine."),
                self.tr("Nothing is shown above the drawing."),
                self.tr("F2 says which one."),
            )

    def understood(self) -> None:
        self.notice.dismiss()
        self.viewer.notice.dismiss()

    # hiding

    def hide_now(self) -> None:
        """Immediate: frames wiped, workers ended, nothing of the item left on the page. The draft is kept."""
        self.viewer.clear()
        self.flow.put_away()
        self.looking.hide()
        self.decision.show_draft(None)
        self.top_bar.show_entry(None, None)
        self.keeper.settle(lambda _saved: None)
        self.colleagues.settle(lambda _saved: None)
        self.colleagues.show_case(None)

    def come_back(self) -> None:
        self.looking.resume()
        self.flow.bring_back()
        self._state_changed(self.flow.state)

    def hand_over(self) -> None:
        """Give the item on the desk back to the queue, for a colleague."""
        self.looking.resume()
        self.flow.put_back()

    def stop(self) -> None:
        """Before the lock."""
        self._heart.stop()
        self.queueing.stop()
        self.colleagues.stop()

    def settle(self, then: Callable[[bool], None]) -> None:
        """Once no decision is being written down, save what is not saved; `then(False)` when that did not work."""
        writing = self.flow.state in (DeskState.DECIDING, DeskState.UNDOING)
        if writing or self.together.busy or self.others_busy():
            QTimer.singleShot(SETTLE_MS, self, lambda: self.settle(then))
        else:
            self.keeper.settle(lambda saved: self.colleagues.settle(lambda also: then(saved and also)))

    # what is on the desk

    def _show_item(self, item: TakenItem) -> None:
        session = self._session
        if self.isVisible():
            self.looking.resume()  # what is in view is counted, by whichever way it came there
        self.looking.began(item)
        self.notice.dismiss()
        self.top_bar.show_entry(item.entry, datetime.now(UTC))
        self.deciding.begin(item)
        self.colleagues.show_case(item.entry)
        self._stage.setCurrentWidget(self.viewer)
        rules = session.rules_for(item.entry)
        self.viewer.show_item(item, rules, session.member.name, protection_missing=session.protection_missing)
        self.looking.tell()
        self.looking.say_seen()
        self.beat.emit()

    def _clear(self) -> None:
        self.viewer.clear()
        self.decision.show_draft(None)
        self.top_bar.show_entry(None, None)
        self.queue.mark_on_desk(None)
        self.colleagues.show_case(None)
        self.looking.nothing()

    def _state_changed(self, state: DeskState) -> None:
        some = self.queue.model.rowCount() > 0
        if state is DeskState.UNDOING:
            self.deciding.follow(state, some=some)
            return
        self.sides.fit()
        entry = self.flow.entry
        self.queue.mark_on_desk(entry.item.id if entry is not None else None)
        self.deciding.follow(state, some=some)
        if state is DeskState.TAKING:
            self.viewer.clear()
        self._empty.follow(state, some=some, reluctant=some and self.flow.only_reluctant)

    @property
    def reading_report(self) -> bool:
        """Whom to call is in view."""
        return self._stage.currentWidget() is self.report_page

    @property
    def case_in_view(self) -> str:
        """Id of the case on the desk, or of the report that was just recorded; empty: none is."""
        if self.reading_report and self.flow.state is DeskState.EMPTY:
            return self.report_page.case_id
        return self.flow.entry.case.id if self.flow.entry is not None else ""

    def _show_empty(self) -> None:
        if not (self.reading_report and self.flow.state is DeskState.EMPTY):
            self._stage.setCurrentWidget(self._empty)

    def _show_report(self, decision: Decision, entry: QueueEntry) -> None:
        self.report_page.show_report(decision, entry)
        self._stage.setCurrentWidget(self.report_page)

    def _report_read(self) -> None:
        """Whom to call has been read: on as after any decision."""
        self.report_page.clear()
        self._stage.setCurrentWidget(self._empty)
        self._go_on()

    def _go_on(self) -> None:
        """Between two items is the best moment for a pause."""
        if self.looking.pause_due:
            self.pauseOffered.emit()
        elif not self.looking.away:
            self.flow.take_next(unasked=True)

    def _beat(self) -> None:
        self.looking.tell()
        self.top_bar.tick(datetime.now(UTC))
        if self.looking.pause_due:
            self.pauseOffered.emit()
        self.beat.emit()

    # the window around it

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sides.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, lambda: self.sides.fit())
