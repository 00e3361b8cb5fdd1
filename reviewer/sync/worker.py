"""The sync worker: empties the outbox in bounded batches, in the background, and never gives up."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from reviewer.model.clock import Clock
from reviewer.model.errors import CaseSystemRefused, ReviewerError
from reviewer.model.events import MAX_BATCH, AnswerStatus, EventAnswer, OutboxEvent
from reviewer.sync.backoff import delay_s
from reviewer.sync.believing import believed_answers

_log = logging.getLogger("reviewer.sync")

IDLE_S = 30.0
_REST_CAP_S = 300.0

# A refusal of the batch as such: something in it cannot be read. What it is shows by sending less.
_UNREADABLE = (400, 413, 422)

Post = Callable[[Sequence[OutboxEvent]], Sequence[EventAnswer]]


@dataclass(frozen=True, slots=True)
class WorkerState:
    """`waiting` and `parked` count events; `last_contact`: the last sensible answer; `trouble`: a sentence or empty."""

    waiting: int
    parked: int
    last_contact: datetime | None
    trouble: str = ""


class SyncWorker:
    """One thread between the outbox and the case system.

    `pending(limit)` gives the oldest events that are neither delivered nor parked. `answered` makes answers durable:
    accepted and duplicate are delivered, rejected is parked, retry stays pending. Only when it has returned does an
    event count as dealt with, so a crash before it only means a duplicate. `counts()` gives (waiting, parked) and is
    called by `state`. `troubled` is told when trouble begins or changes, once each time. All are called from the
    worker's thread or from `drain_once`'s caller, never from both at once. After `wake` the worker waits `gather_s`
    seconds: what is written together travels together.
    """

    def __init__(
        self,
        post: Post,
        pending: Callable[[int], Sequence[OutboxEvent]],
        answered: Callable[[Sequence[EventAnswer]], None],
        clock: Clock,
        *,
        counts: Callable[[], tuple[int, int]],
        troubled: Callable[[ReviewerError], None] | None = None,
        idle_s: float = IDLE_S,
        gather_s: float = 0.0,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._post = post
        self._pending = pending
        self._answered = answered
        self._clock = clock
        self._counts = counts
        self._troubled = troubled
        self._idle_s = idle_s
        self._gather_s = gather_s
        self._jitter = jitter
        self._draining = threading.Lock()
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._last_contact: datetime | None = None
        self._trouble = ""
        # Events the case system asked to send later: id to (times asked, when to try again, monotonic).
        self._resting: dict[str, tuple[int, float]] = {}

    def start(self) -> None:
        """Begin in the background. Once."""
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something is pending. After a failure the wait is kept to, so that many decisions are not many attempts."""
        self._woken.set()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Ends the thread, after the exchange under way if there is one. True when it has ended within `timeout_s`."""
        self._stopping.set()
        self._woken.set()
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def state(self) -> WorkerState:
        waiting, parked = self._counts()
        return WorkerState(waiting, parked, self._last_contact, self._trouble)

    def drain_once(self) -> WorkerState:
        """Try now, everything, whatever the waits, and say how it went: trouble is in the answer, not raised."""
        with self._draining:
            self._attempt(hurried=True)
        self._woken.set()
        return self.state()

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._draining:
                wait_s = self._attempt(hurried=False)
            if self._failures:
                self._stopping.wait(wait_s)
            elif self._woken.wait(wait_s):
                self._stopping.wait(self._gather_s)
            self._woken.clear()

    def _attempt(self, *, hurried: bool) -> float:
        """Empty the outbox as far as it goes; seconds until the next attempt. Never raises: the thread must live."""
        try:
            self._drain(hurried=hurried)
        except ReviewerError as error:
            self._fail(error)
        except Exception as error:
            _log.error("sync stumbled: %s", type(error).__name__)
            self._fail(ReviewerError("Sync stopped unexpectedly and will be tried again."))
        else:
            self._failures, self._trouble = 0, ""
            return self._idle_s
        return delay_s(self._failures - 1, jitter=self._jitter)

    def _fail(self, error: ReviewerError) -> None:
        self._failures += 1
        changed = self._trouble != error.what_happened
        self._trouble = error.what_happened
        if changed and self._troubled is not None:
            try:
                self._troubled(error)
            except Exception as second:
                _log.error("trouble could not be recorded: %s", type(second).__name__)

    def _drain(self, *, hurried: bool) -> None:
        tried: set[str] = set()
        while not self._stopping.is_set():
            now = self._clock.monotonic()
            # Resting events are the oldest; ask for as many more, so that they never hide what is behind them.
            oldest = self._pending(MAX_BATCH + len(self._resting))
            batch = [e for e in oldest if e.id not in tried and (hurried or self._due(e.id, now))][:MAX_BATCH]
            if not batch:
                return
            tried.update(event.id for event in batch)
            self._deliver(batch)

    def _due(self, event_id: str, now: float) -> bool:
        return event_id not in self._resting or self._resting[event_id][1] <= now

    def _deliver(self, batch: Sequence[OutboxEvent]) -> None:
        try:
            answers = believed_answers(batch, self._post(batch))
        except CaseSystemRefused as refused:
            if refused.status not in _UNREADABLE:
                raise
            if len(batch) > 1:
                middle = len(batch) // 2
                self._deliver(batch[:middle])
                self._deliver(batch[middle:])
                return
            reason = "The case system could not read it."
            answers = (EventAnswer(id=batch[0].id, status=AnswerStatus.REJECTED, reason=reason),)
        self._last_contact = self._clock.now()
        self._answered(answers)
        for answer in answers:
            if answer.status is AnswerStatus.RETRY:
                times = self._resting.get(answer.id, (0, 0.0))[0]
                rest_s = delay_s(times, base_s=2.0, cap_s=_REST_CAP_S, jitter=self._jitter)
                self._resting[answer.id] = (times + 1, self._clock.monotonic() + rest_s)
            else:
                self._resting.pop(answer.id, None)
