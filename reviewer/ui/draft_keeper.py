"""Keeps what is being written: soon after each change, one save at a time, the newest words last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.ports import Session

DELAY_MS = 300
RETRY_MS = 5_000


class DraftKeeper(QObject):
    """`keep` a draft and it is saved within DELAY_MS, however fast somebody types. `failed(ReviewerError)` once per
    row of failures; the words stay here and are tried again."""

    failed = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._pending: Draft | None = None
        self._saving: Draft | None = None
        self._failing = False
        self._settled: list[Callable[[bool], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save)

    def keep(self, draft: Draft) -> None:
        self._pending = draft
        # Not restarted by further changes: somebody who types without a pause is saved all the same.
        if not self._timer.isActive():
            self._timer.start(DELAY_MS)

    def forget(self) -> None:
        """The draft became a decision or is no longer wanted: do not save it again."""
        self._pending = None
        self._timer.stop()

    def settle(self, then: Callable[[bool], None]) -> None:
        """Save now what is not saved and call `then(True)`; `then(False)` when it could not be saved."""
        self._settled.append(then)
        self._timer.stop()
        if self._saving is None:
            self._save()

    def _save(self) -> None:
        if self._saving is not None:
            return
        draft = self._pending
        if draft is None:
            self._answer(True)
            return
        self._pending, self._saving = None, draft
        session = self._session
        self._jobs.run(lambda: session.save_draft(draft), then=self._saved, failed=self._not_saved, owner=self)

    def _saved(self, _nothing: None) -> None:
        self._saving = None
        self._failing = False
        if self._pending is None:
            self._answer(True)
        elif self._settled:
            self._save()

    def _not_saved(self, error: ReviewerError) -> None:
        draft, self._saving = self._saving, None
        if self._pending is None:
            self._pending = draft
        if not self._failing:
            self._failing = True
            self.failed.emit(error)
        self._answer(False)
        self._timer.start(RETRY_MS)

    def _answer(self, saved: bool) -> None:
        waiting, self._settled = self._settled, []
        for then in waiting:
            then(saved)
