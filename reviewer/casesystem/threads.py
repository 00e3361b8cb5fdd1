"""The thread of a case: words between those the case is shared with, and nobody else. Text only."""

from __future__ import annotations

from datetime import UTC

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, signed_in, version_one
from reviewer.casesystem.cases import living_case
from reviewer.casesystem.checks import is_id, is_time
from reviewer.casesystem.database import reading
from reviewer.casesystem.entries import case_numbers, utc
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import shared_with
from reviewer.casesystem.tables import case_messages, cases, members, tombstones
from reviewer.model.payloads import MessageWritten
from reviewer.model.related import (
    MAX_MESSAGE,
    THREAD_PAGE,
    ThreadHead,
    ThreadHeads,
    ThreadMessage,
    ThreadPage,
    usable_words,
)


def apply_message(connection: sa.Connection, arrived: Arrived, untrusted: MessageWritten) -> None:
    """Append it to the thread. Its number is given while the case's row is held, so none is ever seen out of order."""
    member_id = arrived.caller.member.id
    if not usable_words(untrusted.text, MAX_MESSAGE):
        raise RejectedEvent(f"A message has 1 to {MAX_MESSAGE} characters of plain text.")
    if not is_time(untrusted.written_at):
        raise RejectedEvent("The message's time cannot be used.")
    case_id = untrusted.case_id
    if not is_id(case_id) or not connection.execute(sa.select(shared_with(member_id, case_id))).scalar_one():
        # Whether there is such a case is not told to those it is not shared with.
        raise RejectedEvent("This case is not shared with you.")
    connection.execute(sa.select(cases.c.id).where(cases.c.id == case_id).with_for_update())
    if connection.execute(sa.select(tombstones.c.number).where(tombstones.c.case_id == case_id)).first() is not None:
        raise RejectedEvent("The keys of this case were destroyed.")
    last = sa.select(sa.func.coalesce(sa.func.max(case_messages.c.number), 0))
    number = connection.execute(last.where(case_messages.c.case_id == case_id)).scalar_one() + 1
    row = {"case_id": case_id, "number": number, "event_id": arrived.event_id, "member_id": member_id}
    written_at = min(untrusted.written_at.astimezone(UTC).timestamp(), arrived.now)
    connection.execute(
        sa.insert(case_messages).values(**row, text=untrusted.text, written_at=written_at, at=arrived.now)
    )


def routes(service: Service) -> APIRouter:
    router = version_one(service, "threads")
    anyone = signed_in(service)

    @router.get(
        "/cases/{case_id}/messages",
        summary="One page of the case's thread, oldest first; for those the case is shared with",
        **describes(ThreadPage, refusals=(404, 410)),
    )
    def thread(case_id: str, caller: Caller = Depends(anyone), after: int = Query(0, ge=0, lt=1 << 62)) -> Response:
        of_case = (case_messages.c.case_id == case_id, case_messages.c.number > after)
        asked = sa.select(case_messages, members.c.name).join(members, members.c.id == case_messages.c.member_id)
        with reading(service.engine) as connection:
            # Roles give no way in: what colleagues say to each other is for those who hold the case's key.
            if not connection.execute(sa.select(shared_with(caller.member.id, case_id))).scalar_one():
                raise Refusal(404, "no-key-for-you", "This case is not shared with you.")
            living_case(connection, case_id)
            rows = connection.execute(
                asked.where(*of_case).order_by(case_messages.c.number).limit(THREAD_PAGE + 1)
            ).all()
        shown = tuple(
            ThreadMessage(
                id=row.event_id,
                number=row.number,
                author=row.name,
                mine=row.member_id == caller.member.id,
                written_at=utc(row.written_at),
                text=row.text,
            )
            for row in rows[:THREAD_PAGE]
        )
        return answer(ThreadPage(messages=shown, more=len(rows) > THREAD_PAGE))

    @router.get(
        "/threads",
        summary="One page of the threads of cases shared with me, by case id, with the number of the last message",
        **describes(ThreadHeads),
    )
    def heads(caller: Caller = Depends(anyone), after: str = Query("", max_length=64)) -> Response:
        asked = (
            sa.select(case_messages.c.case_id, sa.func.max(case_messages.c.number).label("last"))
            .where(
                case_messages.c.case_id > after,
                shared_with(caller.member.id, case_messages.c.case_id),
                ~sa.exists().where(tombstones.c.case_id == case_messages.c.case_id),
            )
            .group_by(case_messages.c.case_id)
            .order_by(case_messages.c.case_id)
            .limit(THREAD_PAGE + 1)
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
            numbers = case_numbers(connection, [row.case_id for row in rows])
        shown = tuple(
            ThreadHead(case_id=row.case_id, case_number=numbers[row.case_id], last=row.last)
            for row in rows[:THREAD_PAGE]
        )
        return answer(ThreadHeads(heads=shown, after=shown[-1].case_id if len(rows) > THREAD_PAGE else None))

    return router
