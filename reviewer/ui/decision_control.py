"""Between the decision panel and the desk: the draft it begins with, and the draft becoming a decision, or not."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reviewer.model.batch import BatchResult
from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Action, Decision, Draft, Imminence
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.model.readings import Withdrawn
from reviewer.model.suggesting import suggested_category
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.desk_flow import DeskFlow, DeskState
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.known_words import outcome_words
from reviewer.ui.looking import Looking
from reviewer.ui.notice import Notice
from reviewer.ui.together import Together, undecided
from reviewer.ui.viewer import ViewerPanel

# An item comes to the desk, or comes back to it, and the notice of before goes.
_ON_ITS_WAY = (DeskState.TAKING, DeskState.AWAY)


class DecisionControl(QObject):
    """`done` when the item on the desk has been decided or passed on."""

    done = Signal()
    reported = Signal(object, object)  # the decision and its queue entry: `done` once it has been read

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
        together: Together,
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
        self._together = together
        self._desk = desk
        self._written: Draft | None = None
        self._copies: tuple[str, ...] = ()
        self._untold: Callable[[], None] | None = None
        self._unsaid: ReviewerError | None = None  # why something was not done, while everything was hidden
        self._about_to = False  # a save is waited for, and then the decision is written down
        self._primary = (False, False)
        self._reporting = False
        self._reported_entry: QueueEntry | None = None
        panel.amend.connect(self.amend)
        panel.reportNow.connect(self.report_now)
        panel.changed.connect(self._still_reporting)
        viewer.marks.asked.connect(panel.set_segments)
        panel.changed.connect(lambda draft: viewer.marks.show_segments(draft.segments))
        viewer.text.line_marks.asked.connect(panel.set_messages)
        panel.changed.connect(lambda draft: viewer.text.line_marks.show_messages(draft.messages))
        panel.changed.connect(keeper.keep)
        panel.decide.connect(self.decide)
        panel.undo.connect(self.undo)
        flow.decided.connect(self._decided)
        flow.passedOn.connect(self.done)
        flow.undone.connect(self._undone)
        flow.failed.connect(self._failed)
        together.changed.connect(self._say_primary)
        together.done.connect(self._copies_decided)
        together.failed.connect(self._copies_not_decided)

    def begin(self, item: TakenItem) -> None:
        self._reporting = False
        draft = item.draft
        if draft.category is None and self._suggested(item) in (None, item.entry.item.harm_type):
            # A head start the person sees and can change: what the item was referred as. Where a list of known
            # material names something else, nobody has answered yet.
            draft = self._as_referred(item, draft)
        self._panel.show_draft(draft)
        self._together.begin(item.entry)
        untold, self._untold = self._untold, None
        if untold is not None:
            untold()
        unsaid, self._unsaid = self._unsaid, None
        if unsaid is not None:
            self._notice.tell_error(unsaid)

    def _suggested(self, item: TakenItem) -> str | None:
        return suggested_category(item.entry.matches, self._policy)

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
        if empty:
            self._together.begin(None)
        self._primary = (empty, (empty and some) or state is DeskState.OPEN)
        self._say_primary()

    def _say_primary(self) -> None:
        empty, usable = self._primary
        words = self.tr("Take the next") if empty else self.tr("Decide and next")
        if self._reporting and not empty:
            words = self.tr("Decide and report")
        if self._together.on and not empty:
            words = self.tr("Decide all {count}").format(count=self._together.count + 1)
        self._panel.say_primary(words, usable=usable)

    # what the keys do

    def decide(self) -> None:
        """Decide what is on the desk, or take the next item when there is nothing."""
        draft = self._panel.draft
        if self._flow.state is DeskState.EMPTY:
            self._flow.take_next()
        elif self._flow.state is DeskState.OPEN and draft is not None and not self._about_to:
            if not self._panel.ready:
                self._panel.insist()
                return
            self._viewer.reveil()
            self._desk.setFocus()  # out of the words: letters mean keys again
            self._panel.set_deciding(True)
            # The decision holds every word of the draft: saving that first would only make it wait.
            self._about_to = True
            self._keeper.set_aside(draft)
            self._keeper.settle(lambda _saved: self._write_down(draft))

    def _write_down(self, draft: Draft) -> None:
        self._about_to = False
        item = self._flow.item
        if item is None or item.entry.item.id != draft.item_id or self._flow.state is not DeskState.OPEN:
            # Hidden or locked between the key and now.
            self._keeper.take_back(draft.item_id)
            return
        self._written = draft
        self._reported_entry = item.entry if self._reporting or _urgent(draft) else None
        self._copies = self._together.copies
        self._flow.decide(draft, from_notes=self._looking.from_notes)

    def from_notes(self) -> None:
        """Nobody has to look: veil what is shown, take over what a list suggests, and answer the rest."""
        item = self._flow.item
        if item is None or self._flow.state is not DeskState.OPEN or self._panel.draft is None:
            return
        if not item.entry.known_unseen:
            self._notice.tell(
                self.tr("Nobody has written notes about this item, and no list knows it."),
                self.tr("It can be decided from the facts, or looked at behind its veil."),
                "",
                calm=True,
            )
            return
        self._viewer.set_level(Level.FACTS)
        suggested = self._suggested(item)
        if suggested is not None and self._panel.draft.category is None:
            self._panel.set_category(suggested)
        self._desk.setFocus()
        if not self._panel.ready:
            self._panel.insist()

    def pass_on(self) -> None:
        self._keeper.settle(lambda _saved: self._flow.pass_on())

    def undo(self) -> None:
        self._flow.undo()

    def amend(self) -> None:
        """Take up one's own last decision to change it."""
        self._keeper.settle(lambda _saved: self._flow.reopen())

    def report_now(self) -> None:
        """Report it: straight to what is missing, then to deciding, then to what has to be done."""
        if self._flow.state is not DeskState.OPEN or self._panel.draft is None:
            return
        self._viewer.reveil()
        self._reporting = True
        self._panel.set_action(Action.REPORT)
        self._say_primary()
        self._panel.lead()

    def _still_reporting(self, draft: Draft) -> None:
        if self._reporting and draft.action is not Action.REPORT:
            self._reporting = False
            self._say_primary()

    # what came of it

    def _decided(self, decision: Decision) -> None:
        draft, self._written = self._written, None
        copies, self._copies = self._copies, ()
        self._keeper.forget(decision.item_id)
        if draft is not None and copies:
            self._flow.leave_out(copies)
            self._together.decide(draft, decision.item_id, copies)
        entry, self._reported_entry = self._reported_entry, None
        if entry is not None:
            self.reported.emit(decision, entry)
        else:
            self.done.emit()

    def _copies_decided(self, results: tuple[BatchResult, ...]) -> None:
        """All of them: the queue shows it. Those that were not are said."""
        left = undecided(results)
        self._flow.let_in(result.item_id for result in left)
        if left:
            words = self.tr("Of {count} copies {left} were not decided: {why}.")
            why = "; ".join(dict.fromkeys(outcome_words(result.outcome) for result in left))
            told = words.format(count=len(results), left=len(left), why=why)
            kept = self.tr("The others were, and so was the item that was on your desk.")
            to_do = self.tr("They wait in the queue, or a colleague has them.")
            self._tell_of_copies(lambda: self._notice.tell(told, kept, to_do))

    def _copies_not_decided(self, error: ReviewerError, copies: tuple[str, ...]) -> None:
        self._flow.let_in(copies)
        self._tell_of_copies(lambda: self._notice.tell_error(error))

    def _tell_of_copies(self, tell: Callable[[], None]) -> None:
        """An item that comes to the desk takes the notice before it away: this one is said after that."""
        if self._flow.state in _ON_ITS_WAY:
            self._untold = tell
        else:
            tell()

    def _failed(self, error: ReviewerError) -> None:
        if self._flow.state is DeskState.DECIDING:
            self._notice.tell_error(error)  # of something else: what is being written down goes on
            return
        draft, self._written = self._written, None
        self._copies = ()
        if draft is not None:
            self._keeper.take_back(draft.item_id)
        if self._flow.state in _ON_ITS_WAY:
            self._unsaid = error
        else:
            self._unsaid = None  # it would be about an item that is gone
            self._notice.tell_error(error)

    def _undone(self, decision: Decision | Withdrawn | None) -> None:
        if decision is None:
            self._notice.tell(
                self.tr("There is no decision of this session to undo."),
                self.tr("Nothing was changed."),
                "",
                calm=True,
            )
        elif isinstance(decision, Withdrawn):
            self._notice.tell(
                self.tr("Your proposal was withdrawn."),
                self.tr("Your own decision stands as before."),
                self.tr("If your colleague had accepted it by then, that stands and the status bar says so."),
                calm=True,
            )
        else:
            self._notice.tell(
                self.tr("Your last decision was voided."),
                self.tr("It stays in the record, marked as void."),
                self.tr("The item is back in the queue."),
                calm=True,
            )


def _urgent(draft: Draft) -> bool:
    """A report while somebody is in danger: what has to be done is said, however it was asked for."""
    return draft.action is Action.REPORT and draft.imminence is Imminence.IMMINENT
