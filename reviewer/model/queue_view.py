"""What a person asks of the queue, and the answer: an order of line numbers, not the entries themselves.

A queue may have a hundred thousand entries; only those on the screen are ever read (`Session.queue_entries`).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import overload

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

    `source`, `kind` and `harm` (a harm type's key) are None for all of them. `beginning` asks for the first screenful
    of the whole queue only, without counts, whatever else is asked: what can be shown at once.
    """

    words: str = ""
    only: frozenset[Only] = frozenset()
    source: ReferralSource | None = None
    kind: Kind | None = None
    harm: str | None = None
    grouping: Grouping = Grouping.NONE
    today_ends: float = 0.0
    beginning: bool = False

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
class QueueGroups(Sequence[QueueGroup]):
    """Groups in the order of their most urgent lines, each made when it is looked at: there may be ten thousand.

    `lines` are those of all groups, one group after the other; the rest is one number for each group.
    """

    keys: array[int] = field(default_factory=no_lines)
    starts: array[int] = field(default_factory=no_lines)
    danger: array[int] = field(default_factory=no_lines)
    lines: array[int] = field(default_factory=no_lines)

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> QueueGroup: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[QueueGroup, ...]: ...
    def __getitem__(self, index: int | slice) -> QueueGroup | tuple[QueueGroup, ...]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = range(len(self))[index]
        end = self.starts[at + 1] if at + 1 < len(self) else len(self.lines)
        return QueueGroup(self.keys[at], self.lines[self.starts[at] : end], self.danger[at])


@dataclass(frozen=True, slots=True)
class QueueListing:
    """Lines in `queue_order`, and counts of the whole queue.

    `first` are the entries of the first lines; `offered` those that this person is given next, in this order.
    Of these, `reluctant` are ids of items that the person would rather not get and that are not urgent: only they are
    left then. `waiting` counts all that is not held, `held` what is set aside; `danger_not_shown` counts entries of a
    person in danger that words or filters leave out, `danger_held` those set aside. `revision` changes with the queue.
    All counts are 0 where only the beginning was asked for.
    """

    ask: QueueAsk = QueueAsk()
    lines: array[int] = field(default_factory=no_lines)
    groups: Sequence[QueueGroup] = ()
    first: tuple[tuple[int, QueueEntry], ...] = ()
    offered: tuple[QueueEntry, ...] = ()
    reluctant: frozenset[str] = frozenset()
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
