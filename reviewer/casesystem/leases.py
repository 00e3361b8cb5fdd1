"""Leases: two people never get the same item, and a workstation that dies gives back what it held."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import refuse_destroyed
from reviewer.casesystem.database import insert_or_ignore, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.holding import take_up
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.second_review.offering import allow_lease
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import entrust, refuse_unshared
from reviewer.casesystem.tables import items, leases
from reviewer.model.events import Lease
from reviewer.model.ids import uuid7
from reviewer.model.roles import Permission
from reviewer.model.wire import LeaseRequest


def routes(service: Service) -> APIRouter:
    router = version_one(service, "leases")
    reviewing = allowed(service, Permission.REVIEW_ITEMS)

    @router.post(
        "/leases",
        summary="Take an item; asking again from the same workstation renews",
        **describes(Lease, request=LeaseRequest, status=201, refusals=(403, 404, 409, 410)),
    )
    def take(body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(reviewing)) -> Response:
        wanted = decoded(body, LeaseRequest)
        with writing(service.engine) as connection:
            lease = _take(connection, wanted.item_id, caller, service.now(), service.terms.lease_s)
        return answer(lease, 201)

    @router.put("/leases/{lease_id}", summary="Keep it for another term", **describes(Lease, refusals=(403, 409)))
    def renew(lease_id: str, caller: Caller = Depends(reviewing)) -> Response:
        now = service.now()
        expires = now + service.terms.lease_s
        with writing(service.engine) as connection:
            renewed = connection.execute(
                sa.update(leases).where(_mine(lease_id, caller), leases.c.expires_at > now).values(expires_at=expires)
            )
            if renewed.rowcount != 1:
                raise _lost()
            item_id = connection.execute(sa.select(leases.c.item_id).where(leases.c.id == lease_id)).scalar_one()
        return answer(Lease(id=lease_id, item_id=item_id, holder=caller.member.id, expires_at=utc(expires)))

    @router.delete("/leases/{lease_id}", summary="Give it back", **describes(status=204, refusals=(403,)))
    def release(lease_id: str, caller: Caller = Depends(reviewing)) -> Response:
        # Releasing what is gone already is what was wanted: a repeated request must not fail.
        with writing(service.engine) as connection:
            connection.execute(sa.delete(leases).where(_mine(lease_id, caller)))
        return Response(status_code=204)

    return router


def _mine(lease_id: str, caller: Caller) -> sa.ColumnElement[bool]:
    return sa.and_(
        leases.c.id == lease_id,
        leases.c.member_id == caller.member.id,
        leases.c.workstation == caller.workstation,
    )


def _take(connection: sa.Connection, item_id: str, caller: Caller, now: float, lease_s: float) -> Lease:
    asked = sa.select(items.c.open, items.c.stored, items.c.case_id).where(items.c.id == item_id)
    item = connection.execute(asked).one_or_none()
    if item is None or not item.stored:
        raise Refusal(404, "no-such-item", "There is no such item.")
    refuse_destroyed(connection, item.case_id)
    refuse_unshared(connection, caller.member, item.case_id)
    allow_lease(connection, item_id, caller.member.id, is_open=item.open)
    fresh = {
        "id": uuid7(),
        "member_id": caller.member.id,
        "workstation": caller.workstation,
        "expires_at": now + lease_s,
    }
    if not insert_or_ignore(connection, leases, {"item_id": item_id, **fresh}):
        # There is a row. It can be ours to renew, or expired and free to take; the WHERE makes that decision atomic.
        ours = sa.and_(leases.c.member_id == caller.member.id, leases.c.workstation == caller.workstation)
        row = sa.update(leases).where(leases.c.item_id == item_id)
        renewed = row.where(ours, leases.c.expires_at > now).values(expires_at=fresh["expires_at"])
        if connection.execute(renewed).rowcount != 1:
            taken = row.where(leases.c.expires_at <= now).values(**fresh)
            if connection.execute(taken).rowcount != 1:
                raise Refusal(409, "lease-held", "A colleague has this item.")
    entrust(connection, caller.member.id, item_id)
    take_up(connection, item_id)
    held = connection.execute(sa.select(leases).where(leases.c.item_id == item_id)).one()
    return Lease(id=held.id, item_id=item_id, holder=held.member_id, expires_at=utc(held.expires_at))


def _lost() -> Refusal:
    return Refusal(409, "lease-lost", "The lease has ended; take the item again if it is still free.")
