"""Asks what the same person saw at other workstations, now and then, and tells the meter: or that nobody answered."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from reviewer.model.errors import CaseSystemNonsense, ReviewerError
from reviewer.model.supervision import MOST_DAYS, OwnDay
from reviewer.wellbeing.elsewhere import ElsewhereDay

ASK_EVERY_S = 180.0
_STOP_S = 5.0
# A person at several workstations at once, every one of them showing all day and night.
_MOST_S = 86400.0 * 16
_HEAVIEST = 10.0


class AsksElsewhere(Protocol):
    def exposure_elsewhere(self) -> Sequence[OwnDay]:
        """Blocks; raises as the client does."""
        ...


class Elsewhere:
    """The asking of one session, on a thread of its own: at once, and every few minutes."""

    def __init__(self, asks: AsksElsewhere, tell: Callable[[Sequence[ElsewhereDay] | None], None]) -> None:
        """`tell` gets all days, or None when they could not be had."""
        self._asks = asks
        self._tell = tell
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="exposure-elsewhere", daemon=True)

    def start(self) -> None:
        """Once."""
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def ask(self) -> None:
        """Once, now, on the caller's thread. Never raises what the network may do."""
        try:
            days = believed_days(self._asks.exposure_elsewhere())
        except ReviewerError:
            days = None
        if not self._stopping.is_set():
            self._tell(days)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.ask()
            self._stopping.wait(ASK_EVERY_S)


def believed_days(untrusted: Sequence[OwnDay]) -> tuple[ElsewhereDay, ...]:
    """CaseSystemNonsense for amounts no day has, a date that is none, or a day told twice."""
    if len(untrusted) > MOST_DAYS:
        raise CaseSystemNonsense
    days = [_believed(told.day, told.seconds, told.weighted) for told in untrusted]
    if len({day.day for day in days}) != len(days):
        raise CaseSystemNonsense
    return tuple(days)


def _believed(untrusted_day: str, untrusted_seconds: float, untrusted_weighted: float) -> ElsewhereDay:
    if not _is_amount(untrusted_seconds, _MOST_S) or not _is_amount(untrusted_weighted, _MOST_S * _HEAVIEST):
        raise CaseSystemNonsense
    try:
        return ElsewhereDay(date.fromisoformat(untrusted_day), untrusted_seconds, untrusted_weighted)
    except ValueError:
        raise CaseSystemNonsense from None


def _is_amount(untrusted_value: float, most: float) -> bool:
    return math.isfinite(untrusted_value) and 0.0 <= untrusted_value <= most
