"""The people of the organisation: who I am, and whom a case can be sealed to."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, member_of, signed_in, version_one
from reviewer.casesystem.checks import check_member_keys
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import members
from reviewer.model.roles import Member
from reviewer.model.wire import MemberKeys, MemberList


def routes(service: Service) -> APIRouter:
    router = version_one(service, "members")
    anyone = signed_in(service)

    @router.get("/me", summary="Who I am", **describes(Member))
    def me(caller: Caller = Depends(anyone)) -> Response:
        return answer(caller.member)

    @router.get("/members", summary="The members with the recipients cases are sealed to", **describes(MemberList))
    def roster(caller: Caller = Depends(anyone)) -> Response:
        with reading(service.engine) as connection:
            rows = connection.execute(sa.select(members).order_by(members.c.id)).all()
        return answer(MemberList(members=tuple(map(member_of, rows))))

    @router.put(
        "/me/keys",
        summary="The recipient and verifier of my vault. Nothing is sealed to it before a signed roster names it",
        **describes(request=MemberKeys, status=204, refusals=(422,)),
    )
    def enrol(body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(anyone)) -> Response:
        keys = decoded(body, MemberKeys)
        check_member_keys(caller.member.id, keys.recipient, keys.verifier)
        mine = sa.update(members).where(members.c.id == caller.member.id)
        with writing(service.engine) as connection:
            connection.execute(mine.values(recipient=keys.recipient, verifier=keys.verifier))
        return Response(status_code=204)

    return router
