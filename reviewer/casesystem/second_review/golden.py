"""Calibration items over HTTP: supervisors mark them, each person sees how their own answers compare, nobody else does.

There is no route that gives answers of one person to another, and none may be added: tests hold the list of routes.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import refuse_destroyed
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.second_review.stages import in_force, stage_now
from reviewer.casesystem.second_review.tables import calibrations, golden_items, review_stages
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import cases, decisions, items, tombstones
from reviewer.model.cases import Case, Item
from reviewer.model.decisions import Action, Decision, as_draft
from reviewer.model.readings import (
    MAX_GOLDEN_NOTE,
    Calibration,
    Golden,
    GoldenAnswer,
    GoldenCandidate,
    GoldenCandidates,
    GoldenList,
    OwnCalibrations,
    Stage,
)
from reviewer.model.roles import Permission

MOST = 200
_COMPARED = ("category", "severity", "action")
_CLOSED = (Stage.SINGLE, Stage.AGREED, Stage.SETTLED)


def routes(service: Service) -> APIRouter:
    router = version_one(service, "calibration")
    supervising = allowed(service, Permission.SEE_DECISIONS)
    reviewing = allowed(service, Permission.REVIEW_ITEMS)

    @router.put(
        "/golden/{item_id}",
        summary="Mark a decided item as a calibration item with what is right for it",
        **describes(request=GoldenAnswer, status=204, refusals=(403, 404, 409, 410, 422)),
    )
    def mark(
        item_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(supervising)
    ) -> Response:
        right = decoded(body, GoldenAnswer)
        _check(right)
        with writing(service.engine) as connection:
            found = connection.execute(sa.select(items.c.case_id).where(items.c.id == item_id)).one_or_none()
            if found is None:
                raise Refusal(404, "no-such-item", "There is no such item.")
            refuse_destroyed(connection, found.case_id)
            if stage_now(connection, item_id) not in _CLOSED:
                raise Refusal(409, "item-open", "This item has not been decided for good.")
            row = {"answer": msgspec.json.encode(right).decode(), "marked_by": caller.member.id, "withdrawn_at": None}
            changed = sa.update(golden_items).where(golden_items.c.item_id == item_id).values(**row)
            if connection.execute(changed).rowcount == 0:
                made = {"item_id": item_id, "marked_at": service.now(), **row}
                connection.execute(sa.insert(golden_items).values(**made))
        return Response(status_code=204)

    @router.delete(
        "/golden/{item_id}",
        summary="Withdraw a calibration item: nobody is offered it any more",
        **describes(status=204, refusals=(403,)),
    )
    def withdraw(item_id: str, caller: Caller = Depends(supervising)) -> Response:
        marked = sa.and_(golden_items.c.item_id == item_id, golden_items.c.withdrawn_at.is_(None))
        with writing(service.engine) as connection:
            connection.execute(sa.update(golden_items).where(marked).values(withdrawn_at=service.now()))
        return Response(status_code=204)

    @router.get("/golden", summary="The calibration items", **describes(GoldenList, refusals=(403,)))
    def listed(caller: Caller = Depends(supervising)) -> Response:
        asked = (
            sa.select(golden_items.c.answer, items.c.body, cases.c.body.label("case_body"))
            .select_from(
                golden_items.join(items, items.c.id == golden_items.c.item_id).join(
                    cases, cases.c.id == items.c.case_id
                )
            )
            .where(golden_items.c.withdrawn_at.is_(None))
            .order_by(golden_items.c.marked_at, items.c.id)
            .limit(MOST)
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        golden = []
        for row in rows:
            item = msgspec.json.decode(row.body, type=Item)
            number = msgspec.json.decode(row.case_body, type=Case).number
            right = msgspec.json.decode(row.answer, type=GoldenAnswer)
            golden.append(Golden(item_id=item.id, exhibit=item.exhibit, case_number=number, answer=right))
        return answer(GoldenList(golden=tuple(golden)))

    @router.get(
        "/golden/candidates",
        summary="Items decided for good that can be marked, the latest first; what was decided, not by whom",
        **describes(GoldenCandidates, refusals=(403,)),
    )
    def candidates(caller: Caller = Depends(supervising)) -> Response:
        with reading(service.engine) as connection:
            return answer(GoldenCandidates(candidates=_candidates(connection)))

    @router.get(
        "/calibrations/mine",
        summary="My answers to calibration items beside what is right for them; nobody else is shown these",
        **describes(OwnCalibrations, refusals=(403,)),
    )
    def mine(caller: Caller = Depends(reviewing)) -> Response:
        asked = (
            sa.select(
                calibrations.c.body.label("yours"), golden_items.c.answer, items.c.body, cases.c.body.label("case_body")
            )
            .select_from(
                calibrations.join(golden_items, golden_items.c.item_id == calibrations.c.item_id)
                .join(items, items.c.id == calibrations.c.item_id)
                .join(cases, cases.c.id == items.c.case_id)
            )
            .where(calibrations.c.member_id == caller.member.id, calibrations.c.standing)
            .order_by(calibrations.c.recorded_at.desc(), calibrations.c.id.desc())
            .limit(MOST)
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        return answer(OwnCalibrations(calibrations=tuple(_compared(row) for row in rows)))

    return router


def _candidates(connection: sa.Connection) -> tuple[GoldenCandidate, ...]:
    marked = sa.exists().where(golden_items.c.item_id == items.c.id, golden_items.c.withdrawn_at.is_(None))
    destroyed = sa.exists().where(tombstones.c.case_id == items.c.case_id)
    closed = sa.or_(review_stages.c.stage.is_(None), review_stages.c.stage.in_([stage.value for stage in _CLOSED]))
    asked = (
        sa.select(decisions.c.body, items.c.body.label("item_body"), cases.c.body.label("case_body"))
        .select_from(
            decisions.join(items, items.c.id == decisions.c.item_id)
            .join(cases, cases.c.id == items.c.case_id)
            .outerjoin(review_stages, review_stages.c.item_id == items.c.id)
        )
        .where(in_force(), ~items.c.open, closed, ~marked, ~destroyed, decisions.c.action != Action.SECOND_LOOK.value)
        .order_by(decisions.c.recorded_at.desc(), decisions.c.id.desc())
        .limit(2 * MOST)
    )
    found: dict[str, GoldenCandidate] = {}  # both of two who agree are in force
    for row in connection.execute(asked):
        decision, item = msgspec.json.decode(row.body, type=Decision), msgspec.json.decode(row.item_body, type=Item)
        found.setdefault(
            item.id,
            GoldenCandidate(
                item_id=item.id,
                exhibit=item.exhibit,
                case_number=msgspec.json.decode(row.case_body, type=Case).number,
                decided=GoldenAnswer(category=decision.category, severity=decision.severity, action=decision.action),
            ),
        )
    return tuple(found.values())[:MOST]


def _compared(row: sa.Row[str, str, str, str]) -> Calibration:
    yours = as_draft(msgspec.json.decode(row.yours, type=Decision))
    right = msgspec.json.decode(row.answer, type=GoldenAnswer)
    item = msgspec.json.decode(row.body, type=Item)
    return Calibration(
        item_id=item.id,
        exhibit=item.exhibit,
        case_number=msgspec.json.decode(row.case_body, type=Case).number,
        yours=yours,
        golden=right,
        differ=tuple(name for name in _COMPARED if getattr(yours, name) != getattr(right, name)),
    )


def _check(untrusted: GoldenAnswer) -> None:
    fits = 0 < len(untrusted.category) <= 64 and 0 <= untrusted.severity <= 6 and len(untrusted.note) <= MAX_GOLDEN_NOTE
    if not fits or untrusted.action is Action.SECOND_LOOK:
        raise Refusal(422, "golden-unusable", "Say category, severity 0 to 6, an action, and at most a short note.")
