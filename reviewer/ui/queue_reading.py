"""Reading the queue for the window: one question at a time, and the last wish of those made meanwhile.

Before the very first answer the beginning of the queue is read and shown: a long one takes a while to be put in order.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from reviewer.model.errors import ReviewerError
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.ui.bridge import Jobs
from reviewer.ui.ports import Session

_Read = Callable[[], QueueListing]
_Nothing = Callable[[], None]


class QueueReading:
    """`then` gets every answer on the Qt thread. `unreadable`: entries left out at the last refresh."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        owner: QObject,
        then: Callable[[QueueListing], None],
        failed: Callable[[ReviewerError], None],
    ) -> None:
        self.ask = QueueAsk()
        self.unreadable = 0
        self._session = session
        self._jobs = jobs
        self._owner = owner
        self._then = then
        self._failed = failed
        self._reading = False
        self._begun = False
        self._again: tuple[_Read, _Nothing] | None = None

    def read(self) -> None:
        """As it is known here."""
        self._read(self._listing, lambda: None)

    def refresh(self, done: _Nothing) -> None:
        """Ask the case system first; `done` once its answer is shown."""
        self._read(self._pulled, done)

    def _listing(self) -> QueueListing:
        return self._session.list_queue(self.ask)

    def _pulled(self) -> QueueListing:
        self.unreadable = self._session.pull_queue()
        return self._listing()

    def _read(self, read: _Read, done: _Nothing) -> None:
        if self._reading:
            self._again = (read, done)
            return
        self._reading = True
        if self._begun or self.ask != QueueAsk():
            self._go(read, done)
            return

        def went_on() -> None:
            self._begun = True
            self._go(read, done)

        def begun(listing: QueueListing) -> None:
            if self.ask == QueueAsk():
                self._then(listing)
            went_on()

        # What went wrong is told by the reading that follows.
        begin = lambda: self._session.list_queue(QueueAsk(beginning=True))  # noqa: E731
        self._jobs.run(begin, then=begun, failed=lambda _error: went_on(), owner=self._owner)

    def _go(self, read: _Read, done: _Nothing) -> None:
        def answered(listing: QueueListing) -> None:
            self._then(listing)
            done()
            self._ended()

        def not_answered(error: ReviewerError) -> None:
            self._failed(error)
            self._ended()

        self._jobs.run(read, then=answered, failed=not_answered, owner=self._owner)

    def _ended(self) -> None:
        self._reading = False
        again, self._again = self._again, None
        if again is not None:
            self._read(*again)
