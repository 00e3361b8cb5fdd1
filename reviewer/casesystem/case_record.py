"""The whole record of a case, for those who make a package of it: items, decisions with viewing records, anchors.

Decisions of an item are left out while somebody may have to be blind to them: while it is open again or its readings
are under way or differ, from everybody; and from a person who may still be asked to answer it as a calibration. It
looks the same to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import living_case
from reviewer.casesystem.database import writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.known.shown import matches_of
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.second_review.calibrating import hides_notes_of
from reviewer.casesystem.second_review.tables import review_stages
from reviewer.casesystem.seeing import seen_among
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_keyless
from reviewer.casesystem.tables import checkpoints, decisions, items, log_keys, looks, members
from reviewer.model.cases import Case, Item
from reviewer.model.decisions import Decision, ViewingRecord
from reviewer.model.handoff import MAX_ANCHORS, RECORD_PAGE, Anchor, CaseRecord, RecordedDecision, RecordedItem
from reviewer.model.ids import uuid7
from reviewer.model.readings import Stage
from reviewer.model.roles import Member, Permission, may
from reviewer.model.supervision import RECORD_LOOK

# A page ends before its decisions are larger, but for the first item's.
MAX_PAGE_BYTES = 4 * 1024 * 1024

_UNDER_WAY = (Stage.SECOND.value, Stage.THIRD.value, Stage.CONSENSUS.value)
_NUMBER = sa.func.coalesce(items.c.exhibit, "")


def routes(service: Service) -> APIRouter:
    router = version_one(service, "handing off")
    building = allowed(service, Permission.BUILD_HANDOFFS)

    @router.get(
        "/cases/{case_id}/record",
        summary="A page of all that is recorded of a case shared with me, by exhibit; no decision somebody is blind to",
        **describes(CaseRecord, refusals=(403, 404, 410)),
    )
    def record(
        case_id: str,
        caller: Caller = Depends(building),
        after: str = Query("", max_length=64, description="`after` of the page before"),
    ) -> Response:
        # Written down in the same transaction: people are told who read when and how they decided.
        with writing(service.engine) as connection:
            refuse_keyless(connection, caller.member, case_id)
            case = msgspec.json.decode(living_case(connection, case_id).body, type=Case)
            page = _page(connection, caller.member, case, after)
            note_looks(connection, caller.member.id, _people(page), service.now())
        return answer(page)

    return router


def _page(connection: sa.Connection, member: Member, case: Case, after: str) -> CaseRecord:
    asked = (
        sa.select(items.c.id, items.c.body, items.c.open, review_stages.c.stage)
        .select_from(items.outerjoin(review_stages, review_stages.c.item_id == items.c.id))
        .where(items.c.case_id == case.id)
        .order_by(_NUMBER, items.c.id)
        .limit(RECORD_PAGE + 1)
    )
    if after:
        last = connection.execute(
            sa.select(_NUMBER.label("number")).where(items.c.id == after, items.c.case_id == case.id)
        ).one_or_none()
        if last is None:
            raise Refusal(404, "no-such-item", "There is no such item in this case.")
        later = sa.and_(last.number == _NUMBER, items.c.id > after)
        asked = asked.where(sa.or_(last.number < _NUMBER, later))
    rows = connection.execute(asked).all()
    made = _made(connection, [row.id for row in rows[:RECORD_PAGE]])
    shown = rows[: _fitting(rows[:RECORD_PAGE], made)]
    ids = [row.id for row in shown]
    blind = frozenset() if may(member.role, Permission.SEE_DECISIONS) else _blind_to(connection, ids, member)
    matches, seen = matches_of(connection, ids), seen_among(connection, ids)
    return CaseRecord(
        case=case,
        items=tuple(
            _recorded(row, made[row.id], row.id in blind, row.id in seen, matches.get(row.id, ())) for row in shown
        ),
        anchors=_anchors(connection) if not after else (),
        after=ids[-1] if len(shown) < len(rows) else None,
    )


def _people(page: CaseRecord) -> set[str]:
    return {made.decision.actor for item in page.items for made in item.decisions}


def note_looks(connection: sa.Connection, viewer_id: str, people: set[str], now: float) -> None:
    """Once a day for each person whose decisions, or custody entries, are shown to another one."""
    today = now // 86400.0 * 86400.0
    told = sa.select(looks.c.subject_id).where(
        looks.c.viewer_id == viewer_id, looks.c.purpose == RECORD_LOOK, looks.c.at >= today
    )
    for subject_id in sorted(people - {viewer_id} - set(connection.execute(told).scalars())):
        row = {"id": uuid7(), "viewer_id": viewer_id, "subject_id": subject_id}
        connection.execute(sa.insert(looks).values(**row, at=now, purpose=RECORD_LOOK))


def _recorded(row: Any, made: Sequence[Any], blind: bool, seen: bool, matches: tuple[Any, ...]) -> RecordedItem:
    unsettled = blind or row.stage in _UNDER_WAY or (row.open and bool(made))
    return RecordedItem(
        item=msgspec.json.decode(row.body, type=Item),
        decisions=() if unsettled else tuple(_decision(one, _in_force(one, made)) for one in made),
        unsettled=unsettled,
        seen=seen,
        matches=matches,
    )


def _in_force(row: Any, made: Sequence[Any]) -> bool:
    """As `stages.in_force`, which the database works out slowly for so many: it stands, and nothing settled instead."""
    settled = any(one.standing and one.settling for one in made if one is not row)
    return bool(row.standing and (row.settling or not settled))


def _decision(row: Any, standing: bool) -> RecordedDecision:
    return RecordedDecision(
        decision=msgspec.json.decode(row.body, type=Decision),
        viewing_record=msgspec.json.decode(row.viewing_record, type=ViewingRecord),
        author=row.name,
        standing=standing,
        recorded_at=utc(row.recorded_at),
    )


def _made(connection: sa.Connection, item_ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """Every decision on each item, oldest first, those amended and voided too."""
    asked = (
        sa.select(
            decisions.c.item_id,
            decisions.c.body,
            decisions.c.viewing_record,
            decisions.c.recorded_at,
            decisions.c.standing,
            decisions.c.settling,
            members.c.name,
        )
        .join(members, members.c.id == decisions.c.member_id)
        .where(decisions.c.item_id.in_(item_ids))
        .order_by(decisions.c.recorded_at, decisions.c.id)
    )
    made: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(asked):
        made[row.item_id].append(row)
    return made


def _fitting(rows: Sequence[Any], made: Mapping[str, list[Any]]) -> int:
    """How many of the items a page has room for: at least one."""
    size = 0
    for number, row in enumerate(rows):
        size += len(row.body) + sum(len(one.body) + len(one.viewing_record) for one in made[row.id])
        if size > MAX_PAGE_BYTES and number > 0:
            return number
    return len(rows)


def _blind_to(connection: sa.Connection, item_ids: Sequence[str], member: Member) -> frozenset[str]:
    return frozenset(hides_notes_of(connection, item_ids, member.id))


def _anchors(connection: sa.Connection) -> tuple[Anchor, ...]:
    """The newest checkpoint of every log whose key is known; nobody could check the others."""
    newest = sa.select(checkpoints.c.origin, sa.func.max(checkpoints.c.size).label("size"))
    largest = newest.group_by(checkpoints.c.origin).subquery()
    asked = (
        sa.select(checkpoints.c.origin, checkpoints.c.note, checkpoints.c.at, log_keys.c.verifier)
        .join(largest, sa.and_(largest.c.origin == checkpoints.c.origin, largest.c.size == checkpoints.c.size))
        .join(log_keys, log_keys.c.origin == checkpoints.c.origin)
        .order_by(checkpoints.c.at.desc(), checkpoints.c.origin)
        .limit(MAX_ANCHORS)
    )
    rows = connection.execute(asked).all()
    return tuple(
        Anchor(origin=row.origin, note=row.note, verifier=row.verifier, at=utc(row.at))
        for row in sorted(rows, key=lambda row: row.origin)
    )
