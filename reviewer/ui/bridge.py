"""The one bridge between blocking work and the Qt thread.

A job is a plain callable. It runs on a small pool; its result or error comes back on the Qt thread through one
signal. Nothing is swallowed: a job without `failed` reports through `Jobs.failed`, and an error that is not of the
one tree becomes `UnexpectedFailure`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Delivery:
    owner: QObject
    then: Callable[[Any], None] | None
    failed: Callable[[ReviewerError], None] | None
    result: Any
    error: BaseException | None


class Jobs(QObject):
    """Runs callables away from the Qt thread. `failed` carries the errors nobody asked for."""

    failed = Signal(object)
    _done = Signal(object)

    def __init__(self, parent: QObject | None = None, *, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._closed = False
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

        def hand_back(future: Future[_T]) -> None:
            if self._closed or future.cancelled():
                return
            error = future.exception()
            result = None if error is not None else future.result()
            self._done.emit(_Delivery(owner, then, failed, result, error))

        self._pool.submit(job).add_done_callback(hand_back)

    def close(self) -> None:
        """Drop what has not begun and wait for what has. Later results are dropped. Idempotent; on the Qt thread."""
        if not self._closed:
            self._closed = True
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._collector.stop()

    @Slot(object)
    def _deliver(self, delivery: _Delivery) -> None:
        if self._closed:
            return
        error = delivery.error
        if error is not None and not isinstance(error, ReviewerError):
            _log.error("a job failed with %s", type(error).__name__)
            error = UnexpectedFailure(f"Something went wrong inside the workstation ({type(error).__name__}).")
        if not shiboken6.isValid(delivery.owner):
            if error is not None:
                self.failed.emit(error)
            return
        if error is None:
            if delivery.then is not None:
                delivery.then(delivery.result)
        elif delivery.failed is not None:
            delivery.failed(error)
        else:
            self.failed.emit(error)
