"""Between the decision panel and the desk: the draft it begins with, and the draft becoming a decision, or not."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reviewer.model.decisions import Decision, Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.policy import Policy
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.desk_flow import DeskFlow, DeskState
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.looking import Looking
from reviewer.ui.notice import Notice
from reviewer.ui.ports import TakenItem
from reviewer.ui.viewer import ViewerPanel


class DecisionControl(QObject):
    """`done` when the item on the desk has been decided or passed on."""

    done = Signal()

    def __init__(
        self,
        panel: DecisionPanel,
        *,
        policy: Policy,
        flow: DeskFlow,
        keeper: DraftKeeper,
        viewer: ViewerPanel,
        looking: Looking,
        notice: Notice,
        desk: QWidget,
    ) -> None:
        super().__init__(desk)
        self._panel = panel
        self._policy = policy
        self._flow = flow
        self._keeper = keeper
        self._viewer = viewer
        self._looking = looking
        self._notice = notice
        self._desk = desk
        self._written: Draft | None = None
        viewer.marks.asked.connect(panel.set_segments)
        panel.changed.connect(lambda draft: viewer.marks.show_segments(draft.segments))
        panel.changed.connect(keeper.keep)
        panel.decide.connect(self.decide)
        panel.undo.connect(self.undo)
        keeper.failed.connect(notice.tell_error)
        flow.decided.connect(self._decided)
        flow.passedOn.connect(self.done)
        flow.undone.connect(self._undone)
        flow.failed.connect(self._failed)

    def begin(self, item: TakenItem) -> None:
        draft = item.draft
        if draft.category is None:
            # A head start the person sees and can change: what the item was referred as.
            draft = self._as_referred(item, draft)
        self._panel.show_draft(draft)

    def _as_referred(self, item: TakenItem, draft: Draft) -> Draft:
        known = {harm.key for harm in self._policy.harm_types}
        if item.entry.item.harm_type not in known:
            return draft
        return msgspec.structs.replace(draft, category=item.entry.item.harm_type)

    def follow(self, state: DeskState, *, some: bool) -> None:
        """`some` is whether anything waits in the queue."""
        self._panel.set_deciding(state in (DeskState.DECIDING, DeskState.TAKING, DeskState.UNDOING))
        if state is DeskState.UNDOING:
            return  # everything else stays as it is
        empty = state is DeskState.EMPTY
        self._panel.say_primary(
            self.tr("Take the next") if empty else self.tr("Decide and next"),
            usable=(empty and some) or state is DeskState.OPEN,
        )

    # what the keys do

    def decide(self) -> None:
        """Decide what is on the desk, or take the next item when there is nothing."""
        draft = self._panel.draft
        if self._flow.state is DeskState.EMPTY:
            self._flow.take_next()
        elif self._flow.state is DeskState.OPEN and draft is not None:
            if not self._panel.ready:
                self._panel.insist()
                return
            self._viewer.reveil()
            self._desk.setFocus()  # out of the words: letters mean keys again
            self._panel.set_deciding(True)
            # The decision holds every word of the draft: saving that first would only make it wait.
            self._keeper.set_aside(draft)
            self._keeper.settle(lambda _saved: self._write_down(draft))

    def _write_down(self, draft: Draft) -> None:
        item = self._flow.item
        if item is None or item.entry.item.id != draft.item_id or self._flow.state is not DeskState.OPEN:
            # Hidden or locked between the key and now.
            self._keeper.take_back(draft.item_id)
            return
        self._written = draft
        self._flow.decide(draft, from_notes=self._looking.from_notes)

    def pass_on(self) -> None:
        self._keeper.settle(lambda _saved: self._flow.pass_on())

    def undo(self) -> None:
        self._flow.undo()

    # what came of it

    def _decided(self, decision: Decision) -> None:
        self._written = None
        self._keeper.forget(decision.item_id)
        self.done.emit()

    def _failed(self, error: ReviewerError) -> None:
        draft, self._written = self._written, None
        if draft is not None:
            self._keeper.take_back(draft.item_id)
        self._notice.tell_error(error)

    def _undone(self, decision: Decision | None) -> None:
        if decision is None:
            self._notice.tell(
                self.tr("There is no decision of this session to undo."),
                self.tr("Nothing was changed."),
                "",
                calm=True,
            )
        else:
            self._notice.tell(
                self.tr("Your last decision was voided."),
                self.tr("It stays in the record, marked as void."),
                self.tr("The item is back in the queue."),
                calm=True,
            )
