"""What people are told of themselves: all that is held about them, and who looked at it."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, signed_in, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.entries import utc
from reviewer.casesystem.exposure.days import day_of, since
from reviewer.casesystem.exposure.relief import reliefs_of
from reviewer.casesystem.exposure.tables import exposure_days
from reviewer.casesystem.exposure.team import TEAM_DAYS, seen_of
from reviewer.casesystem.handoff_tables import seen
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import attempts, case_messages, decisions, exposure, looks, members
from reviewer.model.supervision import MOST_DAYS, OwnData, OwnDay, OwnDays, RefusedAttempt
from reviewer.model.wire import MOST_OWN_LINES, Look, LookList, OwnExposure, OwnExposureDay, OwnExposureLine


def routes(service: Service) -> APIRouter:
    router = version_one(service, "exposure")
    anyone = signed_in(service)

    @router.get(
        "/exposure/me", summary="What is held about my exposure: days, and the newest lines", **describes(OwnExposure)
    )
    def mine(caller: Caller = Depends(anyone)) -> Response:
        me = caller.member.id
        episodes = (
            sa.select(exposure.c.day, exposure.c.level, exposure.c.seconds, exposure.c.weight)
            .where(exposure.c.member_id == me)
            .order_by(exposure.c.day.desc(), exposure.c.id)
            .limit(MOST_OWN_LINES)
        )
        table = exposure_days.c
        totals = sa.select(exposure_days).where(table.member_id == me).order_by(table.day.desc(), table.workstation)
        with reading(service.engine) as connection:
            lines = tuple(
                OwnExposureLine(day=row.day, level=row.level, seconds=row.seconds, weight=row.weight)
                for row in connection.execute(episodes)
            )
            days = tuple(
                OwnExposureDay(
                    day=row.day,
                    workstation=row.workstation,
                    seconds=row.seconds,
                    weighted=row.weighted,
                    violent_s=row.violent_s,
                    incomplete=row.incomplete,
                )
                for row in connection.execute(totals)
            )
            count = _count(connection, exposure, me)
        limit = service.terms.limit_quarter_hours
        return answer(OwnExposure(limit_quarter_hours=limit, lines=lines, days=days, line_count=count))

    @router.get(
        "/exposure/me/elsewhere", summary="What my other workstations reported, by UTC day", **describes(OwnDays)
    )
    def elsewhere(caller: Caller = Depends(anyone), days: int = Query(TEAM_DAYS, ge=1, le=MOST_DAYS)) -> Response:
        table = exposure_days.c
        asked = (
            sa.select(table.day, sa.func.sum(table.seconds), sa.func.sum(table.weighted))
            .where(
                table.member_id == caller.member.id,
                # What came before workstations were kept may well be this one's.
                table.workstation.not_in((caller.workstation, "")),
                table.day >= since(day_of(service.now()), days),
            )
            .group_by(table.day)
            .order_by(table.day)
        )
        with reading(service.engine) as connection:
            found = tuple(OwnDay(day=d, seconds=s, weighted=w) for d, s, w in connection.execute(asked))
        return answer(OwnDays(days=found))

    @router.get("/looks/me", summary="Who looked at my figures, when, and what for", **describes(LookList))
    def looked(caller: Caller = Depends(anyone)) -> Response:
        asked = (
            sa.select(members.c.name, looks.c.at, looks.c.purpose)
            .join(members, members.c.id == looks.c.viewer_id)
            .where(looks.c.subject_id == caller.member.id)
            .order_by(looks.c.at.desc(), looks.c.id.desc())
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        found = tuple(Look(viewer=row.name, at=utc(row.at), purpose=row.purpose) for row in rows)
        return answer(LookList(looks=found))

    @router.get("/me/data", summary="What is held about me, and what a supervisor gets of me", **describes(OwnData))
    def data(caller: Caller = Depends(anyone)) -> Response:
        me, now = caller.member, service.now()
        refused = (
            sa.select(attempts.c.what, attempts.c.at)
            .where(attempts.c.member_id == me.id)
            .order_by(attempts.c.at.desc(), attempts.c.id.desc())
        )
        with reading(service.engine) as connection:
            (as_seen,) = seen_of(connection, {me.id: me.name}, now, MOST_DAYS, service.terms.handover_quarter_hours)
            held = OwnData(
                as_seen=as_seen,
                limit_quarter_hours=service.terms.limit_quarter_hours,
                decisions=_count(connection, decisions, me.id),
                messages=_count(connection, case_messages, me.id),
                seen=_count(connection, seen, me.id),
                reliefs=reliefs_of(connection, me.id),
                refused=tuple(RefusedAttempt(what=row.what, at=utc(row.at)) for row in connection.execute(refused)),
            )
        return answer(held)

    return router


def _count(connection: sa.Connection, table: sa.Table, member_id: str) -> int:
    asked = sa.select(sa.func.count()).select_from(table).where(table.c.member_id == member_id)
    return int(connection.execute(asked).scalar_one())
