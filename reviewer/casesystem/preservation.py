"""How long cases are preserved, per jurisdiction: extended by whoever records a later end, never cut.

No case is destroyed while one of its preservations runs. Days are UTC, by the service's clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import living_case
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.handoff_checks import check_preservation
from reviewer.casesystem.handoff_tables import preservations
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_unreached
from reviewer.casesystem.tables import cases, tombstones
from reviewer.model.cases import Case
from reviewer.model.handoff import MAX_PRESERVATIONS, NewPreservation, Preservation, PreservationList
from reviewer.model.handoff_terms import MAX_JURISDICTION
from reviewer.model.preservation import due, over
from reviewer.model.roles import Permission, may


def routes(service: Service) -> APIRouter:
    router = version_one(service, "handing off")
    preserving = allowed(service, Permission.BUILD_HANDOFFS, Permission.SEE_PRESERVATION)
    seeing = allowed(service, Permission.SEE_PRESERVATION)

    @router.put(
        "/cases/{case_id}/preservation",
        summary="Preserve a case for a jurisdiction until a day, or until a later one. Sending the same again is fine",
        **describes(Preservation, request=NewPreservation, refusals=(403, 404, 409, 410, 422)),
    )
    def preserve(
        case_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(preserving)
    ) -> Response:
        new = decoded(body, NewPreservation)
        check_preservation(new, service.now())
        with writing(service.engine) as connection:
            if not may(caller.member.role, Permission.SEE_PRESERVATION):
                refuse_unreached(connection, caller.member, case_id)
            living_case(connection, case_id, for_update=True)
            _take(connection, case_id, new, caller.member.id, service.now())
            stands = _standing(connection, preservations.c.case_id == case_id, today_of(service.now()))
        return answer(next(one for one in stands if _folded(one) == _folded(new)))

    @router.get(
        "/preservations",
        summary="What is preserved and until when, soonest first; the newest of a jurisdiction",
        **describes(PreservationList, refusals=(403,)),
    )
    def listed(caller: Caller = Depends(seeing)) -> Response:
        with reading(service.engine) as connection:
            found = _standing(connection, sa.true(), today_of(service.now()))
        # Of too many, those that still have to be minded.
        minded = sorted(found, key=lambda one: (one.destroyed, one.ends_on))[:MAX_PRESERVATIONS]
        return answer(PreservationList(preservations=tuple(sorted(minded, key=_soonest))))

    return router


def today_of(now: float) -> date:
    return datetime.fromtimestamp(now, UTC).date()


def refuse_preserved(connection: sa.Connection, case_id: str, now: float) -> None:
    """preservation-runs, with the day: the case is preserved to the end of it."""
    ends_on: str | None = connection.execute(
        sa.select(sa.func.max(preservations.c.ends_on)).where(preservations.c.case_id == case_id)
    ).scalar_one()
    if ends_on is not None and ends_on >= today_of(now).isoformat():
        raise Refusal(409, "preservation-runs", f"This case is preserved until {ends_on}.")


def _folded(new: NewPreservation | Preservation) -> str:
    return new.jurisdiction.strip().casefold()[:MAX_JURISDICTION]


def _take(connection: sa.Connection, case_id: str, new: NewPreservation, member_id: str, now: float) -> None:
    of_this = preservations.c.case_id == case_id, preservations.c.jurisdiction == _folded(new)
    before = connection.execute(sa.select(preservations.c.body).where(*of_this)).scalars()
    kept = [msgspec.json.decode(body, type=NewPreservation) for body in before]
    if new in kept:
        return
    if not new.unread and any(one.unread for one in kept):
        _read_now(connection, case_id, _folded(new))
        if any(new.ends_on <= one.ends_on for one in kept):
            return  # what stands ends as late or later
    if any(new.ends_on <= one.ends_on for one in kept):
        raise Refusal(409, "preservation-shorter", "This case is preserved as long or longer; that is never cut.")
    row = {"case_id": case_id, "jurisdiction": _folded(new), "ends_on": new.ends_on, "member_id": member_id, "at": now}
    connection.execute(sa.insert(preservations).values(**row, body=msgspec.json.encode(new).decode()))


def _read_now(connection: sa.Connection, case_id: str, jurisdiction: str) -> None:
    """Somebody who can read the case recorded of it: it is known by now that this is its jurisdiction."""
    of_this = sa.and_(preservations.c.case_id == case_id, preservations.c.jurisdiction == jurisdiction)
    for row in connection.execute(sa.select(preservations).where(of_this)).all():
        body = msgspec.structs.replace(msgspec.json.decode(row.body, type=NewPreservation), unread=False)
        one = sa.and_(of_this, preservations.c.ends_on == row.ends_on)
        connection.execute(sa.update(preservations).where(one).values(body=msgspec.json.encode(body).decode()))


def _standing(connection: sa.Connection, which: sa.ColumnElement[bool], today: date) -> tuple[Preservation, ...]:
    """Of each case and jurisdiction the one that ends last, from the day the first one started."""
    destroyed = sa.exists().where(tombstones.c.case_id == preservations.c.case_id)
    asked = (
        sa.select(preservations, cases.c.body.label("case_body"), destroyed.label("destroyed"))
        .join(cases, cases.c.id == preservations.c.case_id)
        .where(which)
        .order_by(preservations.c.ends_on)
    )
    kept: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in connection.execute(asked):
        kept[row.case_id, row.jurisdiction].append(row)
    found = {key: _stands(rows, today) for key, rows in kept.items()}
    read = {case_id for (case_id, _), one in found.items() if not one.unread}
    return tuple(msgspec.structs.replace(one, unread=one.case_id not in read) for one in found.values())


def _stands(rows: Sequence[Any], today: date) -> Preservation:
    """Of the preservations of one case and jurisdiction, by their ends. Unread where nobody who recorded one could
    read the case."""
    extended = [msgspec.json.decode(row.body, type=NewPreservation) for row in rows]
    newest = extended[-1]
    ends_on = date.fromisoformat(newest.ends_on)
    return Preservation(
        case_id=rows[-1].case_id,
        case_number=msgspec.json.decode(rows[-1].case_body, type=Case).number,
        jurisdiction=newest.jurisdiction,
        basis=newest.basis,
        starts_on=min(one.starts_on for one in extended),
        ends_on=newest.ends_on,
        remind_days=newest.remind_days,
        due=due(ends_on, newest.remind_days, today),
        over=over(ends_on, today),
        destroyed=bool(rows[-1].destroyed),
        unread=all(one.unread for one in extended),
    )


def _soonest(one: Preservation) -> tuple[Any, ...]:
    return one.ends_on, one.case_number, one.jurisdiction, one.case_id
