"""Keeps what is being written: soon after each change, one save at a time, the newest words last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.ports import Session

DELAY_MS = 50  # with the time one save takes: what a crash can cost of what is being typed
RETRY_MS = 5_000


class DraftKeeper(QObject):
    """`keep` a draft and it is saved within DELAY_MS, however fast somebody types. `failed(ReviewerError)` once per
    row of failures; the words stay here, for each item its own, and are tried again."""

    failed = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._pending: dict[str, Draft] = {}  # by item id
        self._aside: dict[str, Draft] = {}
        self._saving: Draft | None = None
        self._failing = False
        self._tried: set[str] = set()  # what has failed since the last answer
        self._settled: list[Callable[[bool], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save)

    def keep(self, draft: Draft) -> None:
        self._pending[draft.item_id] = draft
        # Not restarted by further changes: somebody who types without a pause is saved all the same.
        if not self._timer.isActive():
            self._timer.start(DELAY_MS)

    def unsaved(self, item_id: str) -> bool:
        """Words of this item are only here."""
        return item_id in self._pending or (self._saving is not None and self._saving.item_id == item_id)

    def set_aside(self, draft: Draft) -> None:
        """It is becoming a decision: held here unsaved until `forget` or `take_back`."""
        self._pending.pop(draft.item_id, None)
        self._aside[draft.item_id] = draft

    def take_back(self, item_id: str) -> None:
        """It did not become a decision, so it is a draft again."""
        draft = self._aside.pop(item_id, None)
        if draft is not None:
            self.keep(draft)

    def forget(self, item_id: str) -> None:
        """It became a decision: do not save it again."""
        self._pending.pop(item_id, None)
        self._aside.pop(item_id, None)

    def settle(self, then: Callable[[bool], None]) -> None:
        """Save now what is not saved and call `then(True)`; `then(False)` when some of it could not be saved."""
        self._settled.append(then)
        self._timer.stop()
        if self._saving is None:
            self._save()

    def _save(self) -> None:
        if self._saving is not None:
            return
        draft = next((draft for draft in self._pending.values() if draft.item_id not in self._tried), None)
        if draft is None:
            self._round_ended()
            return
        del self._pending[draft.item_id]
        self._saving = draft
        session = self._session
        self._jobs.run(lambda: session.save_draft(draft), then=self._saved, failed=self._not_saved, owner=self)

    def _saved(self, _nothing: None) -> None:
        self._saving = None
        self._go_on()

    def _not_saved(self, error: ReviewerError) -> None:
        draft, self._saving = self._saving, None
        if draft is not None:
            self._tried.add(draft.item_id)
            if draft.item_id not in self._aside:
                self._pending.setdefault(draft.item_id, draft)
        if not self._failing:
            self._failing = True
            self.failed.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        """What was written meanwhile may wait for its delay, unless somebody waits for it or something failed."""
        if self._settled or self._tried or not self._timer.isActive():
            self._save()

    def _round_ended(self) -> None:
        self._failing = failed = bool(self._tried)
        self._tried.clear()
        if self._pending:
            self._timer.start(RETRY_MS)
        waiting, self._settled = self._settled, []
        while waiting:
            if self._pending and not failed:
                # Whoever was told just now gave words back: the others wait for those too.
                self._settled = waiting + self._settled
                self._save()
                return
            waiting.pop(0)(not self._pending)
