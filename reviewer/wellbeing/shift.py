"""One's own figures of four spans: today, this shift, 7 and 28 days; and which episodes are of this shift."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from reviewer.wellbeing.breakdown import Breakdown, broken_down
from reviewer.wellbeing.episodes import Episode

# Of the longest span; an episode may reach into its first day from the one before.
LONGEST_DAYS = 28


@dataclass(frozen=True, slots=True)
class OwnSpans:
    """All of one moment. `shift` may have begun the day before; the others are whole local days up to today."""

    today: Breakdown
    shift: Breakdown
    week: Breakdown
    month: Breakdown


def own_spans(
    episodes: Collection[Episode], severities: Mapping[str, int], zone: tzinfo, today: date, shift_s: float
) -> OwnSpans:
    """`episodes` are those of the last LONGEST_DAYS and the day before; `shift_s` is the meter's."""

    def last(days: int) -> Breakdown:
        return broken_down(episodes, severities, zone, today - timedelta(days=days - 1), today)

    of_shift = of_this_shift(episodes, shift_s)
    first = min((episode.started_at.astimezone(zone).date() for episode in of_shift), default=today)
    shift = broken_down(of_shift, severities, zone, first, max(first, today))
    return OwnSpans(last(1), shift, last(7), last(LONGEST_DAYS))


def of_this_shift(episodes: Iterable[Episode], shift_s: float) -> list[Episode]:
    """The newest episodes, oldest of them first, until `shift_s` seconds are reached; none for a shift of none.

    The meter alone knows where a shift began, for it also counts work on facts, of which there are no episodes. A pause
    ends an episode, so a shift is made of whole ones. Episodes may come in any order and twice.
    """
    once = {episode.id: episode for episode in episodes}
    found: list[Episode] = []
    for episode in sorted(once.values(), key=lambda e: (e.started_at, e.id), reverse=True):
        if shift_s <= 1e-6:
            break
        found.append(episode)
        shift_s -= episode.seconds
    return found[::-1]
