"""Works ahead at intake: the next files are looked at and sealed while the one before them is registered and uploaded.

Each in a sealed worker of its own, as ever. What was made ahead and is not wanted any more is thrown away.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TypeVar

from reviewer.intake.taking_in import Submission
from reviewer.vault import age
from reviewer.workstation.case_keys import CaseKeyDesk

_AT_ONCE = 2
_AHEAD = 4
# A key that was taken away is sealed to no longer than this; the case system refuses such an item anyway.
_HELD_S = 10.0

T = TypeVar("T")


def ahead(
    submissions: Iterable[Submission], prepare: Callable[[Submission], T], discard: Callable[[T], None]
) -> Generator[tuple[Submission, Future[T]], None, None]:
    """Each submission in its order with what `prepare` makes of it in another thread; its source is closed after it.

    What `submissions` raises comes after the ones before it. Close this: it waits for what is under way.
    """
    left, waiting, trouble = iter(submissions), deque[tuple[Submission, Future[T]]](), list[Exception]()
    ended = False
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="intake") as threads:
        try:
            while True:
                while not ended and len(waiting) < _AHEAD:
                    try:
                        submission = next(left)
                    except StopIteration:
                        ended = True
                    except Exception as error:
                        trouble.append(error)
                        ended = True
                    else:
                        waiting.append((submission, threads.submit(prepare, submission)))
                if not waiting:
                    break
                submission, prepared = waiting.popleft()
                with closing(submission.source):
                    yield submission, prepared
        finally:
            for submission, prepared in waiting:
                if not prepared.cancel():
                    with suppress(Exception):
                        discard(prepared.result())
                submission.source.close()
    for raised in trouble:
        raise raised


@dataclass(frozen=True, slots=True)
class _Held:
    recipient: age.Recipient
    etag: str
    count: int
    until: float


class HeldKeys:
    """To whom the files of a case are sealed, and how many items it had, asked once for some seconds. Thread-safe.

    The public half alone: nothing secret is kept. An item sealed under keys that were replaced is refused by the case
    system, and sealed again.
    """

    def __init__(self, keys: CaseKeyDesk, item_count: Callable[[str], int]) -> None:
        self._keys = keys
        self._item_count = item_count
        self._held: dict[str, _Held] = {}
        self._asking = threading.Lock()

    def recipient(self, case_id: str) -> tuple[age.Recipient, str]:
        """(the recipient, the set of keys it belongs to). NoKeyForItem, KeyNotVouchedFor, RosterRefused, SyncError."""
        held = self._now(case_id)
        return held.recipient, held.etag

    def item_count(self, case_id: str) -> int:
        return self._now(case_id).count

    def forget(self, case_id: str) -> None:
        with self._asking:
            self._held.pop(case_id, None)

    def _now(self, case_id: str) -> _Held:
        with self._asking:
            held = self._held.get(case_id)
            if held is None or held.until < time.monotonic():
                count = self._item_count(case_id)
                with self._keys.current(case_id) as key:
                    held = _Held(key.identity.recipient(), key.etag, count, time.monotonic() + _HELD_S)
                self._held[case_id] = held
            return held
