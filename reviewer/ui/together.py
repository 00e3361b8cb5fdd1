"""The copies of the item on the desk: which of them wait here, whether they get the same decision, and giving it."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from reviewer.model.batch import BatchOutcome, BatchResult
from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.ports import Session


class Together(QObject):
    """`changed` whenever `count` or `on` may have; `done(results)` or `failed(error, ids)` after a stack."""

    changed = Signal()
    done = Signal(object)
    failed = Signal(object, object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._item_id: str | None = None
        self._copies: tuple[str, ...] = ()
        self._on = False
        self._trouble = ""
        self._running = 0
        self._stop = threading.Event()

    @property
    def count(self) -> int:
        """How many other copies wait in this queue and can be decided with this one."""
        return len(self._copies)

    @property
    def on(self) -> bool:
        return self._on and bool(self._copies)

    @property
    def copies(self) -> tuple[str, ...]:
        """Ids of those that get the same decision; none unless it was asked for."""
        return self._copies if self.on else ()

    @property
    def trouble(self) -> str:
        """Why nobody knows how many copies wait, in one sentence; empty when that is known."""
        return self._trouble

    @property
    def busy(self) -> bool:
        """A stack is being written down."""
        return self._running > 0

    def begin(self, entry: QueueEntry | None) -> None:
        """Another item, or none: nothing is decided together until that is asked for anew."""
        self._item_id = entry.item.id if entry is not None else None
        self._copies, self._on, self._trouble = (), False, ""
        self.changed.emit()
        if entry is None or entry.stack is None or entry.stack.size < 2:
            return
        session, item_id = self._session, entry.item.id
        # Not knowing the copies keeps nobody from deciding this one.
        self._jobs.run(
            lambda: session.copies(item_id),
            then=lambda copies: self._found(item_id, copies),
            failed=lambda error: self._not_found(item_id, error),
            owner=self,
        )

    def toggle(self) -> None:
        if self._copies:
            self._on = not self._on
            self.changed.emit()

    def decide(self, draft: Draft, item_id: str, copies: tuple[str, ...]) -> None:
        """The decision just made on `item_id`, for its copies as well."""
        session, stop = self._session, self._stop
        self._running += 1
        self._jobs.run(
            lambda: session.decide_many(draft, copies, viewed_with=item_id, cancelled=stop.is_set),
            then=self._decided,
            failed=lambda error: self._not_decided(error, copies),
            owner=self,
        )

    def _found(self, item_id: str, copies: tuple[str, ...]) -> None:
        if item_id == self._item_id:
            self._copies = tuple(copies)
            self.changed.emit()

    def _not_found(self, item_id: str, error: ReviewerError) -> None:
        if item_id == self._item_id:
            self._trouble = error.what_happened
            self.changed.emit()

    def _decided(self, results: tuple[BatchResult, ...]) -> None:
        self._running -= 1
        self.done.emit(results)

    def _not_decided(self, error: ReviewerError, copies: tuple[str, ...]) -> None:
        self._running -= 1
        self.failed.emit(error, copies)


def undecided(results: tuple[BatchResult, ...]) -> list[BatchResult]:
    return [result for result in results if result.outcome is not BatchOutcome.DECIDED]
