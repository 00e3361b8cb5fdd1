"""Seconds of exposure by UTC day: split at midnight, added up per person and workstation, rounded to quarter hours.

A person's calendar week follows its days in the same transaction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.exposure.tables import exposure_days, exposure_weeks

_QUARTER_S = 900.0
_ROUNDING_S = 0.0005

# Made once: each event of exposure runs them.
_of, _first = sa.bindparam("of", type_=sa.String), sa.bindparam("first", type_=sa.String)
_week = sa.update(exposure_weeks).where(exposure_weeks.c.member_id == _of, exposure_weeks.c.monday == _first)
_TOUCHED = _week.values(fullest=exposure_weeks.c.fullest)
_WRITTEN = _week.values(fullest=sa.bindparam("most"), quarters=sa.bindparam("sum"), incomplete=sa.bindparam("lacks"))
_DAYS_OF_WEEK = (
    sa.select(exposure_days.c.day, exposure_days.c.weighted, exposure_days.c.incomplete)
    .where(
        exposure_days.c.member_id == _of,
        exposure_days.c.day >= _first,
        exposure_days.c.day <= sa.bindparam("last", type_=sa.String),
    )
    .order_by(exposure_days.c.day, exposure_days.c.workstation)
)


@dataclass(frozen=True, slots=True)
class DayPart:
    """What is added to a day. Seconds: plain, weighted, and those of violent items."""

    seconds: float = 0.0
    weighted: float = 0.0
    violent_s: float = 0.0
    incomplete: bool = False


def by_day(started_at: datetime, seconds: float) -> list[tuple[str, float]]:
    """The seconds that fall on each UTC day (ISO dates), in order; an episode may run across midnight."""
    at, left = started_at.astimezone(UTC), seconds
    parts = []
    while True:
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time(), UTC)
        today = min(left, (midnight - at).total_seconds())
        parts.append((at.date().isoformat(), today))
        left -= today
        if left <= 0:
            return parts
        at = midnight


def quarter_hours(weighted_seconds: float) -> int:
    """Rounded up: coarse on purpose. What adding up fractions left behind the milliseconds is no further quarter."""
    return math.ceil((weighted_seconds - _ROUNDING_S) / _QUARTER_S)


def day_of(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).date().isoformat()


def since(today: str, days: int) -> str:
    """The first of `days` days that end with `today`."""
    return (date.fromisoformat(today) - timedelta(days=days - 1)).isoformat()


def monday_of(day: str) -> str:
    """The Monday that begins the day's calendar week."""
    return (at := date.fromisoformat(day)).fromordinal(at.toordinal() - at.weekday()).isoformat()


def rounded_by_day(parts: Iterable[tuple[str, float]]) -> dict[str, int]:
    """Quarter hours of each day, from (day, weighted seconds) of each workstation in the key's order."""
    sums: dict[str, float] = {}
    for day, weighted in parts:
        sums[day] = sums[day] + weighted if day in sums else weighted
    return {day: quarter_hours(total) for day, total in sums.items()}


def add_to_day(connection: sa.Connection, member_id: str, day: str, workstation: str, part: DayPart) -> None:
    """Add it to the total of this person's day at this workstation. A day once incomplete stays so."""
    table = exposure_days.c
    change = (
        sa.update(exposure_days)
        .where(table.member_id == member_id, table.day == day, table.workstation == workstation)
        .values(
            seconds=table.seconds + part.seconds,
            weighted=table.weighted + part.weighted,
            violent_s=table.violent_s + part.violent_s,
            **({"incomplete": True} if part.incomplete else {}),
        )
    )
    row = {"member_id": member_id, "day": day, "workstation": workstation, "incomplete": part.incomplete}
    row |= {"seconds": part.seconds, "weighted": part.weighted, "violent_s": part.violent_s}
    if connection.execute(change).rowcount == 0 and not insert_or_ignore(connection, exposure_days, row):
        connection.execute(change)
    _renew_week(connection, member_id, monday_of(day))


def _renew_week(connection: sa.Connection, member_id: str, monday: str) -> None:
    """Two workstations of a person may do so at once: the second waits at the row and reads what both added."""
    key = {"of": member_id, "first": monday}
    if connection.execute(_TOUCHED, key).rowcount == 0:
        empty = {"member_id": member_id, "monday": monday, "fullest": 0, "quarters": 0, "incomplete": False}
        insert_or_ignore(connection, exposure_weeks, empty)
    last = (date.fromisoformat(monday) + timedelta(days=6)).isoformat()
    rows = connection.execute(_DAYS_OF_WEEK, {**key, "last": last}).all()
    quarters = rounded_by_day((row.day, row.weighted) for row in rows).values()
    incomplete = any(row.incomplete for row in rows)
    connection.execute(_WRITTEN, {**key, "most": max(quarters), "sum": sum(quarters), "lacks": incomplete})
