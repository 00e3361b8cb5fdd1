"""The one bridge between blocking work and the Qt thread.

A job is a plain callable. It runs on a small pool; its result or error comes back on the Qt thread through one
signal. Nothing is swallowed: a job without `failed` reports through `Jobs.failed`, and an error that is not of the
one tree becomes `UnexpectedFailure`.

A job's thread never holds the last reference to what the job was given: a QObject that ends on it is destroyed there,
and the event loop then calls into freed memory. So the Qt thread keeps every order until its result has come back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from reviewer.model.errors import ReviewerError
from reviewer.ui.cycle_collector import CycleCollector

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class UnexpectedFailure(ReviewerError):
    """A defect of ours: an exception outside the tree. Only its type is named, its words might quote evidence."""

    code = "U000"
    happened = "Something went wrong inside the workstation."
    kept = "What was saved before is safe."


@dataclass(slots=True)
class _Order:
    """A job, whom it is for, and what came of it."""

    owner: QObject
    job: Callable[[], Any]
    then: Callable[[Any], None] | None
    failed: Callable[[ReviewerError], None] | None
    result: Any = None
    error: BaseException | None = None

    def work(self) -> None:
        try:
            self.result = self.job()
        except BaseException as error:  # handed over, like everything else a job ends with
            self.error = error


class Jobs(QObject):
    """Runs callables away from the Qt thread. `failed` carries the errors nobody asked for."""

    failed = Signal(object)
    _done = Signal(int)

    def __init__(self, parent: QObject | None = None, *, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._closed = False
        self._orders: dict[int, _Order] = {}
        self._numbers = count()
        self._collector = CycleCollector(self)
        self._collector.start()
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        job: Callable[[], _T],
        *,
        owner: QObject,
        then: Callable[[_T], None] | None = None,
        failed: Callable[[ReviewerError], None] | None = None,
    ) -> None:
        """Run `job` on the pool, then call `then(result)` or `failed(error)` on the Qt thread.

        Neither is called when `owner` has been deleted meanwhile. After `close` the call does nothing.
        """
        if self._closed:
            return
        number = next(self._numbers)
        self._orders[number] = _Order(owner, job, then, failed)
        self._pool.submit(self._work, number)

    def _work(self, number: int) -> None:
        self._orders[number].work()
        # From here on this thread holds nothing of the order but its number.
        if not self._closed:
            self._done.emit(number)

    def close(self) -> None:
        """Drop what has not begun and wait for what has. Later results are dropped. Idempotent; on the Qt thread."""
        if not self._closed:
            self._closed = True
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._orders.clear()
            self._collector.stop()

    @Slot(int)
    def _deliver(self, number: int) -> None:
        order = self._orders.pop(number, None)
        if order is None:
            return
        error, order.error = order.error, None  # its traceback holds the order
        if error is not None and not isinstance(error, ReviewerError):
            _log.error("a job failed with %s", type(error).__name__)
            error = UnexpectedFailure(f"Something went wrong inside the workstation ({type(error).__name__}).")
        if not shiboken6.isValid(order.owner):
            if error is not None:
                self.failed.emit(error)
            return
        if error is None:
            if order.then is not None:
                order.then(order.result)
        elif order.failed is not None:
            order.failed(error)
        else:
            self.failed.emit(error)
