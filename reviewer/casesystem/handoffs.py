"""Packages of a case and what became of each: built, sent, received, retracted. Recorded once, never changed.

Each step is what somebody said or a receipt shows; none is concluded from another. A destroyed case keeps them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import held_case
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.entries import case_numbers, utc
from reviewer.casesystem.handoff_checks import check_handoff, check_step, check_step_time
from reviewer.casesystem.handoff_tables import handoff_steps, handoffs
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.overrules import refuse_not_overruled
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_keyless, refuse_unreached
from reviewer.casesystem.tables import members
from reviewer.model.handoff import (
    MAX_HANDOFFS,
    MAX_STEPS,
    Handoff,
    HandoffList,
    NewHandoff,
    NewStep,
    Step,
    StepKind,
)
from reviewer.model.roles import Permission


def routes(service: Service) -> APIRouter:
    router = version_one(service, "handing off")
    building = allowed(service, Permission.BUILD_HANDOFFS)

    @router.post(
        "/cases/{case_id}/handoffs",
        summary="Record a package that was built. Sending the same again is fine",
        **describes(Handoff, request=NewHandoff, status=201, refusals=(403, 404, 409, 422)),
    )
    def add(case_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(building)) -> Response:
        new = decoded(body, NewHandoff)
        check_handoff(new, case_id)
        with writing(service.engine) as connection:
            refuse_keyless(connection, caller.member, case_id)
            # It may have been built before the case was destroyed.
            held_case(connection, case_id, for_update=True)
            kept = connection.execute(sa.select(handoffs).where(handoffs.c.id == new.id)).one_or_none()
            if kept is None:
                _refuse_full(connection, handoffs, handoffs.c.case_id == case_id, MAX_HANDOFFS)
                refuse_not_overruled(connection, new)
                _insert(connection, new, caller.member.id, service.now())
            elif msgspec.json.decode(kept.body, type=NewHandoff) != new:
                raise Refusal(409, "handoff-differs", "Another package has this id.")
            (recorded,) = _handoffs(connection, handoffs.c.id == new.id)
        return answer(recorded, 201 if kept is None else 200)

    @router.get(
        "/cases/{case_id}/handoffs",
        summary="The packages of a case with every step, oldest first",
        **describes(HandoffList, refusals=(403, 404)),
    )
    def of_case(case_id: str, caller: Caller = Depends(building)) -> Response:
        with reading(service.engine) as connection:
            refuse_unreached(connection, caller.member, case_id)
            held_case(connection, case_id)
            return answer(HandoffList(handoffs=_handoffs(connection, handoffs.c.case_id == case_id)))

    @router.get(
        "/handoffs/{handoff_id}",
        summary="One package with every step",
        **describes(Handoff, refusals=(403, 404)),
    )
    def one(handoff_id: str, caller: Caller = Depends(building)) -> Response:
        with reading(service.engine) as connection:
            _reached(connection, caller, handoff_id)
            (found,) = _handoffs(connection, handoffs.c.id == handoff_id)
        return answer(found)

    @router.post(
        "/handoffs/{handoff_id}/steps",
        summary="Record what became of a package; received and retracted only after sent. The same again is fine",
        **describes(Handoff, request=NewStep, status=201, refusals=(403, 404, 409, 422)),
    )
    def step(
        handoff_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(building)
    ) -> Response:
        new = decoded(body, NewStep)
        check_step(new)
        with writing(service.engine) as connection:
            _reached(connection, caller, handoff_id, for_update=True)
            made = _take_step(connection, handoff_id, new, caller.member.id, service.now())
            (found,) = _handoffs(connection, handoffs.c.id == handoff_id)
        return answer(found, 201 if made else 200)

    return router


def _reached(connection: sa.Connection, caller: Caller, handoff_id: str, *, for_update: bool = False) -> None:
    asked = sa.select(handoffs.c.case_id).where(handoffs.c.id == handoff_id)
    case_id = connection.execute(asked.with_for_update() if for_update else asked).scalar_one_or_none()
    if case_id is None:
        raise Refusal(404, "no-such-handoff", "There is no such package.")
    refuse_unreached(connection, caller.member, case_id)


def _insert(connection: sa.Connection, new: NewHandoff, member_id: str, now: float) -> None:
    row = {"id": new.id, "case_id": new.case_id, "member_id": member_id, "at": now}
    connection.execute(sa.insert(handoffs).values(**row, body=msgspec.json.encode(new).decode()))
    _insert_step(connection, new.id, 0, NewStep(id=new.id, kind=StepKind.BUILT, at=new.built_at), member_id, now)


def _take_step(connection: sa.Connection, handoff_id: str, new: NewStep, member_id: str, now: float) -> bool:
    """False: it was recorded before."""
    kept = connection.execute(sa.select(handoff_steps).where(handoff_steps.c.id == new.id)).one_or_none()
    if kept is not None:
        if kept.handoff_id != handoff_id or msgspec.json.decode(kept.body, type=NewStep) != new:
            raise Refusal(409, "step-differs", "Another step has this id.")
        return False
    package = connection.execute(sa.select(handoffs).where(handoffs.c.id == handoff_id)).one()
    check_step_time(new.at, msgspec.json.decode(package.body, type=NewHandoff).built_at, package.at, now)
    taken = sa.select(handoff_steps.c.body).where(handoff_steps.c.handoff_id == handoff_id)
    steps = [msgspec.json.decode(body, type=NewStep) for body in connection.execute(taken).scalars()]
    if new.kind is StepKind.BUILT:
        raise Refusal(409, "step-order", "A package is built once.")
    if new.kind is not StepKind.SENT and not any(one.kind is StepKind.SENT for one in steps):
        raise Refusal(409, "step-order", "Nobody has said that this package was sent.")
    if len(steps) >= MAX_STEPS:
        raise Refusal(409, "too-many", f"At most {MAX_STEPS} steps of a package are kept.")
    _insert_step(connection, handoff_id, len(steps), new, member_id, now)
    return True


def _insert_step(
    connection: sa.Connection, handoff_id: str, number: int, new: NewStep, member_id: str, now: float
) -> None:
    row: dict[str, Any] = {"id": new.id, "handoff_id": handoff_id, "number": number, "member_id": member_id}
    row |= {"body": msgspec.json.encode(new).decode(), "recorded_at": now}
    connection.execute(sa.insert(handoff_steps).values(**row))


def _refuse_full(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], most: int) -> None:
    counted = connection.execute(sa.select(sa.func.count()).select_from(table).where(which)).scalar_one()
    if counted >= most:
        raise Refusal(409, "too-many", f"At most {most} of these are kept of a case.")


def _handoffs(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[Handoff, ...]:
    """Oldest first."""
    asked = (
        sa.select(handoffs, members.c.name)
        .join(members, members.c.id == handoffs.c.member_id)
        .where(which)
        .order_by(handoffs.c.at, handoffs.c.id)
    )
    rows = connection.execute(asked).all()
    numbers = case_numbers(connection, [row.case_id for row in rows])
    steps = _steps(connection, [row.id for row in rows])
    return tuple(
        Handoff(
            made=msgspec.json.decode(row.body, type=NewHandoff),
            case_number=numbers[row.case_id],
            built_by=row.name,
            steps=tuple(steps[row.id]),
        )
        for row in rows
    )


def _steps(connection: sa.Connection, handoff_ids: Sequence[str]) -> dict[str, list[Step]]:
    asked = (
        sa.select(handoff_steps, members.c.name)
        .join(members, members.c.id == handoff_steps.c.member_id)
        .where(handoff_steps.c.handoff_id.in_(handoff_ids))
        .order_by(handoff_steps.c.number)
    )
    found: dict[str, list[Step]] = defaultdict(list)
    for row in connection.execute(asked):
        new = msgspec.json.decode(row.body, type=NewStep)
        found[row.handoff_id].append(
            Step(
                id=new.id,
                kind=new.kind,
                at=new.at,
                recorded_at=utc(row.recorded_at),
                by=row.name,
                to=new.to,
                receipt=new.receipt,
                receipt_sha256=new.receipt_sha256,
                words=new.words,
            )
        )
    return found
