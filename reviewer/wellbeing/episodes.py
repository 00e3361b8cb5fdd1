"""Episodes: uninterrupted stretches of looking at (or listening to) one item in one way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from reviewer.model.levels import Kind, Level


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of one item at one level. `seconds` come from the monotonic clock, `started_at` from the wall (UTC).

    `level` is FACTS only where sound was on: sound reaches a person without a picture. `weight` is the policy's factor
    for the harm type at the time. `id` is a UUIDv7 and makes storing it twice harmless. `kind` is None where many items
    were looked at side by side, and for episodes kept before kinds were.
    """

    id: str
    item_id: str
    harm_type: str
    level: Level
    started_at: datetime
    seconds: float
    weight: float
    sound: bool
    full_screen: bool
    kind: Kind | None = None

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(seconds=self.seconds)


def is_exposure(level: Level, *, sound: bool) -> bool:
    """Anything above FACTS is graphic viewing, and so is hearing it."""
    return level > Level.FACTS or sound


def seconds_by_day(start: datetime, seconds: float, zone: tzinfo) -> Iterator[tuple[date, float]]:
    """Split `seconds` from `start` at each midnight of `zone`. The parts add up to exactly `seconds` (to rounding)."""
    left = seconds
    moment = start
    while left > 0.0:
        day = moment.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
        room = midnight.timestamp() - moment.timestamp()
        # A zone whose clocks skip midnight can put the next midnight before the moment: then the rest is this day's.
        part = min(left, room) if room > 0.0 else left
        yield day, part
        left -= part
        moment = midnight
