"""What a supervisor does for somebody who needs relief: kept as it was done, and shown to that person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.assignment import assigned_to
from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, signed_in, version_one
from reviewer.casesystem.checks import is_id
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.exposure.tables import reliefs
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import assignments, members
from reviewer.model.roles import Permission, Role, may
from reviewer.model.supervision import Relief, ReliefKind, ReliefList, ReliefRequest


def routes(service: Service) -> APIRouter:
    router = version_one(service, "relief")
    supervising = allowed(service, Permission.SEE_TEAM_EXPOSURE)
    anyone = signed_in(service)

    @router.post(
        "/relief",
        summary="Do something for somebody: hand over what is theirs, offer a break, thank, call. Once per id",
        **describes(Relief, request=ReliefRequest, refusals=(403, 404, 409, 422)),
    )
    def relieve(body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(supervising)) -> Response:
        wanted = decoded(body, ReliefRequest)
        if not is_id(wanted.id):
            raise Refusal(422, "id-unusable", "Ids are letters, digits and . _ - and at most 64 long.")
        with writing(service.engine) as connection:
            done = _done(connection, wanted, caller)
            if done is None:
                _refuse_unfit(connection, wanted.member_id)
                handed_over = _hand_over(connection, wanted) if wanted.kind is ReliefKind.HAND_OVER else 0
                row: dict[str, object] = {"id": wanted.id, "member_id": wanted.member_id, "by_id": caller.member.id}
                row |= {"kind": wanted.kind.value, "handed_over": handed_over, "at": service.now()}
                connection.execute(sa.insert(reliefs).values(**row))
                done = _done(connection, wanted, caller)
        return answer(done)

    @router.get("/relief/me", summary="What supervisors did for me, newest first", **describes(ReliefList))
    def mine(caller: Caller = Depends(anyone)) -> Response:
        with reading(service.engine) as connection:
            return answer(ReliefList(reliefs=reliefs_of(connection, caller.member.id)))

    return router


def reliefs_of(connection: sa.Connection, member_id: str) -> tuple[Relief, ...]:
    """Newest first."""
    asked = _asked().where(reliefs.c.member_id == member_id).order_by(reliefs.c.at.desc(), reliefs.c.id.desc())
    return tuple(map(_relief, connection.execute(asked)))


def _done(connection: sa.Connection, wanted: ReliefRequest, caller: Caller) -> Relief | None:
    """What was done under this id. id-taken where that was something else."""
    row = connection.execute(_asked().where(reliefs.c.id == wanted.id)).one_or_none()
    if row is None:
        return None
    if (row.member_id, row.by_id, row.kind) != (wanted.member_id, caller.member.id, wanted.kind.value):
        raise Refusal(409, "id-taken", "Something else was done under this id.")
    return _relief(row)


def _asked() -> sa.Select[Any]:
    return sa.select(reliefs, members.c.name).join(members, members.c.id == reliefs.c.by_id)


def _relief(row: Any) -> Relief:
    return Relief(id=row.id, kind=ReliefKind(row.kind), by=row.name, at=utc(row.at), handed_over=row.handed_over)


def _refuse_unfit(connection: sa.Connection, untrusted_member_id: str) -> None:
    asked = sa.select(members.c.role).where(members.c.id == untrusted_member_id)
    role: str | None = connection.execute(asked).scalar_one_or_none()
    if role is None:
        raise Refusal(404, "no-such-member", "There is nobody like this here.")
    if not may(Role(role), Permission.REVIEW_ITEMS):
        raise Refusal(409, "not-a-reviewer", "This is for people who review.")


def _hand_over(connection: sa.Connection, wanted: ReliefRequest) -> int:
    """How many items are anybody's again. What they have leased stays theirs to finish."""
    freed: Sequence[str] = assigned_to(connection, wanted.member_id)
    connection.execute(sa.delete(assignments).where(assignments.c.member_id == wanted.member_id))
    return len(freed)
