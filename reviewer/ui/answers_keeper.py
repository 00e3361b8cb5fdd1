"""Keeps the answers that are being written for a recipient: by case, soon after each change, the newest last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.model.errors import ReviewerError
from reviewer.model.handoff_answers import HandoffAnswers
from reviewer.ui.bridge import Jobs
from reviewer.ui.handoff_ports import Handoffs

DELAY_MS = 50
RETRY_MS = 5_000


class AnswersKeeper(QObject):
    """`failed(ReviewerError)` once per row of failures; the words stay here and are tried again."""

    failed = Signal(object)

    def __init__(self, handoffs: Handoffs, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._handoffs = handoffs
        self._jobs = jobs
        self._pending: dict[str, HandoffAnswers] = {}  # by case id
        self._saving: tuple[str, HandoffAnswers] | None = None
        self._failing = False
        self._settled: list[Callable[[bool], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save)

    def keep(self, case_id: str, answers: HandoffAnswers) -> None:
        self._pending[case_id] = answers
        # Not restarted by further changes: somebody who types without a pause is saved all the same.
        if not self._timer.isActive():
            self._timer.start(DELAY_MS)

    def unsaved(self, case_id: str) -> HandoffAnswers | None:
        """Answers that are newer than those in the store, or None."""
        if case_id in self._pending:
            return self._pending[case_id]
        return self._saving[1] if self._saving is not None and self._saving[0] == case_id else None

    def settle(self, then: Callable[[bool], None]) -> None:
        """Save now what is not saved and call `then(True)`; `then(False)` when that did not work."""
        self._settled.append(then)
        self._timer.stop()
        if self._saving is None:
            self._save()

    def _save(self) -> None:
        if self._saving is not None:
            return
        if not self._pending:
            self._tell(True)
            return
        case_id, answers = next(iter(self._pending.items()))
        del self._pending[case_id]
        self._saving = (case_id, answers)
        handoffs = self._handoffs
        self._jobs.run(
            lambda: handoffs.keep_answers(case_id, answers), then=self._saved, failed=self._not_saved, owner=self
        )

    def _saved(self, _nothing: None) -> None:
        self._saving = None
        self._failing = False
        if self._settled or (self._pending and not self._timer.isActive()):
            self._save()

    def _not_saved(self, error: ReviewerError) -> None:
        if self._saving is not None:
            case_id, answers = self._saving
            self._pending.setdefault(case_id, answers)
        self._saving = None
        if not self._failing:
            self._failing = True
            self.failed.emit(error)
        self._tell(False)
        self._timer.start(RETRY_MS)

    def _tell(self, saved: bool) -> None:
        waiting, self._settled = self._settled, []
        for then in waiting:
            then(saved)
