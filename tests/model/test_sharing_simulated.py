"""A synthetic week of six reviewers through the choosing itself: who gets how much of the violent items, who waits.

The case system's part is the same arithmetic as its endpoint: seconds up to the end of yesterday, and their mean over
those who looked at anything, rounded up to quarter hours.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
from dataclasses import dataclass, field

import pytest

from reviewer.model.choosing import LONGEST_LEFT_S, in_turn, places_of
from reviewer.model.supervision import ViolentShare

MARGIN = 0.1
URGENT_S = 3600.0
QUARTER_S = 900.0
SHIFT_S = 6 * 3600.0
DAY_S = 86400.0


@dataclass
class Waits:
    """One item of the synthetic queue; `taken_at` when somebody did."""

    arrives: float
    due: float | None
    danger: bool
    violent: bool
    avoidable: bool
    seconds: float
    taken_at: float | None = None

    @property
    def order(self) -> tuple[bool, bool, float, float]:
        return (not self.danger, self.due is None, self.due or 0.0, self.arrives)


@dataclass
class Seen:
    """An item as one reviewer's workstation sees it at one moment."""

    item: Waits
    now: float
    avoids: bool

    @property
    def urgent(self) -> bool:
        return self.item.danger or (self.item.due is not None and self.item.due <= self.now + URGENT_S)

    @property
    def avoided(self) -> bool:
        return self.avoids and self.item.avoidable

    @property
    def sharable(self) -> bool:
        return self.item.violent and self.now - self.item.arrives < LONGEST_LEFT_S


@dataclass
class Reviewer:
    avoids: bool
    pace: float
    begins: float
    violent_s: float = 0.0
    told: ViolentShare | None = None
    passed_over: list[float] = field(default_factory=list)


def a_week(seed: int) -> list[Waits]:
    chance = random.Random(seed)
    items = []
    for _ in range(2200):
        arrives = chance.uniform(0, 5 * DAY_S)
        violent = chance.random() < 0.45
        items.append(
            Waits(
                arrives=arrives,
                due=arrives + chance.uniform(2, 48) * 3600 if chance.random() < 0.5 else None,
                danger=chance.random() < 0.02,
                violent=violent,
                avoidable=violent and chance.random() < 0.9,
                seconds=chance.lognormvariate(4.6 if violent else 4.3, 0.8),
            )
        )
    return sorted(items, key=lambda item: item.arrives)


def worked(seed: int, *, shared: bool) -> tuple[list[Reviewer], list[Waits]]:
    """The week as it goes with (or without) wishes and sharing. Six shifts a day that begin at different hours."""
    chance = random.Random(seed + 1)
    team = [
        Reviewer(avoids=number < 2, pace=chance.uniform(0.75, 1.35), begins=8 * 3600 + number * 1200.0)
        for number in range(6)
    ]
    coming = a_week(seed)
    every, waiting, turn = list(coming), [], itertools.count()
    today = 0.0
    free = [(one.begins, next(turn), one) for one in team]
    heapq.heapify(free)
    while free:
        now, _, who = heapq.heappop(free)
        while coming and coming[0].arrives <= now:
            waiting.append(coming.pop(0))
        day = now // DAY_S
        if now - day * DAY_S > who.begins + SHIFT_S:
            if day < 6:
                heapq.heappush(free, ((day + 1) * DAY_S + who.begins, next(turn), who))
            continue
        waiting.sort(key=lambda item: item.order)
        if day > today:
            today, before = day, {id(one): one.violent_s for one in team}
            even = math.ceil(sum(before.values()) / len(team) / QUARTER_S) * QUARTER_S
            for one in team:
                one.told = ViolentShare(own_s=before[id(one)], even_s=even)
        at = _next(waiting, now, who, shared=shared)
        if at is None:
            heapq.heappush(free, (now + 60.0, next(turn), who))
            continue
        item = waiting.pop(at)
        item.taken_at = now
        assert item.danger or not any(one.danger for one in waiting), "danger first"
        took = item.seconds * who.pace
        who.violent_s += took if item.violent else 0.0
        heapq.heappush(free, (now + took + 45.0, next(turn), who))
    return team, every


def _next(waiting: list[Waits], now: float, who: Reviewer, *, shared: bool) -> int | None:
    if not waiting:
        return None
    if not shared:
        return 0
    seen = [Seen(item, now, who.avoids) for item in waiting]
    at = in_turn(seen, places_of(who.told, MARGIN), 1)[0]
    left = seen[at].avoided and not seen[at].urgent
    # Whoever would rather not get what is left, leaves it to the others.
    return None if left else at


def spread(team: list[Reviewer]) -> float:
    """(most - least) / mean of the violent seconds of those who avoid nothing."""
    taken = [one.violent_s for one in team if not one.avoids]
    return (max(taken) - min(taken)) / (sum(taken) / len(taken))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_week_is_shared_evenly_and_nothing_starves(seed: int) -> None:
    team, items = worked(seed, shared=True)
    plain, plain_items = worked(seed, shared=False)
    assert spread(team) < 0.20
    assert spread(team) < spread(plain)
    assert [item for item in items if item.taken_at is None] == []
    # Who avoids a harm type meets it where somebody is in danger or time is short, and there only.
    avoiding, others = (sum(one.violent_s for one in team if one.avoids is kind) for kind in (True, False))
    assert avoiding / 2 < 0.5 * others / 4
    # Nobody waits for it: danger is taken as soon as in plain order, and few deadlines more are missed.
    assert _longest(items, danger=True) <= _longest(plain_items, danger=True) + 1200
    assert _late(items) <= _late(plain_items) + 0.02 * len(items)


def _longest(items: list[Waits], *, danger: bool) -> float:
    return max((item.taken_at or 1e9) - item.arrives for item in items if item.danger is danger)


def _late(items: list[Waits]) -> int:
    return sum(item.due is not None and (item.taken_at or 1e9) > item.due for item in items)
