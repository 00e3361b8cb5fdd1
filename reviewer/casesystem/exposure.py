"""Exposure: taken in by the day, shown to supervisors in quarter hours, and every such look shown to its subject."""

from __future__ import annotations

import math
import secrets
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, signed_in
from reviewer.casesystem.checks import is_amount, is_time
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import exposure, looks, members
from reviewer.model.events import ExposureDay, MemberExposure, TeamExposure
from reviewer.model.ids import uuid7
from reviewer.model.levels import LEVEL_BY_KEY
from reviewer.model.payloads import ExposureRecorded
from reviewer.model.roles import Permission, Role
from reviewer.model.wire import Look, LookList, OwnExposure, OwnExposureLine

TEAM_DAYS = 28
_QUARTER_S = 900.0
_LONGEST_S = 86400.0
_HEAVIEST = 10.0


def apply_exposure(connection: sa.Connection, arrived: Arrived, untrusted: ExposureRecorded) -> None:
    """Keep seconds per UTC day. When the episode began, and of which item it was, is forgotten here."""
    if untrusted.member != arrived.caller.member.id:
        raise RejectedEvent("Exposure can only be sent by the person whose it is.")
    if not is_time(untrusted.started_at) or untrusted.level not in LEVEL_BY_KEY:
        raise RejectedEvent("The episode's time or level cannot be used.")
    if not is_amount(untrusted.seconds, _LONGEST_S) or not is_amount(untrusted.weight, _HEAVIEST):
        raise RejectedEvent("The episode's seconds or weight are out of range.")
    for day, seconds in by_day(untrusted.started_at, untrusted.seconds):
        row: dict[str, object] = {"id": secrets.token_hex(16), "member_id": untrusted.member, "day": day}
        row |= {"level": untrusted.level, "seconds": seconds, "weight": untrusted.weight}
        connection.execute(sa.insert(exposure).values(**row))


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
    """Rounded up: coarse on purpose."""
    return math.ceil(weighted_seconds / _QUARTER_S)


def routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["exposure"])
    supervising = allowed(service, Permission.SEE_TEAM_EXPOSURE)
    anyone = signed_in(service)
    limit = service.terms.limit_quarter_hours

    @router.get(
        "/exposure/team",
        summary="The team's weighted viewing in quarter hours a day; each look is logged and shown to its subject",
        **describes(TeamExposure, refusals=(403,)),
    )
    def team(caller: Caller = Depends(supervising)) -> Response:
        since = (service.clock.now().astimezone(UTC).date() - timedelta(days=TEAM_DAYS - 1)).isoformat()
        # The look is written in the same transaction: there is no seeing without its being seen.
        with writing(service.engine) as connection:
            people = connection.execute(
                sa.select(members.c.id, members.c.name).where(members.c.role == Role.REVIEWER.value).order_by("name")
            ).all()
            days = _days(connection, since)
            for person in people:
                row = {"id": uuid7(), "viewer_id": caller.member.id, "subject_id": person.id, "at": service.now()}
                connection.execute(sa.insert(looks).values(**row))
        figures = tuple(MemberExposure(member=person.name, days=tuple(days[person.id])) for person in people)
        return answer(TeamExposure(limit_quarter_hours=limit, members=figures))

    @router.get("/exposure/me", summary="Everything held about my exposure", **describes(OwnExposure))
    def mine(caller: Caller = Depends(anyone)) -> Response:
        asked = (
            sa.select(exposure.c.day, exposure.c.level, exposure.c.seconds, exposure.c.weight)
            .where(exposure.c.member_id == caller.member.id)
            .order_by(exposure.c.day.desc(), exposure.c.id)
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        lines = (OwnExposureLine(day=r.day, level=r.level, seconds=r.seconds, weight=r.weight) for r in rows)
        return answer(OwnExposure(limit_quarter_hours=limit, lines=tuple(lines)))

    @router.get("/looks/me", summary="Who looked at my figures, and when", **describes(LookList))
    def looked(caller: Caller = Depends(anyone)) -> Response:
        asked = (
            sa.select(members.c.name, looks.c.at)
            .join(members, members.c.id == looks.c.viewer_id)
            .where(looks.c.subject_id == caller.member.id)
            .order_by(looks.c.at.desc(), looks.c.id.desc())
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        return answer(LookList(looks=tuple(Look(viewer=row.name, at=utc(row.at)) for row in rows)))

    return router


def _days(connection: sa.Connection, since: str) -> dict[str, list[ExposureDay]]:
    weighted = sa.func.sum(exposure.c.seconds * exposure.c.weight)
    asked = (
        sa.select(exposure.c.member_id, exposure.c.day, weighted.label("weighted"))
        .where(exposure.c.day >= since)
        .group_by(exposure.c.member_id, exposure.c.day)
        .order_by(exposure.c.day)
    )
    days: dict[str, list[ExposureDay]] = defaultdict(list)
    for row in connection.execute(asked):
        days[row.member_id].append(ExposureDay(day=row.day, quarter_hours=quarter_hours(row.weighted)))
    return days
