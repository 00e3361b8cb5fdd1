"""Giving an item to a colleague by name: by a supervisor, or by whoever has it. The case must be shared with both ends.

A refusal of the colleague says no more than that it cannot be them: they may have decided before, or passed it on, and
neither is anybody's business. Nor is anybody told of an assignment after the one it went to has answered it.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import refuse_destroyed
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_unshared, shared_with
from reviewer.casesystem.tables import assignments, case_keys, decisions, items, leases, members, passed_on
from reviewer.model.roles import PERMISSIONS, Permission, Role
from reviewer.model.wire import AssignmentRequest, Colleague, ColleagueList

_REVIEWING = [role.value for role in Role if Permission.REVIEW_ITEMS in PERMISSIONS[role]]


def routes(service: Service) -> APIRouter:
    router = version_one(service, "queue")
    giving = allowed(service, Permission.REVIEW_ITEMS, Permission.SEE_DECISIONS)

    @router.get(
        "/items/{item_id}/colleagues",
        summary="Who else reviews and shares the case of the item",
        **describes(ColleagueList, refusals=(403, 404, 410)),
    )
    def colleagues(item_id: str, caller: Caller = Depends(giving)) -> Response:
        with reading(service.engine) as connection:
            case_id = _case_of(connection, item_id, caller)
            asked = (
                sa.select(members.c.id, members.c.name)
                .join(case_keys, case_keys.c.member_id == members.c.id)
                .where(case_keys.c.case_id == case_id, members.c.role.in_(_REVIEWING), members.c.id != caller.member.id)
                .order_by(members.c.name, members.c.id)
            )
            found = tuple(Colleague(id=row.id, name=row.name) for row in connection.execute(asked))
        return answer(ColleagueList(colleagues=found))

    @router.put(
        "/items/{item_id}/assignment",
        summary="Give the item to a colleague, or (null) to whoever is next. Supervisors, and who has the item",
        **describes(request=AssignmentRequest, status=204, refusals=(403, 404, 409, 410)),
    )
    def assign(item_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(giving)) -> Response:
        wanted = decoded(body, AssignmentRequest).member_id
        with writing(service.engine) as connection:
            case_id = _case_of(connection, item_id, caller)
            _refuse_other_givers(connection, item_id, caller, service.now())
            if wanted is not None:
                _refuse_unfit(connection, item_id, case_id, wanted)
            connection.execute(sa.delete(assignments).where(assignments.c.item_id == item_id))
            mine = sa.delete(leases).where(leases.c.item_id == item_id, leases.c.member_id == caller.member.id)
            if wanted is not None:
                row = {"item_id": item_id, "member_id": wanted, "given_by": caller.member.id, "at": service.now()}
                connection.execute(sa.insert(assignments).values(**row))
                if wanted != caller.member.id:
                    connection.execute(mine)
        return Response(status_code=204)

    return router


def _case_of(connection: sa.Connection, item_id: str, caller: Caller) -> str:
    asked = sa.select(items.c.case_id).where(items.c.id == item_id, items.c.stored, items.c.open)
    case_id: str | None = connection.execute(asked).scalar_one_or_none()
    if case_id is None:
        raise Refusal(404, "no-such-item", "There is no such item to be decided.")
    refuse_destroyed(connection, case_id)
    refuse_unshared(connection, caller.member, case_id)
    return str(case_id)


def _refuse_other_givers(connection: sa.Connection, item_id: str, caller: Caller, now: float) -> None:
    """Supervisors may; else who has it leased, or to whom it was given, or who just gave it (asked again)."""
    if caller.member.role is Role.SUPERVISOR:
        return
    me = caller.member.id
    leased = sa.exists().where(leases.c.item_id == item_id, leases.c.member_id == me, leases.c.expires_at > now)
    given = sa.exists().where(
        assignments.c.item_id == item_id, sa.or_(assignments.c.member_id == me, assignments.c.given_by == me)
    )
    if not connection.execute(sa.select(sa.or_(leased, given))).scalar_one():
        raise Refusal(409, "not-yours-to-give", "Only who has this item, or a supervisor, can give it to a colleague.")


def _refuse_unfit(connection: sa.Connection, item_id: str, case_id: str, member_id: str) -> None:
    reviews = sa.exists().where(members.c.id == member_id, members.c.role.in_(_REVIEWING))
    shared = shared_with(member_id, case_id)
    if not connection.execute(sa.select(sa.and_(reviews, shared))).scalar_one():
        raise Refusal(409, "no-key-for-them", "This case is not shared with that colleague.")
    if connection.execute(sa.select(_answered(sa.literal(item_id), sa.literal(member_id)))).scalar_one():
        raise Refusal(409, "not-for-them", "This item cannot be given to that colleague; choose somebody else.")


def _answered(item_id: sa.ColumnElement[str], member_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.exists().where(passed_on.c.item_id == item_id, passed_on.c.member_id == member_id),
        sa.exists().where(decisions.c.item_id == item_id, decisions.c.member_id == member_id, decisions.c.standing),
    )


def assigned_to(connection: sa.Connection, member_id: str) -> list[str]:
    """Ids of the items that wait for this member by name."""
    asked = (
        sa.select(assignments.c.item_id)
        .join(items, items.c.id == assignments.c.item_id)
        .where(
            assignments.c.member_id == member_id,
            items.c.open,
            ~_answered(assignments.c.item_id, assignments.c.member_id),
        )
        .order_by(assignments.c.item_id)
    )
    return list(connection.execute(asked).scalars())


def assigned_among(connection: sa.Connection, item_ids: Sequence[str]) -> dict[str, str]:
    """Item id to member id, while the one it was given to has not answered it."""
    asked = sa.select(assignments.c.item_id, assignments.c.member_id).where(
        assignments.c.item_id.in_(item_ids), ~_answered(assignments.c.item_id, assignments.c.member_id)
    )
    return {row.item_id: row.member_id for row in connection.execute(asked)}
