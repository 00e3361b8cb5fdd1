"""Which item is next: urgent ones first, then what the person's wishes and the team's even share leave in order. Pure.

Nothing here is sent or shown to anybody: it only decides what this workstation takes up first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reviewer.model.cases import QueueEntry
from reviewer.model.supervision import ViolentShare

# Above the even share and its margin, another item is looked for so many places further down for each full share more,
# but never further than this.
PLACES_PER_SHARE = 40
MOST_PLACES = 60
# A minute above the share of nothing is not much: the first violent items of a week are nobody's too many.
SLACK_S = 60.0
# What has waited this long is left to nobody else: whoever had least may be away.
LONGEST_LEFT_S = 48 * 3600.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What bends the order of the queue for one person now.

    `harms`, `kinds` and `labels` (key, words) they would rather not get; `violent` harm types of which other items are
    looked for up to `places` further down, unless they were received before `left_since`; deadlines up to
    `urgent_until` are never put off. Both are Unix seconds.
    """

    harms: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    labels: tuple[tuple[str, str], ...] = ()
    violent: frozenset[str] = frozenset()
    places: int = 0
    left_since: float = 0.0
    urgent_until: float = math.inf

    @property
    def any(self) -> bool:
        return bool(self.harms or self.kinds or self.labels or (self.violent and self.places))

    def avoids(self, entry: QueueEntry) -> bool:
        """By harm type, kind, a label an earlier viewer gave, or its words at the beginning of words of a forewarning.

        Whether it is urgent is not asked here.
        """
        if entry.item.harm_type in self.harms or entry.item.facts.kind.value in self.kinds:
            return True
        given = {label for note in entry.notes for label in note.labels}
        expected = " \n ".join(entry.item.forewarning).casefold()
        return any(
            key in given or re.search(rf"(?<!\w){re.escape(words.casefold())}", expected) for key, words in self.labels
        )

    def urgent(self, entry: QueueEntry) -> bool:
        """Never put off: somebody may be in danger, or the time is short."""
        referral = entry.case.referral
        return referral.danger or (referral.due_at is not None and referral.due_at.timestamp() <= self.urgent_until)


NO_WISHES = Wishes()


class Waiting(Protocol):
    """One that may be taken. `sharable`: violent, and a colleague could take it as well."""

    @property
    def urgent(self) -> bool: ...
    @property
    def avoided(self) -> bool: ...
    @property
    def sharable(self) -> bool: ...


def places_of(share: ViolentShare | None, margin: float) -> int:
    """How far down another item is looked for: 0 up to the even share, its margin and the slack, or if unknown."""
    if share is None or share.even_s is None:
        return 0
    allowed = share.even_s * (1.0 + margin) + SLACK_S
    if not share.own_s > allowed:
        return 0
    above = (share.own_s - allowed) / max(share.even_s, SLACK_S)
    return min(MOST_PLACES, 1 + math.ceil(above * PLACES_PER_SHARE))


def in_turn(waiting: Sequence[Waiting], places: int, count: int) -> list[int]:
    """The first `count` turns, as places in `waiting`, which is in the order of the queue.

    Urgent ones come as they stand. Of the rest, what is avoided comes last; where the first is violent and `places`
    are to be looked down, the first of those that is not violent comes before it.
    """
    rest: list[int] = []
    last: list[int] = []
    turns: list[int] = []
    for at, one in enumerate(waiting):
        if one.urgent:
            turns.append(at)
            if len(turns) == count:
                break
        # Beyond that none of them gets a turn, nor is looked at for one.
        elif len(rest) < count + places:
            (last if one.avoided else rest).append(at)
    while rest and len(turns) < count:
        if places and waiting[rest[0]].sharable:
            other = next((nth for nth, at in enumerate(rest[1 : places + 1], 1) if not waiting[at].sharable), 0)
            turns.append(rest.pop(other))
        else:
            turns.append(rest.pop(0))
    return [*turns, *last][:count]
