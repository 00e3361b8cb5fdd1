"""What has been decided: how many, and about which items of a case; not by whom, when, or what they saw."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.second_review.stages import in_force
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import decisions
from reviewer.model.decisions import Decision
from reviewer.model.roles import Permission
from reviewer.model.wire import DecisionCount, DecisionPage, RecordedDecision

_PAGE = 100


def routes(service: Service) -> APIRouter:
    router = version_one(service, "decisions")
    counting = allowed(service, Permission.COUNT_DECISIONS)
    supervising = allowed(service, Permission.SEE_DECISIONS)

    @router.get("/decisions/count", summary="How many decisions were taken in", **describes(DecisionCount))
    def count(caller: Caller = Depends(counting)) -> Response:
        recorded = sa.select(sa.func.count()).select_from(decisions)
        with reading(service.engine) as connection:
            every = connection.execute(recorded).scalar_one()
            standing = connection.execute(recorded.where(in_force())).scalar_one()
        return answer(DecisionCount(recorded=every, standing=standing))

    @router.get("/decisions", summary="The decisions of one case, by item", **describes(DecisionPage))
    def of_case(
        caller: Caller = Depends(supervising),
        case: str = Query(max_length=64),
        after: str = Query("", max_length=64, description="`after` of the page before"),
    ) -> Response:
        decided = sa.select(decisions.c.item_id).where(decisions.c.case_id == case, decisions.c.item_id > after)
        page = decided.distinct().order_by(decisions.c.item_id).limit(_PAGE + 1)
        with reading(service.engine) as connection:
            found = connection.execute(page).scalars().all()
            asked = sa.select(decisions.c.body, in_force().label("standing")).where(
                decisions.c.item_id.in_(found[:_PAGE])
            )
            rows = connection.execute(asked.order_by(decisions.c.item_id, decisions.c.id)).all()
        shown = tuple(_without_its_maker(row.body, bool(row.standing)) for row in rows)
        return answer(DecisionPage(decisions=shown, after=found[_PAGE - 1] if len(found) > _PAGE else None))

    return router


def _without_its_maker(body: str, standing: bool) -> RecordedDecision:
    decision = msgspec.json.decode(body, type=Decision)
    return RecordedDecision(
        item_id=decision.item_id,
        change=decision.change,
        imminence=decision.imminence,
        category=decision.category,
        severity=decision.severity,
        confidence=decision.confidence,
        action=decision.action,
        rationale=decision.rationale,
        labels=decision.labels,
        standing=standing,
        segments=decision.segments,
        grounds=decision.grounds,
        classification=decision.classification,
        age_group=decision.age_group,
        messages=decision.messages,
    )
