"""A supervisor lets a case be sealed although answers are missing: recorded with the reason, never changed."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import held_case, living_case
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.handoff_checks import check_overrule
from reviewer.casesystem.handoff_tables import overrules
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_unreached
from reviewer.casesystem.tables import members
from reviewer.model.handoff import MAX_OVERRULES, NewHandoff, NewOverrule, Overrule, OverruleList
from reviewer.model.roles import Permission


def routes(service: Service) -> APIRouter:
    router = version_one(service, "handing off")
    building = allowed(service, Permission.BUILD_HANDOFFS)
    overruling = allowed(service, Permission.OVERRULE_COMPLETENESS)

    @router.post(
        "/cases/{case_id}/overrules",
        summary="Let a case be sealed although answers are missing. Sending the same again is fine",
        **describes(Overrule, request=NewOverrule, status=201, refusals=(403, 404, 409, 410, 422)),
    )
    def overrule(
        case_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(overruling)
    ) -> Response:
        new = decoded(body, NewOverrule)
        check_overrule(new)
        with writing(service.engine) as connection:
            living_case(connection, case_id, for_update=True)
            kept = connection.execute(sa.select(overrules).where(overrules.c.id == new.id)).one_or_none()
            if kept is None:
                if len(_of(connection, overrules.c.case_id == case_id)) >= MAX_OVERRULES:
                    raise Refusal(409, "too-many", f"At most {MAX_OVERRULES} of these are kept of a case.")
                row = {"id": new.id, "case_id": case_id, "member_id": caller.member.id, "at": service.now()}
                connection.execute(sa.insert(overrules).values(**row, body=msgspec.json.encode(new).decode()))
            elif (kept.case_id, kept.member_id) != (case_id, caller.member.id) or _new(kept.body) != new:
                raise Refusal(409, "overrule-differs", "Another overrule has this id.")
            (recorded,) = _of(connection, overrules.c.id == new.id)
        return answer(recorded, 201 if kept is None else 200)

    @router.get(
        "/cases/{case_id}/overrules",
        summary="What supervisors let through of a case, and why, newest first",
        **describes(OverruleList, refusals=(403, 404)),
    )
    def of_case(case_id: str, caller: Caller = Depends(building)) -> Response:
        with reading(service.engine) as connection:
            refuse_unreached(connection, caller.member, case_id)
            held_case(connection, case_id)
            return answer(OverruleList(overrules=_of(connection, overrules.c.case_id == case_id)))

    return router


def refuse_not_overruled(connection: sa.Connection, new: NewHandoff) -> None:
    """not-overruled: answers are missing, and the member it names never said that it may be sealed without them for
    this agency."""
    if not new.missing:
        return
    said = sa.and_(overrules.c.case_id == new.case_id, overrules.c.member_id == new.overruled_by)
    for one in _of(connection, said):
        if one.reason == new.overrule and one.covers(new.agency, new.missing):
            return
    raise Refusal(409, "not-overruled", "No supervisor let it be sealed for this agency without what is missing.")


def _of(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[Overrule, ...]:
    """Newest first."""
    asked = (
        sa.select(overrules, members.c.name)
        .join(members, members.c.id == overrules.c.member_id)
        .where(which)
        .order_by(overrules.c.at.desc(), overrules.c.id.desc())
    )
    found = []
    for row in connection.execute(asked):
        new = _new(row.body)
        found.append(
            Overrule(
                id=row.id,
                case_id=row.case_id,
                missing=new.missing,
                reason=new.reason,
                by=row.name,
                member_id=row.member_id,
                at=utc(row.at),
                agency=new.agency,
            )
        )
    return tuple(found)


def _new(body: str) -> NewOverrule:
    return msgspec.json.decode(body, type=NewOverrule)
