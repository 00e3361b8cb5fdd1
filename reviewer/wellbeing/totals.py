"""Running totals: per day, per item, since the last break and in this shift. Adding is cheap, asking is cheaper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.wellbeing.elsewhere import ElsewhereDay, local_day
from reviewer.wellbeing.episodes import Episode, seconds_by_day

# A pause this long separates two shifts, so that a night shift across midnight stays one.
SHIFT_PAUSE_S = 4 * 3600.0


@dataclass(slots=True)
class DayTotal:
    """Seconds of graphic viewing on one local day, plain and weighted, and how many items were looked at in turn."""

    seconds: float = 0.0
    weighted: float = 0.0
    episodes: int = 0


_NONE = DayTotal()


class DayTotals:
    """Totals of graphic viewing by local day of `zone`: what was seen here, and what was reported from elsewhere."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._days: dict[date, DayTotal] = {}
        self._elsewhere: dict[date, DayTotal] = {}
        self._last: tuple[str, date] | None = None
        self._latest = date.min

    def add(self, item_id: str, start: datetime, seconds: float, weight: float) -> None:
        for day, part in seconds_by_day(start, seconds, self._zone):
            total = self._days.setdefault(day, DayTotal())
            total.seconds += part
            total.weighted += part * weight
            self._latest = max(self._latest, day)
            # Going from blurred to a lens and back on one item is one episode to the person, however often it is cut.
            if self._last != (item_id, day):
                total.episodes += 1
                self._last = (item_id, day)

    def put_elsewhere(self, days: Iterable[ElsewhereDay]) -> None:
        """The whole of what is known of other workstations; it replaces what was told before, so nothing adds up."""
        by_utc_day = {day.day: day for day in days}
        self._elsewhere = {}
        for told in by_utc_day.values():
            total = self._elsewhere.setdefault(local_day(told.day, self._zone), DayTotal())
            total.seconds += told.seconds
            total.weighted += told.weighted

    def on(self, moment: datetime) -> DayTotal:
        """Both together; `episodes` are those of this workstation."""
        return self._sum([moment.astimezone(self._zone).date()])

    def elsewhere_on(self, moment: datetime) -> DayTotal:
        return self._elsewhere.get(moment.astimezone(self._zone).date(), _NONE)

    def last_days(self, moment: datetime, count: int) -> DayTotal:
        """Of the `count` local days that end with the day of `moment`."""
        today = moment.astimezone(self._zone).date()
        return self._sum([today - timedelta(days=back) for back in range(count)])

    def ahead_of(self, moment: datetime) -> float:
        """Seconds seen here on days after that of `moment`: the clock was wrong then, or is now."""
        today = moment.astimezone(self._zone).date()
        if self._latest <= today:
            return 0.0
        return sum(total.seconds for day, total in self._days.items() if day > today)

    def _sum(self, days: list[date]) -> DayTotal:
        together = DayTotal()
        for day in days:
            here, there = self._days.get(day, _NONE), self._elsewhere.get(day, _NONE)
            together.seconds += here.seconds + there.seconds
            together.weighted += here.weighted + there.weighted
            together.episodes += here.episodes
        return together


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
