"""What a person asks of the queue, and the answer: an order of line numbers, not the entries themselves.

A queue may have a hundred thousand entries; only those on the screen are ever read (`Session.queue_entries`).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import Enum

from reviewer.model.cases import QueueEntry, ReferralSource
from reviewer.model.levels import Kind


class Grouping(str, Enum):
    NONE = "none"
    CASE = "case"
    PERSON = "person"


class Only(str, Enum):
    """Filters that are either on or off. HELD shows what is set aside, and nothing else does."""

    DANGER = "danger"
    DUE_TODAY = "due_today"
    HELD = "held"
    MINE = "mine"
    SECOND = "second"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class QueueAsk:
    """Entries that contain every word of `words` and pass every filter. `today_ends` is Unix seconds.

    `source`, `kind` and `harm` (a harm type's key) are None for all of them.
    """

    words: str = ""
    only: frozenset[Only] = frozenset()
    source: ReferralSource | None = None
    kind: Kind | None = None
    harm: str | None = None
    grouping: Grouping = Grouping.NONE
    today_ends: float = 0.0

    @property
    def filtered(self) -> bool:
        return bool(self.only or self.source or self.kind or self.harm)


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """Lines of one case or one account, most urgent first. `key` is the same after a refresh; `danger` counts."""

    key: int
    lines: array[int]
    danger: int


def no_lines() -> array[int]:
    return array("q")


@dataclass(frozen=True, slots=True)
class QueueListing:
    """Lines in `queue_order`, and counts of the whole queue.

    `first` are the entries of the first lines; `offered` those of the first that this person may be given next.
    `waiting` counts all that is not held, `held` what is set aside; `danger_not_shown` counts entries of a person in
    danger that words or filters leave out, `danger_held` those set aside. `revision` changes with the queue.
    """

    ask: QueueAsk = QueueAsk()
    lines: array[int] = field(default_factory=no_lines)
    groups: tuple[QueueGroup, ...] = ()
    first: tuple[tuple[int, QueueEntry], ...] = ()
    offered: tuple[QueueEntry, ...] = ()
    waiting: int = 0
    held: int = 0
    with_notes: int = 0
    danger_not_shown: int = 0
    danger_held: int = 0
    revision: int = 0

    @property
    def hidden(self) -> int:
        """How many waiting entries words and filters leave out."""
        of = self.held if Only.HELD in self.ask.only else self.waiting
        return of - len(self.lines)
