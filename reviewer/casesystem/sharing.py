"""Who holds the key of which case: listed, and one more person given it."""

from __future__ import annotations

from collections import defaultdict

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from reviewer.casesystem.bodies import answer, capped_body
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import MAX_SEALED, expect_keys, held_case, keys_etag, living_case
from reviewer.casesystem.database import insert_or_ignore, reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.replaced import keep_keys
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_unshared
from reviewer.casesystem.tables import case_keys, cases, items, members, tombstones
from reviewer.model.cases import Case, Item
from reviewer.model.roles import Permission
from reviewer.model.wire import CaseLine, CasePage, ItemPage, KeyState

PAGE = 100


def routes(service: Service) -> APIRouter:
    router = version_one(service, "cases")
    sharing = allowed(service, Permission.SHARE_CASES)
    handling = allowed(service, Permission.SHARE_CASES, Permission.REVIEW_ITEMS)

    @router.get("/cases", summary="One page of the cases, by id, with who holds each key", **describes(CasePage))
    def listed(caller: Caller = Depends(sharing), after: str = Query("", max_length=64)) -> Response:
        with reading(service.engine) as connection:
            lines = _lines(connection, after)
        shown = lines[:PAGE]
        return answer(CasePage(cases=tuple(shown), after=shown[-1].case.id if len(lines) > PAGE else None))

    @router.get(
        "/cases/{case_id}/items",
        summary="One page of the items of a case, by id, decided ones included",
        **describes(ItemPage, refusals=(403, 404)),
    )
    def items_of(case_id: str, caller: Caller = Depends(handling), after: str = Query("", max_length=64)) -> Response:
        asked = sa.select(items.c.body).where(items.c.case_id == case_id, items.c.id > after).order_by(items.c.id)
        with reading(service.engine) as connection:
            held_case(connection, case_id)
            refuse_unshared(connection, caller.member, case_id)
            bodies = connection.execute(asked.limit(PAGE + 1)).scalars().all()
        shown = tuple(msgspec.json.decode(body, type=Item) for body in bodies[:PAGE])
        return answer(ItemPage(items=shown, after=shown[-1].id if len(bodies) > PAGE else None))

    @router.get(
        "/cases/{case_id}/keys",
        summary="Who holds the key, and the signed statement of which key it is",
        **describes(KeyState, refusals=(403, 404, 410)),
    )
    def state(case_id: str, caller: Caller = Depends(sharing)) -> Response:
        with reading(service.engine) as connection:
            case = living_case(connection, case_id)
            mine = sa.select(case_keys.c.member_id).where(case_keys.c.case_id == case_id)
            holders = connection.execute(mine.order_by(case_keys.c.member_id)).scalars()
            known = KeyState(holders=tuple(holders), statement=case.statement or "")
        return answer(known, 200, {"ETag": keys_etag(case.keys_version)})

    @router.put(
        "/cases/{case_id}/keys/{member_id}",
        summary="Give one more member the key, sealed to them. Needs If-Match",
        **describes(status=204, refusals=(403, 404, 410, 412, 422, 428)),
    )
    def give(
        case_id: str,
        member_id: str,
        request: Request,
        body: bytes = Depends(capped_body(MAX_SEALED)),
        caller: Caller = Depends(sharing),
    ) -> Response:
        if not body:
            raise Refusal(422, "key-unusable", "A sealed key is empty or too large.")
        with writing(service.engine) as connection:
            case = living_case(connection, case_id, for_update=True)
            expect_keys(request, case.keys_version)
            if connection.execute(sa.select(members.c.id).where(members.c.id == member_id)).one_or_none() is None:
                raise Refusal(422, "no-such-member", "A key is sealed to somebody who is not a member.")
            row = {"case_id": case_id, "member_id": member_id, "sealed": body}
            if not insert_or_ignore(connection, case_keys, row):
                keep_keys(connection, case_id, caller.member.id, service.now())
                theirs = sa.and_(case_keys.c.case_id == case_id, case_keys.c.member_id == member_id)
                connection.execute(sa.update(case_keys).where(theirs).values(sealed=body))
            version = case.keys_version + 1
            connection.execute(sa.update(cases).where(cases.c.id == case_id).values(keys_version=version))
        return Response(status_code=204, headers={"ETag": keys_etag(version)})

    return router


def _lines(connection: sa.Connection, after: str) -> list[CaseLine]:
    asked = (
        sa.select(cases.c.id, cases.c.body, tombstones.c.at)
        .select_from(cases.outerjoin(tombstones, tombstones.c.case_id == cases.c.id))
        .where(cases.c.id > after)
        .order_by(cases.c.id)
        .limit(PAGE + 1)
    )
    rows = connection.execute(asked).all()
    ids = [row.id for row in rows]
    holders: dict[str, list[str]] = defaultdict(list)
    found = sa.select(case_keys.c.case_id, case_keys.c.member_id).where(
        case_keys.c.case_id.in_(ids), case_keys.c.sealed != b""
    )
    for holder in connection.execute(found.order_by(case_keys.c.member_id)):
        holders[holder.case_id].append(holder.member_id)
    counted = sa.select(items.c.case_id, sa.func.count()).where(items.c.case_id.in_(ids)).group_by(items.c.case_id)
    counts = {row[0]: row[1] for row in connection.execute(counted)}
    return [
        CaseLine(
            case=msgspec.json.decode(row.body, type=Case),
            holders=tuple(holders[row.id]),
            items=counts.get(row.id, 0),
            destroyed_at=utc(row.at) if row.at is not None else None,
        )
        for row in rows
    ]
