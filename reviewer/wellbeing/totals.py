"""Running totals: per day, per item, since the last break and in this shift. Adding is cheap, asking is cheaper."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.wellbeing.episodes import Episode, seconds_by_day

# A pause this long separates two shifts, so that a night shift across midnight stays one.
SHIFT_PAUSE_S = 4 * 3600.0


@dataclass(slots=True)
class DayTotal:
    """Seconds of graphic viewing on one local day, plain and weighted, and how many items were looked at in turn."""

    seconds: float = 0.0
    weighted: float = 0.0
    episodes: int = 0


class DayTotals:
    """Totals of graphic viewing by local day of `zone`."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._days: dict[date, DayTotal] = {}
        self._last: tuple[str, date] | None = None

    def add(self, item_id: str, start: datetime, seconds: float, weight: float) -> None:
        for day, part in seconds_by_day(start, seconds, self._zone):
            total = self._days.setdefault(day, DayTotal())
            total.seconds += part
            total.weighted += part * weight
            # Going from blurred to a lens and back on one item is one episode to the person, however often it is cut.
            if self._last != (item_id, day):
                total.episodes += 1
                self._last = (item_id, day)

    def on(self, moment: datetime) -> DayTotal:
        return self._days.get(moment.astimezone(self._zone).date(), DayTotal())

    def last_days(self, moment: datetime, count: int) -> float:
        """Plain seconds of the `count` local days that end with the day of `moment`."""
        today = moment.astimezone(self._zone).date()
        days = (today - timedelta(days=back) for back in range(count))
        return sum(self._days[day].seconds for day in days if day in self._days)


@dataclass(slots=True)
class ItemViewing:
    """What one person truthfully saw of one item so far: the measured part of a `ViewingRecord`."""

    seconds: dict[str, float] = field(default_factory=dict)
    sound_seconds: float = 0.0
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    def add(self, level: Level, seconds: float, *, sound: bool) -> None:
        key = LEVEL_KEYS[level]
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds
        if sound:
            self.sound_seconds += seconds

    def widen(self, start: datetime, end: datetime) -> None:
        """The wall clock may have been set back in between, so the earliest and the latest moment count."""
        self.opened_at = start if self.opened_at is None else min(self.opened_at, start)
        self.closed_at = end if self.closed_at is None else max(self.closed_at, end)

    def add_episode(self, episode: Episode) -> None:
        self.add(episode.level, episode.seconds, sound=episode.sound)
        self.widen(episode.started_at, episode.ended_at)

    def add_all(self, other: ItemViewing) -> None:
        for key, seconds in other.seconds.items():
            self.seconds[key] = self.seconds.get(key, 0.0) + seconds
        self.sound_seconds += other.sound_seconds
        if other.opened_at is not None and other.closed_at is not None:
            self.widen(other.opened_at, other.closed_at)

    def copy(self) -> ItemViewing:
        return ItemViewing(dict(self.seconds), self.sound_seconds, self.opened_at, self.closed_at)


@dataclass(slots=True)
class Stint:
    """Work since the last break and graphic viewing in this shift; pauses end them.

    `work_s` counts every second an item is open, FACTS included: a break is from the work, not only from pictures.
    After a restart only the graphic part of it is known, so it starts too low by the time spent on facts.
    """

    break_s: float
    work_s: float = 0.0
    shift_s: float = 0.0
    pause_s: float = 0.0

    def worked(self, seconds: float, *, graphic: bool) -> None:
        self.pause_s = 0.0
        self.work_s += seconds
        if graphic:
            self.shift_s += seconds

    def paused(self, seconds: float) -> None:
        self.pause_s += seconds
        if self.pause_s >= self.break_s:
            self.work_s = 0.0
        if self.pause_s >= SHIFT_PAUSE_S:
            self.shift_s = 0.0
