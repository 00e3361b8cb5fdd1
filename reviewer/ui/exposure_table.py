"""The team's exposure as rows and days: pure sums over what the case system sent, nothing finer than quarter hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reviewer.model.events import TeamExposure

NEAR_SHARE = 0.875  # 3 h 30 of 4 h
SMALLEST_GROUP = 5


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One person: quarter hours per day, the last one today."""

    member: str
    quarters: tuple[int, ...]

    @property
    def today(self) -> int:
        return self.quarters[-1] if self.quarters else 0


@dataclass(frozen=True, slots=True)
class ExposureTable:
    days: tuple[date, ...]
    rows: tuple[ExposureRow, ...]
    limit: int

    def near(self, quarters: int) -> bool:
        """At the limit or close to it."""
        return self.limit > 0 and quarters >= self.limit * NEAR_SHARE

    @property
    def empty(self) -> bool:
        return all(quarters == 0 for row in self.rows for quarters in row.quarters)


def exposure_table(team: TeamExposure, today: date, days: int) -> ExposureTable:
    """The last `days` UTC days up to `today`; days that were not reported count as none."""
    shown = tuple(today - timedelta(days=back) for back in range(days - 1, -1, -1))
    rows = []
    for member in team.members:
        by_day = {day.day: day.quarter_hours for day in member.days}
        rows.append(ExposureRow(member.member, tuple(by_day.get(day.isoformat(), 0) for day in shown)))
    return ExposureTable(shown, tuple(rows), team.limit_quarter_hours)


@dataclass(frozen=True, slots=True)
class Spread:
    """Quarter hours on one day: the middle person, and the ends of the middle half."""

    low: float
    middle: float
    high: float


def team_spread(table: ExposureTable) -> tuple[Spread, ...]:
    """One per day; empty for groups under five, where a middle person would be a person."""
    if len(table.rows) < SMALLEST_GROUP:
        return ()
    spreads = []
    for at in range(len(table.days)):
        values = sorted(row.quarters[at] for row in table.rows)
        spreads.append(Spread(quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)))
    return tuple(spreads)


def quantile(ordered: Sequence[int], share: float) -> float:
    """Linear between neighbours (Hyndman and Fan's type 7, as most spreadsheets do)."""
    at = (len(ordered) - 1) * share
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)
