"""What became of a case: recorded by those who hear of it, told to those who worked on it."""

from __future__ import annotations

from datetime import UTC

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, signed_in, version_one
from reviewer.casesystem.cases import held_case
from reviewer.casesystem.checks import is_id
from reviewer.casesystem.database import insert_or_ignore, reading, writing
from reviewer.casesystem.entries import case_numbers, utc
from reviewer.casesystem.handoff_tables import seen
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import decisions, items, outcomes
from reviewer.model.related import (
    MAX_OUTCOME,
    MAX_OUTCOMES,
    NewOutcome,
    Outcome,
    OutcomeKind,
    OutcomeList,
    usable_words,
)
from reviewer.model.roles import Permission


def routes(service: Service) -> APIRouter:
    router = version_one(service, "outcomes")
    recording = allowed(service, Permission.RECORD_OUTCOMES)
    anyone = signed_in(service)

    @router.post(
        "/cases/{case_id}/outcomes",
        summary="Record what became of a case. Sending the same again is fine",
        **describes(Outcome, request=NewOutcome, status=201, refusals=(403, 404, 409, 422)),
    )
    def record(
        case_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(recording)
    ) -> Response:
        new = decoded(body, NewOutcome)
        if not is_id(new.id):
            raise Refusal(422, "id-unusable", "Ids are letters, digits and . _ - and at most 64 long.")
        if new.text and not usable_words(new.text, MAX_OUTCOME):
            raise Refusal(422, "outcome-unusable", f"An outcome has at most {MAX_OUTCOME} characters of plain text.")
        row = {"id": new.id, "case_id": case_id, "member_id": caller.member.id, "kind": new.kind.value}
        with writing(service.engine) as connection:
            # A destroyed case has an outcome as well: what came of it is heard long after.
            held_case(connection, case_id)
            made = insert_or_ignore(connection, outcomes, {**row, "text": new.text, "at": service.now()})
            held = connection.execute(sa.select(outcomes).where(outcomes.c.id == new.id)).one()
            if (held.case_id, held.kind, held.text) != (case_id, new.kind.value, new.text):
                raise Refusal(409, "outcome-differs", "Another outcome has this id.")
            (recorded,) = outcomes_of(connection, outcomes.c.id == new.id)
        return answer(recorded, 201 if made else 200)

    @router.get("/outcomes", summary="What became of the cases I worked on, newest first", **describes(OutcomeList))
    def mine(caller: Caller = Depends(anyone)) -> Response:
        me = caller.member.id
        decided = sa.exists().where(decisions.c.case_id == outcomes.c.case_id, decisions.c.member_id == me)
        # Who saw an item and passed it on worked on the case as well.
        saw = sa.exists().where(
            items.c.case_id == outcomes.c.case_id, seen.c.item_id == items.c.id, seen.c.member_id == me
        )
        worked_on = sa.or_(decided, saw)
        with reading(service.engine) as connection:
            return answer(OutcomeList(outcomes=outcomes_of(connection, worked_on)))

    return router


def outcomes_of(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[Outcome, ...]:
    """Newest first, at most `MAX_OUTCOMES`. By whom it was recorded is not told."""
    asked = sa.select(outcomes).where(which).order_by(outcomes.c.at.desc(), outcomes.c.id.desc()).limit(MAX_OUTCOMES)
    rows = connection.execute(asked).all()
    numbers = case_numbers(connection, [row.case_id for row in rows])
    return tuple(
        Outcome(
            id=row.id,
            case_id=row.case_id,
            case_number=numbers[row.case_id],
            kind=OutcomeKind(row.kind),
            text=row.text,
            day=utc(row.at).astimezone(UTC).date().isoformat(),
        )
        for row in rows
    )
