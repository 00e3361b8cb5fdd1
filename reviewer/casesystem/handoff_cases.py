"""The cases a person can hand off: those whose key they hold and that were not destroyed, newest first."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import shared_with
from reviewer.casesystem.tables import cases, tombstones
from reviewer.model.cases import Case
from reviewer.model.handoff import MAX_CASES, CaseNumber, CaseNumberList
from reviewer.model.roles import Permission


def routes(service: Service) -> APIRouter:
    router = version_one(service, "handing off")
    building = allowed(service, Permission.BUILD_HANDOFFS)

    @router.get(
        "/handoffs/cases",
        summary=f"The newest {MAX_CASES} cases that I can hand off",
        **describes(CaseNumberList, refusals=(403,)),
    )
    def mine(caller: Caller = Depends(building)) -> Response:
        destroyed = sa.exists().where(tombstones.c.case_id == cases.c.id)
        asked = (
            sa.select(cases.c.body)
            .where(shared_with(caller.member.id, cases.c.id), ~destroyed)
            .order_by(cases.c.received_at.desc(), cases.c.id)
            .limit(MAX_CASES)
        )
        with reading(service.engine) as connection:
            found = [msgspec.json.decode(body, type=Case) for body in connection.execute(asked).scalars()]
        return answer(CaseNumberList(cases=tuple(CaseNumber(id=one.id, number=one.number) for one in found)))

    return router
