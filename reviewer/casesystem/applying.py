"""Whether an event may take effect: two exceptions, and the sender every event is held against."""

from __future__ import annotations

from dataclasses import dataclass, field

from reviewer.casesystem.callers import Caller
from reviewer.model.taxonomy import SecondReview


class RejectedEvent(Exception):
    """Never acceptable as it is. `reason` is shown to the person whose event it was."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotYet(Exception):
    """Acceptable later, unchanged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Arrived:
    """The event being applied: who sent it, its id, and when it came (Unix seconds). `asked`: what is read twice.

    `made_at` is when it was made by its workstation's clock, which may be wrong; None where it came as no event.
    """

    caller: Caller
    event_id: str
    now: float
    asked: SecondReview = field(default_factory=SecondReview)
    made_at: float | None = None

    @property
    def at(self) -> float:
        """When it was made, and never after it came."""
        return self.now if self.made_at is None else min(self.made_at, self.now)
