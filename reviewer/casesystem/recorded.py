"""What has been decided: how many, and the decisions of a case, never what their makers saw."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed
from reviewer.casesystem.database import reading
from reviewer.casesystem.entries import utc
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import decisions
from reviewer.model.decisions import Decision
from reviewer.model.roles import Permission
from reviewer.model.wire import DecisionCount, DecisionPage, RecordedDecision

_PAGE = 100


def routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["decisions"])
    counting = allowed(service, Permission.COUNT_DECISIONS)
    supervising = allowed(service, Permission.SEE_DECISIONS)

    @router.get("/decisions/count", summary="How many decisions were taken in", **describes(DecisionCount))
    def count(caller: Caller = Depends(counting)) -> Response:
        recorded = sa.select(sa.func.count()).select_from(decisions)
        with reading(service.engine) as connection:
            every = connection.execute(recorded).scalar_one()
            standing = connection.execute(recorded.where(decisions.c.standing)).scalar_one()
        return answer(DecisionCount(recorded=every, standing=standing))

    @router.get("/decisions", summary="The decisions of one case, oldest first", **describes(DecisionPage))
    def of_case(
        caller: Caller = Depends(supervising),
        case: str = Query(max_length=64),
        after: str = Query("", max_length=64, description="`after` of the page before"),
    ) -> Response:
        asked = (
            sa.select(decisions.c.id, decisions.c.body, decisions.c.recorded_at, decisions.c.standing)
            .where(decisions.c.case_id == case, decisions.c.id > after)
            .order_by(decisions.c.id)
            .limit(_PAGE + 1)
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        page = tuple(
            RecordedDecision(
                decision=msgspec.json.decode(row.body, type=Decision),
                recorded_at=utc(row.recorded_at),
                standing=row.standing,
            )
            for row in rows[:_PAGE]
        )
        return answer(DecisionPage(decisions=page, after=page[-1].decision.id if len(rows) > _PAGE else None))

    return router
