"""What a supervisor sees of people: quarter hours a day or week, and every such look shown to its subject.

`seen_of` is the one place where these figures are made, for supervisors and for the people themselves alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import writing
from reviewer.casesystem.exposure.days import day_of, rounded_by_day, since
from reviewer.casesystem.exposure.stretches import stretches_told
from reviewer.casesystem.exposure.tables import exposure_days
from reviewer.casesystem.exposure.weeks import mondays_in, weeks_of
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import looks, members
from reviewer.model.events import ExposureDay, MemberExposure, TeamExposure
from reviewer.model.ids import uuid7
from reviewer.model.roles import Permission, Role
from reviewer.model.supervision import MOST_DAYS, LookPurpose, TeamWeeks

TEAM_DAYS = 28
_PURPOSE = f"^({'|'.join(purpose.value for purpose in LookPurpose)})$"


def routes(service: Service) -> APIRouter:
    router = version_one(service, "exposure")
    supervising = allowed(service, Permission.SEE_TEAM_EXPOSURE)

    @router.get(
        "/exposure/team",
        summary="The team's weighted viewing in quarter hours a day or week; a look is logged and shown to its subject",
        **describes(TeamExposure, TeamWeeks, refusals=(403,)),
    )
    def team(
        caller: Caller = Depends(supervising),
        days: int = Query(TEAM_DAYS, ge=1, le=MOST_DAYS),
        purpose: str = Query(LookPurpose.SEEN.value, pattern=_PURPOSE),
        by: str = Query("day", pattern="^(day|week)$"),
    ) -> Response:
        now, terms = service.now(), service.terms
        told: TeamExposure | TeamWeeks
        # The look is written in the same transaction: there is no seeing without its being seen.
        with writing(service.engine) as connection:
            asked = sa.select(members.c.id, members.c.name).where(members.c.role == Role.REVIEWER.value)
            people = {row.id: row.name for row in connection.execute(asked.order_by(members.c.name, members.c.id))}
            if by == "week":
                mondays = mondays_in(day_of(now), days)
                told = TeamWeeks(
                    limit_quarter_hours=terms.limit_quarter_hours,
                    today=day_of(now),
                    mondays=mondays,
                    members=weeks_of(connection, people, now, mondays, terms.handover_quarter_hours),
                    withhold_below=terms.withhold_below,
                )
            else:
                told = TeamExposure(
                    limit_quarter_hours=terms.limit_quarter_hours,
                    members=seen_of(connection, people, now, days, terms.handover_quarter_hours),
                    withhold_below=terms.withhold_below,
                )
            look = {"viewer_id": caller.member.id, "at": now, "purpose": purpose}
            rows = [{"id": uuid7(), "subject_id": member_id, **look} for member_id in people]
            if rows:
                connection.execute(sa.insert(looks), rows)
        return answer(told)

    return router


def seen_of(
    connection: sa.Connection, people: Mapping[str, str], now: float, days: int, handover: int
) -> tuple[MemberExposure, ...]:
    """Figures of these people (id to name) for the `days` days that end today, in their order.

    Stretches without a break are told from `handover` quarter hours on.
    """
    today = day_of(now)
    by_member = _days(connection, people, since(today, days), day_of(now + 86400.0))
    stretches = stretches_told(connection, now, handover)
    return tuple(
        MemberExposure(
            member=name,
            days=tuple(by_member[member_id]),
            member_id=member_id,
            without_break=stretches.get(member_id, 0),
        )
        for member_id, name in people.items()
    )


def _days(connection: sa.Connection, people: Mapping[str, str], first: str, last: str) -> dict[str, list[ExposureDay]]:
    """By member, in order. A year of 200 people is 50,000 rows: they come in the key's order and are added up here."""
    table = exposure_days.c
    shown = sa.and_(table.day >= first, table.day <= last)
    # By person, so that the key finds the days and not every day of years is read.
    reviewing = sa.select(members.c.id).where(members.c.role == Role.REVIEWER.value)
    theirs = table.member_id == next(iter(people)) if len(people) == 1 else table.member_id.in_(reviewing)
    shown = sa.and_(shown, theirs)
    asked = sa.select(table.member_id, table.day, table.weighted).where(shown)
    found = connection.execute(asked.order_by(table.member_id, table.day, table.workstation))
    # The driver's own rows: making SQLAlchemy's of them takes as long again.
    rows = found.cursor.fetchall() if found.cursor is not None else ()
    found.close()
    marked = sa.select(table.member_id, table.day).where(shown, table.incomplete)
    incomplete = {(row.member_id, row.day) for row in connection.execute(marked)}
    days: dict[str, list[ExposureDay]] = defaultdict(list)
    # Most figures occur often; one of each will do.
    same: dict[tuple[str, int], ExposureDay] = {}
    for member_id, parts in groupby(rows, itemgetter(0)):
        figures = days[member_id]
        for key in rounded_by_day((day, weighted) for _, day, weighted in parts).items():
            day = key[0]
            figure = same.get(key)
            if figure is None:
                figure = same[key] = ExposureDay(day=day, quarter_hours=key[1])
            if (member_id, day) in incomplete:
                figure = ExposureDay(day=day, quarter_hours=key[1], incomplete=True)
            figures.append(figure)
    return days
