"""Keeps the words of a message that is being written: by case, soon after each change, the newest words last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.case_ports import Threads

DELAY_MS = 50
RETRY_MS = 5_000


class MessageKeeper(QObject):
    """`failed(ReviewerError)` once per row of failures; the words stay here and are tried again."""

    failed = Signal(object)

    def __init__(self, threads: Threads, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._threads = threads
        self._jobs = jobs
        self._words: dict[str, str] = {}  # case id to what is not saved yet
        self._behind: set[str] = set()  # cases whose words go behind those in the store, not over them
        self._saving: tuple[str, str] | None = None
        self._failing = False
        self._settled: list[Callable[[bool], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save)

    def keep(self, case_id: str, text: str) -> None:
        self._behind.discard(case_id)
        self._words[case_id] = text
        # Not restarted by further changes: somebody who types without a pause is saved all the same.
        if not self._timer.isActive():
            self._timer.start(DELAY_MS)

    def keep_behind(self, case_id: str, text: str) -> None:
        """Words written before the draft in the store was read."""
        self._behind.add(case_id)
        self._words[case_id] = text
        self.settle(lambda _saved: None)

    def merging(self, case_id: str) -> bool:
        """Words are still on their way behind those in the store."""
        return case_id in self._behind

    def unsaved(self, case_id: str) -> str | None:
        """Words that are newer than those in the store, or None."""
        if case_id in self._words:
            return self._words[case_id]
        return self._saving[1] if self._saving is not None and self._saving[0] == case_id else None

    def forget(self, case_id: str) -> None:
        """They became a message: sending it removed the draft in the same transaction."""
        self._words.pop(case_id, None)

    def settle(self, then: Callable[[bool], None]) -> None:
        """Save now what is not saved and call `then(True)`; `then(False)` when that did not work."""
        self._settled.append(then)
        self._timer.stop()
        if self._saving is None:
            self._save()

    def _save(self) -> None:
        if self._saving is not None:
            return
        if not self._words:
            self._tell(True)
            return
        case_id, text = next(iter(self._words.items()))
        del self._words[case_id]
        self._saving = (case_id, text)
        threads = self._threads

        def save() -> None:
            before = threads.thread(case_id).draft if behind else ""
            threads.save_draft(case_id, f"{before}\n{text}" if before else text)

        behind = case_id in self._behind
        self._jobs.run(save, then=self._saved, failed=self._not_saved, owner=self)

    def _saved(self, _nothing: None) -> None:
        if self._saving is not None and self._saving[0] not in self._words:
            self._behind.discard(self._saving[0])
        self._saving = None
        self._failing = False
        if self._words and not self._timer.isActive() and not self._settled:
            self._timer.start(DELAY_MS)
        elif self._settled:
            self._save()

    def _not_saved(self, error: ReviewerError) -> None:
        if self._saving is not None:
            case_id, text = self._saving
            self._words.setdefault(case_id, text)
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
