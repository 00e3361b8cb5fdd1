"""The queue: items still to be decided, most urgent first, minus those this person has had already."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.entries import entries_of
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.second_review.offering import offered
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import shared_with
from reviewer.casesystem.tables import cases, decisions, items, passed_on, tombstones
from reviewer.model.roles import Permission
from reviewer.model.wire import QUEUE_PAGE, QueuePage

_ORDER = (cases.c.calm, cases.c.no_deadline, cases.c.due_at, cases.c.received_at, items.c.id)
_Key = tuple[int, int, float, float, str]


def routes(service: Service) -> APIRouter:
    router = version_one(service, "queue")
    reviewing = allowed(service, Permission.REVIEW_ITEMS)

    @router.get("/queue", summary="One page of what I may take, most urgent first", **describes(QueuePage))
    def page(
        caller: Caller = Depends(reviewing),
        limit: int = Query(QUEUE_PAGE, ge=1, le=QUEUE_PAGE),
        after: str | None = Query(None, max_length=400, description="`after` of the page before"),
    ) -> Response:
        start = _read_cursor(after) if after is not None else None
        with reading(service.engine) as connection:
            rows = connection.execute(_offered(connection, caller.member.id, start).limit(limit + 1)).all()
            shown = rows[:limit]
            entries = entries_of(connection, [row.id for row in shown], service.now(), caller.member.id)
        following = _cursor(shown[-1]) if len(rows) > limit else None
        return answer(QueuePage(entries=entries, after=following))

    return router


def _offered(connection: sa.Connection, member_id: str, start: _Key | None) -> sa.Select[int, int, float, float, str]:
    """Not offered again: what this person passed on, or decided and a colleague is asked for a second look.

    Nor what is of a case that is not shared with this person, nor to anybody what was destroyed.
    """
    had = (
        sa.exists().where(passed_on.c.item_id == items.c.id, passed_on.c.member_id == member_id),
        sa.exists().where(decisions.c.item_id == items.c.id, decisions.c.member_id == member_id, decisions.c.standing),
        sa.exists().where(tombstones.c.case_id == items.c.case_id),
    )
    asked = (
        sa.select(*_ORDER)
        .select_from(items.join(cases, cases.c.id == items.c.case_id))
        .where(
            offered(connection, member_id),
            items.c.stored,
            shared_with(member_id, items.c.case_id),
            *(~one for one in had),
        )
        .order_by(*_ORDER)
    )
    if start is not None:
        asked = asked.where(sa.tuple_(*_ORDER) > sa.tuple_(*map(sa.literal, start)))
    return asked


def _cursor(key: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(tuple(key))).decode()


def _read_cursor(untrusted_cursor: str) -> _Key:
    try:
        key: _Key = msgspec.json.decode(base64.urlsafe_b64decode(untrusted_cursor), type=_Key)
        return key
    except (msgspec.DecodeError, binascii.Error, ValueError):
        raise Refusal(422, "cursor-unusable", "Begin again with the first page.") from None
