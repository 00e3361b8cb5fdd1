"""What lies on the desk: taking, deciding, passing on, hiding and taking back, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import partial
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision, Draft
from reviewer.model.errors import LeaseLost, NothingToAmend, ReviewerError
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.model.readings import Withdrawn
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.ports import Session
from reviewer.ui.queue_reading import QueueReading

# Reading the queue and the head start of the next item must not slow down the one that is just being painted.
PAINTED_MS = 120

T = TypeVar("T")
_Supply = Callable[[Sequence[tuple[int, QueueEntry]]], None]


class DeskState(Enum):
    EMPTY = "empty"
    TAKING = "taking"
    OPEN = "open"
    DECIDING = "deciding"
    UNDOING = "undoing"  # what lies on the desk stays there; nothing else begins
    AWAY = "away"  # hidden, its worker ended, its lease kept


class NextEntry(Protocol):
    def __call__(self, besides: frozenset[str]) -> QueueEntry | None: ...


class DeskFlow(QObject):
    """Talks to the session through jobs; says what to show through signals. Holds at most one item."""

    stateChanged = Signal(object)
    taken = Signal(object)
    emptied = Signal()
    decided = Signal(object)
    passedOn = Signal()
    heldAside = Signal()
    given = Signal()
    undone = Signal(object)
    queueRead = Signal(object)
    queueRefreshed = Signal()
    queueNotRefreshed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        next_entry: NextEntry,
        parent: QObject | None = None,
        *,
        unasked: Callable[[QueueEntry], bool] = lambda _entry: True,
    ) -> None:
        """`next_entry` gives the next one; `unasked` is whether it may come without being asked for."""
        super().__init__(parent)
        self._unasked = unasked
        self._session = session
        self._jobs = jobs
        self._next_entry = next_entry
        self._state = DeskState.EMPTY
        self._item: TakenItem | None = None
        self._entry: QueueEntry | None = None
        self._wanted: QueueEntry | None = None
        self._hide = False
        self._hidden = False  # the workers ended while something was on its way
        self._amending = False  # what lies on the desk is a decision taken up again
        self._undo_ends_at = DeskState.EMPTY
        self._done: set[str] = set()
        self._queue = QueueReading(session, jobs, self, self._queue_read, self.queueNotRefreshed.emit)
        self._head_start = QTimer(self)
        self._head_start.setSingleShot(True)
        self._head_start.setInterval(PAINTED_MS)
        self._head_start.timeout.connect(self._once_painted)
        self._queue_is_old = False

    @property
    def state(self) -> DeskState:
        return self._state

    @property
    def item(self) -> TakenItem | None:
        return self._item

    @property
    def entry(self) -> QueueEntry | None:
        """The entry on the desk or on its way to it."""
        return self._entry

    @property
    def following(self) -> QueueEntry | None:
        """What would be taken next."""
        return self._next_entry(frozenset(self._done))

    # the queue

    def read_queue(self) -> None:
        self._queue.read()

    def refresh_queue(self) -> None:
        """Ask the case system; when it does not answer, the queue as known here stays."""
        self._queue.refresh(self.queueRefreshed.emit)

    def ask_queue(self, ask: QueueAsk) -> None:
        """Another question to it, from here on."""
        self._queue.ask = ask
        self.read_queue()

    def fetch_entries(self, lines: Sequence[int], then: _Supply) -> None:
        session = self._session
        self._jobs.run(lambda: session.queue_entries(lines), then=then, owner=self)

    @property
    def unreadable(self) -> int:
        """How many entries of the case system's list could not be read at the last refresh."""
        return self._queue.unreadable

    def _queue_read(self, queue: QueueListing) -> None:
        # What left the queue and comes back later is a new wish, not the one that was done.
        self._done &= {entry.item.id for entry in queue.offered}
        self.queueRead.emit(queue)

    # taking

    def take_next(self, *, unasked: bool = False) -> None:
        """Not without being asked: one that this person would rather not get."""
        entry = self._next_entry(frozenset(self._done))
        if entry is not None and (self._unasked(entry) or not unasked):
            self.take(entry)

    @property
    def only_reluctant(self) -> bool:
        """What comes next would have to be asked for."""
        entry = self._next_entry(frozenset(self._done))
        return entry is not None and not self._unasked(entry)

    def leave_out(self, item_ids: Iterable[str]) -> None:
        """They are being decided with another one: not to be taken as the next."""
        self._done.update(item_ids)

    def let_in(self, item_ids: Iterable[str]) -> None:
        """They were not decided after all; the queue is read again."""
        self._done.difference_update(item_ids)
        self.read_queue()

    def take(self, entry: QueueEntry) -> None:
        """Put `entry` on the desk; what lay there goes back to the queue with its draft."""
        if self._state in (DeskState.DECIDING, DeskState.UNDOING):
            return
        if self._entry is not None and entry.item.id == self._entry.item.id:
            self._wanted = None  # this one after all
            return
        self._done.discard(entry.item.id)
        if self._state is DeskState.TAKING:
            self._wanted = entry
            return
        session, before, item_id = self._session, self._item, entry.item.id
        self._item, self._entry, self._hide, self._hidden = None, entry, False, False
        self._amending = False

        def exchange() -> TakenItem:
            if before is not None:
                session.put_back(before)
            return session.take(item_id)

        self._enter(DeskState.TAKING)
        self._jobs.run(exchange, then=self._arrived, failed=self._not_taken, owner=self)

    def _arrived(self, item: TakenItem) -> None:
        self._item = item
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self._state = DeskState.OPEN
            self.take(wanted)
        elif self._hidden:
            self._session.hide_everything()
            self._come_to_rest()
        else:
            self._enter(DeskState.OPEN)
            self.taken.emit(item)
            self._head_start.start()

    def _not_taken(self, error: ReviewerError) -> None:
        entry, wanted = self._entry, self._wanted
        self._clear()
        if isinstance(error, LeaseLost) and entry is not None:
            self._done.add(entry.item.id)
            self._queue_is_old = True
        self._catch_up()
        self.failed.emit(error)
        if wanted is not None:
            self.take(wanted)

    def _once_painted(self) -> None:
        self._catch_up()
        if self._state is DeskState.OPEN:
            self._prefetch()

    def _catch_up(self) -> None:
        if self._queue_is_old:
            self._queue_is_old = False
            self.read_queue()

    def _prefetch(self) -> None:
        here = {self._entry.item.id} if self._entry is not None else set()
        after = self._next_entry(frozenset(self._done | here))
        if after is not None and self._unasked(after):
            session, item_id = self._session, after.item.id
            # Only a head start: whatever is wrong with that item is said when it is taken.
            self._jobs.run(lambda: session.prefetch(item_id), failed=lambda _error: None, owner=self)

    # deciding and giving away

    def _with_item(self, do: Callable[[TakenItem], T], then: Callable[[T], None]) -> None:
        """One step with what is on the desk; nothing when it is not open there."""
        item = self._item
        if self._state is not DeskState.OPEN or item is None:
            return
        self._enter(DeskState.DECIDING)
        self._jobs.run(lambda: do(item), then=then, failed=self._not_done, owner=self)

    def decide(self, draft: Draft, *, from_notes: bool) -> None:
        session = self._session
        self._with_item(lambda item: session.decide(item, draft, from_notes=from_notes), self._decision_made)

    def _decision_made(self, decision: Decision) -> None:
        self._done.add(decision.item_id)
        self._leave(lambda: self.decided.emit(decision))

    def _leave(self, tell: Callable[[], None]) -> None:
        """The item is gone. Whoever is told may take the next at once: the desk is emptied only if nobody does."""
        self._item = self._entry = self._wanted = None
        self._amending = False
        self._state = DeskState.EMPTY
        tell()
        if self._state is DeskState.EMPTY:
            self._clear()
            self.read_queue()
        else:
            self._queue_is_old = True

    def pass_on(self) -> None:
        if self._amending:  # nothing to pass on: the decision stays as it stands
            if self._state is DeskState.OPEN:
                self.put_back()
            return
        self._with_item(self._session.pass_on, partial(self._gone, self.passedOn))

    def hold(self) -> None:
        """Set aside what is on the desk."""
        self._with_item(self._session.hold, partial(self._gone, self.heldAside))

    def assign(self, member_id: str) -> None:
        """Give what is on the desk to a colleague; it stays there when the case system refuses."""
        session = self._session
        self._with_item(lambda item: session.assign(item, member_id), partial(self._gone, self.given))

    def _gone(self, signal: SignalInstance, _nothing: None) -> None:
        if self._entry is not None:
            self._done.add(self._entry.item.id)
        self._leave(signal.emit)

    def ask_colleagues(self, then: Callable[[Sequence[tuple[str, str]]], None]) -> None:
        """Who the item on the desk can be given to; nothing when it has left the desk meanwhile."""
        entry = self._entry
        if self._state is not DeskState.OPEN or entry is None:
            return
        session, item_id = self._session, entry.item.id

        def heard(people: Sequence[tuple[str, str]]) -> None:
            if self._state is DeskState.OPEN and self._entry is entry:
                then(people)

        self._jobs.run(lambda: session.colleagues(item_id), then=heard, failed=self.failed.emit, owner=self)

    def _not_done(self, error: ReviewerError) -> None:
        if isinstance(error, LeaseLost) and not self._hide:
            self._clear()
            self.read_queue()
        else:
            self._come_to_rest()
        self.failed.emit(error)

    def _come_to_rest(self) -> None:
        """The item is still ours. If everything was hidden meanwhile its worker is gone: it has to be opened anew."""
        if not self._hidden:
            self._enter(DeskState.OPEN)
            return
        self._hidden = False
        self._enter(DeskState.AWAY)
        if not self._hide:
            self.bring_back()

    def put_back(self) -> None:
        """The desk becomes empty; item and draft wait in the queue."""
        item = self._item
        if item is None or self._state not in (DeskState.OPEN, DeskState.AWAY):
            return
        session = self._session
        self._clear()
        self._jobs.run(lambda: session.put_back(item), then=lambda _nothing: self.read_queue(), owner=self)

    def undo(self) -> None:
        """One at a time, and never beside a decision: each is to void the decision the person means, and no other."""
        if self._state not in (DeskState.EMPTY, DeskState.OPEN):
            return
        if self._amending:
            self.put_back()
        self._undo_ends_at = self._state
        self._enter(DeskState.UNDOING)
        self._jobs.run(self._session.undo, then=self._undone, failed=self._not_undone, owner=self)

    def reopen(self) -> None:
        """Take up this session's last decision, to change it; what lay on the desk goes back with its draft."""
        if self._state not in (DeskState.EMPTY, DeskState.OPEN) or self._amending:
            return
        session, before = self._session, self._item
        self._undo_ends_at = self._state

        def exchange() -> TakenItem | None:
            reopened = session.reopen()
            if reopened is not None and before is not None:
                session.put_back(before)
            return reopened

        self._enter(DeskState.UNDOING)
        self._jobs.run(exchange, then=self._reopened, failed=self._not_undone, owner=self)

    def _reopened(self, item: TakenItem | None) -> None:
        if item is None:
            self._undo_ended()
            self.undone.emit(None)
            return
        self._entry, self._amending = item.entry, True
        self._arrived(item)

    def _undo_ended(self) -> None:
        if self._undo_ends_at is DeskState.OPEN:
            self._come_to_rest()
        else:
            self._enter(DeskState.EMPTY)

    def _not_undone(self, error: ReviewerError) -> None:
        self._undo_ended()
        self.failed.emit(error)

    def _undone(self, decision: Decision | Withdrawn | None) -> None:
        self._undo_ended()
        if decision is not None:
            self._done.discard(decision.item_id)
            self.read_queue()
        self.undone.emit(decision)

    # hiding

    def put_away(self) -> None:
        """At once: every worker ends. The lease is kept, `bring_back` opens the item again."""
        self._session.hide_everything()
        self._wanted = None  # nothing else opens under the cover
        self._hide = self._hidden = self._state in (DeskState.TAKING, DeskState.DECIDING, DeskState.UNDOING)
        if self._state is DeskState.OPEN:
            self._enter(DeskState.AWAY)

    def bring_back(self) -> None:
        self._hide = False
        if self._state is not DeskState.AWAY or self._entry is None:
            return
        session, item_id, amending = self._session, self._entry.item.id, self._amending

        def fetch() -> TakenItem:
            item = session.reopen() if amending else session.take(item_id)
            if item is None:
                raise NothingToAmend()
            return item

        self._hidden = False
        self._enter(DeskState.TAKING)
        self._jobs.run(fetch, then=self._arrived, failed=self._not_taken, owner=self)

    def _clear(self) -> None:
        self._item = self._entry = self._wanted = None
        self._amending = False
        self._enter(DeskState.EMPTY)
        self.emptied.emit()

    def _enter(self, state: DeskState) -> None:
        self._state = state
        self.stateChanged.emit(state)
