"""Short questions to what blocks, asked off the Qt thread, and how many of them wait for an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs

_T = TypeVar("_T")


class Asking(QObject):
    """`changed` when something began or ended; `failed(ReviewerError)` where nobody else takes the error."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.open = 0

    def ask(
        self,
        job: Callable[[], _T],
        then: Callable[[_T], None],
        *,
        failed: Callable[[ReviewerError], None] | None = None,
    ) -> None:
        self._count(1)

        def done(result: _T) -> None:
            self._count(-1)
            then(result)

        def broke(error: ReviewerError) -> None:
            self._count(-1)
            (failed or self.failed.emit)(error)

        self._jobs.run(job, then=done, failed=broke, owner=self)

    def _count(self, more: int) -> None:
        self.open += more
        self.changed.emit()
