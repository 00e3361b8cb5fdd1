"""One person's own exposure, broken down: by level, kind, severity, sound and full screen, for a span of local days.

Pure: for "my data" on the person's own workstation. Nobody else gets it, and it is sent nowhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import TypeVar

from reviewer.model.decisions import Change, Decision
from reviewer.model.levels import Kind, Level
from reviewer.wellbeing.episodes import Episode, seconds_by_day

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(slots=True)
class Tally:
    """`seconds` are plain, `weighted` by the policy's factor of the time. `episodes`: items looked at in turn.

    Going from BLURRED to CLEAR and back is one episode of each of the two levels, and one in all: episodes of groups do
    not add up to the whole, seconds do.
    """

    seconds: float = 0.0
    weighted: float = 0.0
    episodes: int = 0
    _turn: int = field(default=-1, repr=False, compare=False)

    def _add(self, seconds: float, weight: float, turn: int) -> None:
        self.seconds += seconds
        self.weighted += seconds * weight
        if turn != self._turn:
            self.episodes += 1
            self._turn = turn


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Of the local days `first` to `last`, both in it. Groups without a second are absent.

    `by_kind[None]` are many veiled items side by side, and what was kept before kinds were. `by_severity` goes by one's
    own standing decision of the item, the index into the policy's severity words; None where there is none.
    `with_sound` and `full_screen` are parts of the same seconds, by no means apart from each other.
    """

    first: date
    last: date
    total: Tally
    by_day: dict[date, Tally]
    by_level: dict[Level, Tally]
    by_kind: dict[Kind | None, Tally]
    by_severity: dict[int | None, Tally]
    by_harm_type: dict[str, Tally]
    with_sound: Tally
    full_screen: Tally


def broken_down(
    episodes: Iterable[Episode], severities: Mapping[str, int], zone: tzinfo, first: date, last: date
) -> Breakdown:
    """`severities` are of item ids. Episodes may come in any order and twice; one is cut at each midnight of `zone`."""
    result = Breakdown(first, last, Tally(), {}, {}, {}, {}, {}, Tally(), Tally())
    turn, before = 0, None
    once = {episode.id: episode for episode in episodes}
    for episode in sorted(once.values(), key=lambda e: (e.started_at, e.id)):
        for day, seconds in seconds_by_day(episode.started_at, episode.seconds, zone):
            if (episode.item_id, day) != before:
                turn, before = turn + 1, (episode.item_id, day)
            if first <= day <= last:
                for tally in _tallies(result, episode, day, severities.get(episode.item_id)):
                    tally._add(seconds, episode.weight, turn)
    return result


def standing_severities(decisions: Iterable[Decision], actor: str) -> dict[str, int]:
    """Of each item, by the newest decision of `actor` that nothing replaces; none where that one is a void."""
    own = [decision for decision in decisions if decision.actor == actor]
    replaced = {decision.replaces for decision in own if decision.replaces is not None}
    return {d.item_id: d.severity for d in own if d.id not in replaced and d.change is not Change.VOID}


def _tallies(result: Breakdown, episode: Episode, day: date, severity: int | None) -> list[Tally]:
    tallies = [
        result.total,
        _of(result.by_day, day),
        _of(result.by_level, episode.level),
        _of(result.by_kind, episode.kind),
        _of(result.by_severity, severity),
        _of(result.by_harm_type, episode.harm_type),
    ]
    if episode.sound:
        tallies.append(result.with_sound)
    if episode.full_screen:
        tallies.append(result.full_screen)
    return tallies


def _of(group: dict[_Key, Tally], key: _Key) -> Tally:
    return group.setdefault(key, Tally())
