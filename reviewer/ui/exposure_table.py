"""The team's exposure as people and days, or weeks: pure sums over what the case system sent, in quarter hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reviewer.model.events import MemberExposure, TeamExposure
from reviewer.model.supervision import TeamWeeks

NEAR_SHARE = 0.875  # 3 h 30 of 4 h
# A year is shown as so many calendar weeks, the present one with them: never more than 364 days.
YEAR_WEEKS = 52
_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Column:
    """A UTC day, or the days of a week that are shown."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One person. `quarters` has the fullest day of each column, `sums` all its days; both the last day is today in.

    `incomplete` are the columns in which something came late, was refused, or had a clock that cannot be right.
    """

    member: str
    quarters: tuple[int, ...]
    sums: tuple[int, ...] = ()
    today: int = 0
    member_id: str = ""
    without_break: int = 0
    incomplete: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ExposureTable:
    """Rows by name. `limit` is a day's, in quarter hours; `withhold_below` people nothing is said of the team."""

    columns: tuple[Column, ...]
    rows: tuple[ExposureRow, ...]
    limit: int
    withhold_below: int = 0

    def near(self, quarters: int) -> bool:
        """At the limit or close to it."""
        return self.limit > 0 and quarters >= self.limit * NEAR_SHARE

    def may_need_relief(self, row: ExposureRow) -> bool:
        return self.near(row.today) or row.without_break > 0

    @property
    def weekly(self) -> bool:
        return any(column.days > 1 for column in self.columns)

    @property
    def empty(self) -> bool:
        return not any(any(row.quarters) for row in self.rows)

    @property
    def incomplete(self) -> bool:
        return any(row.incomplete for row in self.rows)


def day_columns(today: date, days: int) -> tuple[Column, ...]:
    """The last `days` days up to `today`."""
    shown = (today - timedelta(days=back) for back in range(days - 1, -1, -1))
    return tuple(Column(day, day) for day in shown)


def week_columns(today: date, weeks: int = YEAR_WEEKS) -> tuple[Column, ...]:
    """The last calendar weeks, Monday to Sunday; the last one ends with `today`."""
    monday = today - timedelta(days=today.weekday())
    firsts = (monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))
    return tuple(Column(first, min(first + timedelta(days=6), today)) for first in firsts)


def days_in(columns: Sequence[Column]) -> int:
    return (columns[-1].last - columns[0].first).days + 1


def exposure_table(team: TeamExposure, columns: Sequence[Column]) -> ExposureTable:
    """Days that were not reported count as none; the last day of the last column is today."""
    place = {
        (column.first + timedelta(days=day)).isoformat(): at
        for at, column in enumerate(columns)
        for day in range(column.days)
    }
    today = columns[-1].last.isoformat()
    members = sorted(team.members, key=lambda member: name_order(member.member))
    rows = tuple(_row(member, place, today, len(columns)) for member in members)
    return ExposureTable(tuple(columns), rows, team.limit_quarter_hours, team.withhold_below)


def weeks_table(team: TeamWeeks) -> ExposureTable:
    """What `exposure_table` makes of the days of these weeks. The answer says which weeks, and which day is today."""
    columns = week_columns(date.fromisoformat(team.today), len(team.mondays))
    rows = tuple(
        ExposureRow(
            member.member, member.fullest, member.sums, member.today, member.member_id, member.without_break,
            frozenset(member.incomplete),
        )
        for member in sorted(team.members, key=lambda member: name_order(member.member))
    )  # fmt: skip
    return ExposureTable(columns, rows, team.limit_quarter_hours, team.withhold_below)


def _row(member: MemberExposure, place: dict[str, int], today: str, count: int) -> ExposureRow:
    fullest, sums, of_today = [0] * count, [0] * count, 0
    incomplete: set[int] = set()
    find = place.get
    for day in member.days:
        at = find(day.day)
        if at is None:
            continue
        quarters = day.quarter_hours
        sums[at] += quarters
        if quarters > fullest[at]:
            fullest[at] = quarters
        if day.incomplete:
            incomplete.add(at)
        if day.day == today:
            of_today = quarters
    return ExposureRow(
        member.member, tuple(fullest), tuple(sums), of_today, member.member_id, member.without_break,
        frozenset(incomplete),
    )  # fmt: skip


def name_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Reviewer 2 comes before Reviewer 10."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in _NUMBERS.split(name))


def arranged(table: ExposureTable, name: str = "", *, near_first: bool = False) -> ExposureTable:
    """Those whose name contains `name`, still by name; with `near_first` those who may need relief before the others.

    There is no other order: nobody is ranked by what they looked at.
    """
    wanted = name.strip().casefold()
    rows = [row for row in table.rows if wanted in row.member.casefold()]
    if near_first:
        rows.sort(key=lambda row: not table.may_need_relief(row))  # stable: by name within both
    return replace(table, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class Spread:
    """Quarter hours on one day: the middle person, and the ends of the middle half."""

    low: float
    middle: float
    high: float


def team_spread(table: ExposureTable) -> tuple[Spread, ...]:
    """One per column; empty for groups so small that a middle person would be a person."""
    if not table.rows or len(table.rows) < table.withhold_below:
        return ()
    spreads = []
    for values in zip(*(row.quarters for row in table.rows), strict=True):
        ordered = sorted(values)
        spreads.append(Spread(quantile(ordered, 0.25), quantile(ordered, 0.5), quantile(ordered, 0.75)))
    return tuple(spreads)


def quantile(ordered: Sequence[int], share: float) -> float:
    """Linear between neighbours (Hyndman and Fan's type 7, as most spreadsheets do)."""
    at = (len(ordered) - 1) * share
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)
