"""The people of the organisation: who I am, and whom a case can be sealed to."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, signed_in
from reviewer.casesystem.database import reading
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import members
from reviewer.model.roles import Member, Role
from reviewer.model.wire import MemberList


def routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["members"])
    anyone = signed_in(service)

    @router.get("/me", summary="Who I am", **describes(Member))
    def me(caller: Caller = Depends(anyone)) -> Response:
        return answer(caller.member)

    @router.get("/members", summary="The members with the recipients cases are sealed to", **describes(MemberList))
    def roster(caller: Caller = Depends(anyone)) -> Response:
        with reading(service.engine) as connection:
            rows = connection.execute(sa.select(members).order_by(members.c.id)).all()
        people = (Member(id=r.id, name=r.name, role=Role(r.role), recipient=r.recipient) for r in rows)
        return answer(MemberList(members=tuple(people)))

    return router
