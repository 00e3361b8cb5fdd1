"""One long piece of work off the Qt thread that says how far it is and can be cancelled.

Its progress comes on the job's thread: it is only noted there, and read here ten times a second, so that a task that
reports every chunk costs the window nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.handoff_ports import Progress

LOOK_MS = 100
_T = TypeVar("_T")


class _Noted:
    """What both threads share. Not a Qt object: the job's thread may be the last to hold it."""

    def __init__(self) -> None:
        self.latest: Progress | None = None
        self.cancelled = threading.Event()

    def note(self, progress: Progress) -> None:
        self.latest = progress


class Running(QObject):
    """`begun`, `told(Progress)` while it goes on, `ended` after `then` or `failed` was called."""

    begun = Signal()
    told = Signal(object)
    ended = Signal()

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._noted: _Noted | None = None
        self._said: Progress | None = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        return self._noted is not None

    @property
    def cancelling(self) -> bool:
        return self._noted is not None and self._noted.cancelled.is_set()

    def start(
        self,
        work: Callable[[Callable[[Progress], None], Callable[[], bool]], _T],
        then: Callable[[_T], None],
        failed: Callable[[ReviewerError], None],
    ) -> None:
        """`work(progress, cancelled)`. Nothing where something runs already."""
        if self._noted is not None:
            return
        noted = self._noted = _Noted()
        self._said = None
        self._timer.start()
        self.begun.emit()

        def done(result: _T) -> None:
            self._end()
            then(result)
            self.ended.emit()

        def broke(error: ReviewerError) -> None:
            self._end()
            failed(error)
            self.ended.emit()

        self._jobs.run(lambda: work(noted.note, noted.cancelled.is_set), then=done, failed=broke, owner=self)

    def cancel(self) -> None:
        """Ask it to end; it says itself that it did."""
        if self._noted is not None:
            self._noted.cancelled.set()

    def _end(self) -> None:
        self._timer.stop()
        self._noted = None

    def _look(self) -> None:
        latest = self._noted.latest if self._noted is not None else None
        if latest is not None and latest is not self._said:
            self._said = latest
            self.told.emit(latest)
