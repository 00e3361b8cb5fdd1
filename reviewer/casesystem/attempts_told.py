"""What was refused, told to supervisors; each person is told of their own among their data."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.entries import utc
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import attempts, members, outsiders
from reviewer.model.roles import Permission
from reviewer.model.supervision import MOST_ATTEMPTS, Attempt, AttemptList


def routes(service: Service) -> APIRouter:
    router = version_one(service, "attempts")
    supervising = allowed(service, Permission.SEE_ATTEMPTS)

    @router.get(
        "/attempts",
        summary="What was refused, newest first: what roles do not allow, and what strangers asked for",
        **describes(AttemptList, refusals=(403,)),
    )
    def refused(caller: Caller = Depends(supervising)) -> Response:
        inside = sa.select(members.c.name, attempts.c.what, attempts.c.at).join(
            members, members.c.id == attempts.c.member_id
        )
        outside = sa.select(sa.literal("").label("name"), outsiders.c.what, outsiders.c.at)
        both = sa.union_all(inside, outside).subquery()
        asked = sa.select(both).order_by(both.c.at.desc()).limit(MOST_ATTEMPTS + 1)
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        found = tuple(Attempt(member=row.name, what=row.what, at=utc(row.at)) for row in rows[:MOST_ATTEMPTS])
        return answer(AttemptList(attempts=found, whole=len(rows) <= MOST_ATTEMPTS))

    return router
