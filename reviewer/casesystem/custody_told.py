"""What custody logs tell of a case, kept sealed for whoever builds a package of it.

A workstation tells of its own log only, under a checkpoint that is anchored here, and sealed to the case's key. Which
person had which item open when is therefore not readable here: only who holds the key and builds packages gets it, and
those whose logs they are are told that somebody did (docs/decisions/0005-custody-told-sealed.md).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from reviewer.casesystem.bodies import answer, capped_body
from reviewer.casesystem.callers import Caller, allowed, signed_in, version_one
from reviewer.casesystem.case_record import note_looks
from reviewer.casesystem.cases import expect_keys, keys_etag, living_case
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.handoff_tables import told_extracts
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_keyless, shared_with
from reviewer.casesystem.tables import checkpoints, entrusted, items, log_keys, tombstones
from reviewer.model.custody import origin_of
from reviewer.model.custody_told import MAX_SEALED_EXTRACT, MAX_WANTED, SealedFor, ToldExtract, ToldPage, WantedCases
from reviewer.model.roles import Member, Permission, may

# A page ends before its extracts are larger, but for the first one's.
MAX_PAGE_BYTES = 4 * 1024 * 1024


def routes(service: Service) -> APIRouter:
    router = version_one(service, "custody")
    anyone = signed_in(service)
    building = allowed(service, Permission.BUILD_HANDOFFS)

    @router.get("/custody/wanted", summary="Cases my log is to tell of again", **describes(WantedCases))
    def wanted(caller: Caller = Depends(anyone)) -> Response:
        destroyed = sa.exists().where(tombstones.c.case_id == told_extracts.c.case_id)
        mine = sa.and_(told_extracts.c.origin == _own(caller), told_extracts.c.member_id == caller.member.id)
        asked = (
            sa.select(told_extracts.c.case_id)
            .where(mine, sa.func.length(told_extracts.c.sealed) == 0, ~destroyed)
            .order_by(told_extracts.c.case_id)
            .limit(MAX_WANTED)
        )
        with reading(service.engine) as connection:
            return answer(WantedCases(cases=tuple(connection.execute(asked).scalars())))

    @router.get(
        "/cases/{case_id}/custody/recipient",
        summary="What custody of this case is sealed to: the signed statement of its key. The ETag is for telling",
        **describes(SealedFor, refusals=(404, 410)),
    )
    def recipient(case_id: str, caller: Caller = Depends(anyone)) -> Response:
        with reading(service.engine) as connection:
            _refuse_stranger(connection, caller.member, case_id)
            case = living_case(connection, case_id)
        return answer(SealedFor(statement=case.statement or ""), 200, {"ETag": keys_etag(case.keys_version)})

    @router.put(
        "/cases/{case_id}/custody",
        summary="Tell what my log says of a case, sealed to its key, in place of an older extract. Needs If-Match",
        **describes(status=204, refusals=(404, 409, 410, 412, 413, 422, 428)),
    )
    def tell(
        case_id: str,
        request: Request,
        size: int = Query(ge=1, lt=1 << 62, description="entries of the checkpoint it is under"),
        body: bytes = Depends(capped_body(MAX_SEALED_EXTRACT)),
        caller: Caller = Depends(anyone),
    ) -> Response:
        if not body:
            raise Refusal(422, "extract-unusable", "Send an age file.")
        with writing(service.engine) as connection:
            _refuse_stranger(connection, caller.member, case_id)
            case = living_case(connection, case_id, for_update=True)
            expect_keys(request, case.keys_version)
            _refuse_unanchored(connection, caller, size)
            _keep(connection, case_id, caller, size, body, service.now())
        return Response(status_code=204)

    @router.get(
        "/cases/{case_id}/custody",
        summary="A page of what every log told of a case shared with me, sealed. Those whose logs they are see it",
        **describes(ToldPage, refusals=(403, 404, 410)),
    )
    def told(
        case_id: str,
        caller: Caller = Depends(building),
        after: str = Query("", max_length=200, description="`after` of the page before"),
    ) -> Response:
        with writing(service.engine) as connection:
            refuse_keyless(connection, caller.member, case_id)
            living_case(connection, case_id)
            rows, last = _page(connection, case_id, after)
            note_looks(connection, caller.member.id, {row.member_id for row in rows}, service.now())
        extracts = tuple(
            ToldExtract(origin=row.origin, size=row.size, sealed=row.sealed, at=utc(row.at)) for row in rows
        )
        return answer(ToldPage(extracts=extracts, after=last))

    return router


def want_told_anew(connection: sa.Connection, case_id: str) -> None:
    """The case has another key: what was sealed to the one before opens for nobody who is to have it."""
    connection.execute(sa.update(told_extracts).where(told_extracts.c.case_id == case_id).values(sealed=b""))


def forget_told(connection: sa.Connection, case_id: str) -> None:
    connection.execute(sa.delete(told_extracts).where(told_extracts.c.case_id == case_id))


def _own(caller: Caller) -> str:
    return origin_of(caller.workstation)


def _refuse_stranger(connection: sa.Connection, member: Member, case_id: str) -> None:
    """Who holds the key, who takes in and shares cases, and who ever leased an item of it has entries to tell."""
    if may(member.role, Permission.SHARE_CASES):
        return
    leased = (
        sa.exists()
        .where(entrusted.c.member_id == member.id, entrusted.c.item_id == items.c.id)
        .where(items.c.case_id == case_id)
    )
    if not connection.execute(sa.select(sa.or_(shared_with(member.id, case_id), leased))).scalar_one():
        raise Refusal(404, "no-key-for-you", "This case is not shared with you.")


def _refuse_unanchored(connection: sa.Connection, caller: Caller, size: int) -> None:
    """The log is the caller's own: they anchored this very size of it, signed by the key pinned for it."""
    anchored = sa.exists().where(
        checkpoints.c.origin == _own(caller),
        checkpoints.c.size == size,
        checkpoints.c.member_id == caller.member.id,
        log_keys.c.origin == checkpoints.c.origin,
    )
    if not connection.execute(sa.select(anchored)).scalar_one():
        raise Refusal(409, "checkpoint-missing", "Anchor the checkpoint it is under first.")


def _keep(connection: sa.Connection, case_id: str, caller: Caller, size: int, sealed: bytes, now: float) -> None:
    """In place of one of a smaller checkpoint; the same size again changes nothing."""
    is_it = sa.and_(told_extracts.c.case_id == case_id, told_extracts.c.origin == _own(caller))
    asked = sa.select(told_extracts.c.size, sa.func.length(told_extracts.c.sealed).label("bytes")).where(is_it)
    held = connection.execute(asked).one_or_none()
    row = {"member_id": caller.member.id, "size": size, "sealed": sealed, "at": now}
    if held is None:
        connection.execute(sa.insert(told_extracts).values(case_id=case_id, origin=_own(caller), **row))
        return
    if size < held.size:
        raise Refusal(409, "custody-older", "This log told of the case under a larger checkpoint before.")
    if size > held.size or not held.bytes:
        connection.execute(sa.update(told_extracts).where(is_it).values(**row))


def _page(connection: sa.Connection, case_id: str, after: str) -> tuple[list[Any], str | None]:
    lengths = sa.select(told_extracts.c.origin, sa.func.length(told_extracts.c.sealed).label("bytes")).where(
        told_extracts.c.case_id == case_id, told_extracts.c.origin > after
    )
    there = [row for row in connection.execute(lengths.order_by(told_extracts.c.origin)) if row.bytes]
    shown: list[str] = []
    total = 0
    for row in there:
        total += row.bytes
        if total > MAX_PAGE_BYTES and shown:
            break
        shown.append(row.origin)
    asked = sa.select(told_extracts).where(told_extracts.c.case_id == case_id, told_extracts.c.origin.in_(shown))
    rows = list(connection.execute(asked.order_by(told_extracts.c.origin)))
    return rows, shown[-1] if len(shown) < len(there) else None
