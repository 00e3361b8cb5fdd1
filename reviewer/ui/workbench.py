"""The reviewer's desk: top bar, queue, viewer, decision. Wires them to the flow and to the exposure meter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision, Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.desk_flow import DeskFlow, DeskState
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.empty_desk import EmptyDesk
from reviewer.ui.notice import Notice
from reviewer.ui.ports import OpenItem, Session, TakenItem
from reviewer.ui.queue_model import QueueSnapshot
from reviewer.ui.queue_panel import QueuePanel
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.top_bar import TopBar
from reviewer.ui.viewer import ViewerPanel
from reviewer.ui.wording import level_words
from reviewer.ui.workbench_keys import bind_workbench

HEARTBEAT_MS = 1000
REFRESH_MS = 30_000
SETTLE_MS = 20
NARROW = 1200  # below so many pixels at scale 1 the queue steps aside while an item is on the desk
_ON_THE_DESK = (DeskState.OPEN, DeskState.DECIDING, DeskState.UNDOING)


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
        self._sound = False
        self._highest = Level.FACTS
        self._written: Draft | None = None
        self._paused = False
        self._queue_open = False
        self._full = False
        self.top_bar = TopBar(self)
        self.queue = QueuePanel(session.member.id, self)
        self.viewer = ViewerPanel(jobs, self)
        self.decision = DecisionPanel(session.policy, self)
        self.notice = Notice(self, key="D")
        self.flow = DeskFlow(session, jobs, self.queue.first, self)
        self.keeper = DraftKeeper(session, jobs, self)
        self._build()
        self._connect()
        self._state_changed(DeskState.EMPTY)

    def _build(self) -> None:
        self._empty = EmptyDesk(self)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(self._empty)
        self._stage.addWidget(self.viewer)
        middle = QVBoxLayout()
        theme.space(middle)
        middle.addWidget(self.notice.in_room(self))
        middle.addWidget(self._stage, 1)
        theme.size(self.queue, width=296)
        theme.size(self.decision, width=348)
        body = QHBoxLayout()
        theme.space(body)
        body.addWidget(self.queue)
        body.addLayout(middle, 1)
        body.addWidget(self.decision)
        column = QVBoxLayout(self)
        theme.space(column)
        column.addWidget(self.top_bar)
        column.addLayout(body, 1)

    def _connect(self) -> None:
        self.top_bar.passOn.connect(self.pass_on)
        self.top_bar.hideEverything.connect(self.hideAsked)
        self.queue.chosen.connect(self.take)
        self.viewer.levelChanged.connect(self._level_changed)
        self.viewer.soundChanged.connect(self._sound_changed)
        self.viewer.marks.asked.connect(self.decision.set_segments)
        self.decision.changed.connect(lambda draft: self.viewer.marks.show_segments(draft.segments))
        self.decision.changed.connect(self.keeper.keep)
        self.decision.decide.connect(self.decide)
        self.decision.undo.connect(self.undo)
        self.keeper.failed.connect(self.tell_error)
        self.flow.stateChanged.connect(self._state_changed)
        self.flow.taken.connect(self._show_item)
        self.flow.emptied.connect(self._clear)
        self.flow.decided.connect(self._decided)
        self.flow.passedOn.connect(self._go_on)
        self.flow.undone.connect(self._undone)
        self.flow.failed.connect(self._flow_failed)
        self.flow.queueRead.connect(self._queue_read)
        self.flow.queueNotRefreshed.connect(lambda error: self.queue.say_trouble(error.what_happened))
        self.flow.queueRefreshed.connect(lambda: self.queue.say_trouble(""))
        self._heart = QTimer(self)
        self._heart.setInterval(HEARTBEAT_MS)
        self._heart.timeout.connect(self._beat)
        self._refresh = QTimer(self)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.flow.refresh_queue)
        self._empty.due.connect(lambda: self._stage.setCurrentWidget(self._empty))

    def bind(self, shortcuts: Shortcuts) -> None:
        bind_workbench(shortcuts, self)

    def start(self) -> None:
        """Read the queue as known here, then ask the case system."""
        self.flow.read_queue()
        self.flow.refresh_queue()
        self._heart.start()
        self._refresh.start()

    @property
    def open_item(self) -> OpenItem | None:
        """The item open in a worker now."""
        item = self.flow.item if self.flow.state in _ON_THE_DESK else None
        return item.opened if item is not None and not self._paused else None

    def set_full(self, full: bool) -> None:
        """The picture alone, as it is; queue and decision come back with the window."""
        self._full = full
        self.viewer.say_full(full)
        self._fit()
        self._tell_meter()

    # what the keys do

    def open_queue(self) -> None:
        """To the queue; in a narrow window the same key closes it again."""
        self._queue_open = not (self._queue_open and self._narrow)
        self._fit()
        if self.queue.isVisible():
            self.queue.focus_list()

    def open_search(self) -> None:
        self._queue_open = True
        self._fit()
        self.queue.focus_search()

    def take(self, entry: QueueEntry) -> None:
        self._queue_open = False
        self._fit()
        self.keeper.settle(lambda _saved: self._exchange(entry))
        self.setFocus()

    def _exchange(self, entry: QueueEntry) -> None:
        """An item is not left while words written about it are only in this window."""
        here = self.flow.entry
        if here is not None and self.keeper.unsaved(here.item.id):
            self.notice.tell(
                self.tr("The last words of your draft could not be saved."),
                self.tr("They are still here, and this item stays on the desk."),
                self.tr("Free disk space, then take the other one."),
            )
        else:
            self.flow.take(entry)

    def primary(self) -> None:
        """Enter: decide what is on the desk, or take the next item when there is nothing."""
        if self.flow.state is DeskState.EMPTY:
            self.flow.take_next()
        else:
            self.decide()

    def decide(self) -> None:
        draft = self.decision.draft
        if self.flow.state is DeskState.EMPTY:
            self.flow.take_next()
        elif self.flow.state is DeskState.OPEN and draft is not None:
            if not self.decision.ready:
                self.decision.insist()
                return
            self.viewer.reveil()
            self.setFocus()  # out of the words: letters mean keys again
            self.decision.set_deciding(True)
            # The decision holds every word of the draft: saving that first would only make it wait.
            self.keeper.set_aside(draft)
            self.keeper.settle(lambda _saved: self._write_down(draft))

    def _write_down(self, draft: Draft) -> None:
        item = self.flow.item
        if item is None or item.entry.item.id != draft.item_id or self.flow.state is not DeskState.OPEN:
            # Hidden or locked between the key and now.
            self.keeper.take_back(draft.item_id)
            return
        self._written = draft
        self.flow.decide(draft, from_notes=bool(item.entry.notes) and self._highest is Level.FACTS)

    def pass_on(self) -> None:
        self.keeper.settle(lambda _saved: self.flow.pass_on())

    def undo(self) -> None:
        self.flow.undo()

    def tell_error(self, error: ReviewerError) -> None:
        self.notice.tell_error(error)

    def _flow_failed(self, error: ReviewerError) -> None:
        draft, self._written = self._written, None
        if draft is not None:
            self.keeper.take_back(draft.item_id)
        self.tell_error(error)

    def understood(self) -> None:
        self.notice.dismiss()
        self.viewer.notice.dismiss()

    # hiding

    def hide_now(self) -> None:
        """Immediate: frames wiped, workers ended, nothing of the item left on the page. The draft is kept."""
        self.viewer.clear()
        self.flow.put_away()
        self._session.showing(None, Level.FACTS)
        self.decision.show_draft(None)
        self.top_bar.show_entry(None, None)
        self._paused = True
        self.keeper.settle(lambda _saved: None)

    def come_back(self) -> None:
        self._paused = False
        self.flow.bring_back()
        self._state_changed(self.flow.state)

    def hand_over(self) -> None:
        """Give the item on the desk back to the queue, for a colleague."""
        self._paused = False
        self.flow.put_back()

    def stop(self) -> None:
        """Before the lock."""
        self._heart.stop()
        self._refresh.stop()

    def settle(self, then: Callable[[bool], None]) -> None:
        """Once no decision is being written down, save what is not saved; `then(False)` when that did not work."""
        if self.flow.state in (DeskState.DECIDING, DeskState.UNDOING):
            QTimer.singleShot(SETTLE_MS, self, lambda: self.settle(then))
        else:
            self.keeper.settle(then)

    # inside

    @property
    def _narrow(self) -> bool:
        return self.width() < NARROW * theme.current().scale

    def _fit(self) -> None:
        """In a narrow window the queue and the decision take turns; the picture keeps its room."""
        empty = self.flow.state is DeskState.EMPTY
        self.queue.setVisible(not self._full and (empty or self._queue_open or not self._narrow))
        self.decision.setVisible(not self._full and (empty or not (self._queue_open and self._narrow)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._fit)

    def _queue_read(self, queue: QueueSnapshot) -> None:
        self.queue.show_queue(queue)
        self._state_changed(self.flow.state)

    def _show_item(self, item: TakenItem) -> None:
        session = self._session
        self._highest = item.seen
        draft = item.draft
        if draft.category is None:
            # A head start the person sees and can change: what the item was referred as.
            draft = self._as_referred(item, draft)
        self.notice.dismiss()
        self.top_bar.show_entry(item.entry, datetime.now(UTC))
        self.decision.show_draft(draft)
        self._stage.setCurrentWidget(self.viewer)
        self.viewer.show_item(item, session.policy, session.member.name, protection_missing=session.protection_missing)
        self._tell_meter()
        self._say_seen()
        self.beat.emit()

    def _as_referred(self, item: TakenItem, draft: Draft) -> Draft:
        known = {harm.key for harm in self._session.policy.harm_types}
        if item.entry.item.harm_type not in known:
            return draft
        return msgspec.structs.replace(draft, category=item.entry.item.harm_type)

    def _clear(self) -> None:
        self.viewer.clear()
        self.decision.show_draft(None)
        self.top_bar.show_entry(None, None)
        self.queue.mark_on_desk(None)
        self._session.showing(None, Level.FACTS)

    def _state_changed(self, state: DeskState) -> None:
        if state is DeskState.UNDOING:
            self.decision.set_deciding(True)  # everything else stays as it is
            return
        self._fit()
        entry = self.flow.entry
        self.queue.mark_on_desk(entry.item.id if entry is not None else None)
        self.decision.set_deciding(state in (DeskState.DECIDING, DeskState.TAKING))
        empty = state is DeskState.EMPTY
        some = self.queue.model.rowCount() > 0
        self.decision.say_primary(
            self.tr("Take the next") if empty else self.tr("Decide and next"),
            usable=(empty and some) or state is DeskState.OPEN,
        )
        if state is DeskState.TAKING:
            self.viewer.clear()
        self._empty.follow(state, some=some)

    def _decided(self, decision: Decision) -> None:
        self._written = None
        self.keeper.forget(decision.item_id)
        self._go_on()

    def _go_on(self) -> None:
        """Between two items is the best moment for a pause."""
        if self._paused:
            return
        if self._session.prompt() is not None:
            self.pauseOffered.emit()
        else:
            self.flow.take_next()

    def _undone(self, decision: Decision | None) -> None:
        if decision is None:
            self.notice.tell(
                self.tr("There is no decision of this session to undo."),
                self.tr("Nothing was changed."),
                "",
                calm=True,
            )
        else:
            self.notice.tell(
                self.tr("Your last decision was voided."),
                self.tr("It stays in the record, marked as void."),
                self.tr("The item is back in the queue."),
                calm=True,
            )

    def _level_changed(self, level: Level) -> None:
        self._highest = max(self._highest, level)
        self._tell_meter()
        self._say_seen()

    def _sound_changed(self, sound: bool) -> None:
        self._sound = sound
        self._tell_meter()

    def _tell_meter(self) -> None:
        item = self.flow.item if self.flow.state in _ON_THE_DESK else None
        if item is None or self._paused:
            self._session.showing(None, Level.FACTS)
        else:
            level = self.viewer.current_level
            self._session.showing(item.entry.item.id, level, sound=self._sound, full_screen=self._full)

    def _say_seen(self) -> None:
        item = self.flow.item
        if item is None:
            return
        if self._highest is not Level.FACTS:
            words = self.tr("Seen: {level}.").format(level=level_words(self._highest).lower())
        elif item.entry.notes:
            words = self.tr("From the notes, not opened.")
        else:
            words = self.tr("From the facts, not opened.")
        self.decision.say_seen(words)

    def _beat(self) -> None:
        self._tell_meter()
        self.top_bar.tick(datetime.now(UTC))
        if not self._paused and self._session.prompt() is not None:
            self.pauseOffered.emit()
        self.beat.emit()
