"""A long stretch of the team by calendar weeks: read as they were added up when they came, and laid side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from reviewer.casesystem.exposure.days import day_of, monday_of, rounded_by_day, since
from reviewer.casesystem.exposure.stretches import stretches_told
from reviewer.casesystem.exposure.tables import exposure_days, exposure_weeks
from reviewer.casesystem.tables import members
from reviewer.model.roles import Role
from reviewer.model.supervision import MemberWeeks


def mondays_in(today: str, days: int) -> tuple[str, ...]:
    """The Mondays among the `days` days that end with `today`, and at least that of its own week."""
    first, at = date.fromisoformat(since(today, days)), date.fromisoformat(monday_of(today))
    mondays = [at]
    while (at := at - timedelta(days=7)) >= first:
        mondays.append(at)
    return tuple(monday.isoformat() for monday in reversed(mondays))


def weeks_of(
    connection: sa.Connection, people: Mapping[str, str], now: float, mondays: tuple[str, ...], handover: int
) -> tuple[MemberWeeks, ...]:
    """Figures of these reviewers (id to name) for the weeks of `mondays`, in their order.

    Stretches without a break are told from `handover` quarter hours on.
    """
    count, place = len(mondays), {monday: at for at, monday in enumerate(mondays)}
    fullest: dict[str, list[int]] = {member_id: [0] * count for member_id in people}
    sums: dict[str, list[int]] = {member_id: [0] * count for member_id in people}
    incomplete: dict[str, list[int]] = {member_id: [] for member_id in people}
    for member_id, weeks in groupby(_weeks(connection, mondays), itemgetter(0)):
        most, total = fullest[member_id], sums[member_id]
        for _, monday, fullest_day, quarters, lacks in weeks:
            at = place[monday]
            most[at], total[at] = fullest_day, quarters
            if lacks:
                incomplete[member_id].append(at)
    today, stretches = _today(connection, day_of(now)), stretches_told(connection, now, handover)
    return tuple(
        MemberWeeks(
            member=name,
            fullest=tuple(fullest[member_id]),
            sums=tuple(sums[member_id]),
            incomplete=tuple(incomplete[member_id]),
            today=today.get(member_id, 0),
            member_id=member_id,
            without_break=stretches.get(member_id, 0),
        )
        for member_id, name in people.items()
    )


def _weeks(connection: sa.Connection, mondays: tuple[str, ...]) -> Sequence[Any]:
    """(member id, monday, fullest, quarters, incomplete) of each week that has any."""
    table = exposure_weeks.c
    found = connection.execute(
        sa.select(table.member_id, table.monday, table.fullest, table.quarters, table.incomplete)
        .where(table.member_id.in_(_reviewing()), table.monday >= mondays[0], table.monday <= mondays[-1])
        .order_by(table.member_id, table.monday)
    )
    # The driver's own rows, ten thousand for a year of 200: making SQLAlchemy's of them takes as long again.
    rows: Sequence[Any] = found.cursor.fetchall() if found.cursor is not None else ()
    found.close()
    return rows


def _today(connection: sa.Connection, today: str) -> dict[str, int]:
    table = exposure_days.c
    asked = (
        sa.select(table.member_id, table.weighted)
        .where(table.member_id.in_(_reviewing()), table.day == today)
        .order_by(table.member_id, table.workstation)
    )
    return rounded_by_day((row.member_id, row.weighted) for row in connection.execute(asked))


def _reviewing() -> sa.Select[tuple[str]]:
    return sa.select(members.c.id).where(members.c.role == Role.REVIEWER.value)
