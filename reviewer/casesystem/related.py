"""What stands around a case, for one person: timeline, items, earlier decisions on the same account, outcomes.

Blind where it must be: a reviewer is told of a colleague's decision only once the item is closed. Until then they may
still be asked to decide it themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import living_case
from reviewer.casesystem.database import reading
from reviewer.casesystem.entries import case_numbers, utc
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.outcomes import outcomes_of
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.second_review.calibrating import unanswered
from reviewer.casesystem.second_review.stages import in_force
from reviewer.casesystem.second_review.tables import review_stages
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import shared_with
from reviewer.casesystem.tables import case_messages, cases, decisions, held_items, items, members, outcomes, tombstones
from reviewer.model.cases import Case, Item
from reviewer.model.decisions import Decision
from reviewer.model.readings import Stage
from reviewer.model.related import (
    MAX_EARLIER,
    MAX_EVENTS,
    MAX_ITEM_LINES,
    CaseEvent,
    CaseEventKind,
    CaseRelated,
    EarlierDecision,
    ItemLine,
    ItemState,
)
from reviewer.model.roles import Member, Permission, may

_KINDS = tuple(CaseEventKind)


def routes(service: Service) -> APIRouter:
    router = version_one(service, "related")
    looking = allowed(service, Permission.REVIEW_ITEMS, Permission.SEE_DECISIONS)

    @router.get(
        "/cases/{case_id}/related",
        summary="What stands around a case shared with me; no colleague's decision on an item that is still open",
        **describes(CaseRelated, refusals=(403, 404, 410)),
    )
    def around(case_id: str, caller: Caller = Depends(looking)) -> Response:
        member = caller.member
        with reading(service.engine) as connection:
            if not connection.execute(sa.select(_reached(member, case_id))).scalar_one():
                raise Refusal(404, "no-key-for-you", "This case is not shared with you.")
            case = msgspec.json.decode(living_case(connection, case_id).body, type=Case)
            return answer(_around(connection, member, case))

    return router


def _reached(member: Member, case_id: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Supervisors see decisions of every case, everybody else of those whose key they hold."""
    return sa.true() if may(member.role, Permission.SEE_DECISIONS) else shared_with(member.id, case_id)


def undecided(member: Member) -> sa.ColumnElement[bool]:
    """Items that are open, or that this person may be asked to decide as a calibration: they look the same."""
    if may(member.role, Permission.SEE_DECISIONS):
        return items.c.open
    agreeing = sa.exists().where(review_stages.c.item_id == items.c.id, review_stages.c.stage == Stage.CONSENSUS.value)
    return sa.or_(items.c.open, agreeing, items.c.id.in_(unanswered(member.id)))


def _held() -> sa.ColumnElement[bool]:
    return sa.exists().where(held_items.c.item_id == items.c.id)


def _state(is_open: bool, held: bool) -> ItemState:
    if not is_open:
        return ItemState.DECIDED
    return ItemState.HELD if held else ItemState.WAITING


def told(member: Member) -> sa.ColumnElement[bool]:
    """Which decisions this person may be told of, `decisions` joined with `items`: none that a third overruled."""
    if may(member.role, Permission.SEE_DECISIONS):
        return in_force()
    return sa.and_(in_force(), sa.or_(~undecided(member), decisions.c.member_id == member.id))


def _around(connection: sa.Connection, member: Member, case: Case) -> CaseRelated:
    others = _same_account(connection, member, case.id)
    shown = sa.select(undecided(member).label("open"), _held().label("held"))
    of_case = shown.where(items.c.case_id == case.id).subquery()
    grouped = sa.select(of_case.c.open, of_case.c.held, sa.func.count()).group_by(of_case.c.open, of_case.c.held)
    states: dict[ItemState, int] = defaultdict(int)
    for is_open, held, count in connection.execute(grouped):
        states[_state(is_open, held)] += count
    return CaseRelated(
        case_id=case.id,
        case_number=case.number,
        account=case.referral.account,
        waiting=states[ItemState.WAITING],
        held=states[ItemState.HELD],
        decided=states[ItemState.DECIDED],
        timeline=_timeline(connection, member, case),
        items=tuple(_item_lines(connection, member, case.id)),
        earlier=tuple(_earlier(connection, member, others)),
        other_cases=len(others),
        outcomes=outcomes_of(connection, outcomes.c.case_id.in_([case.id, *others])),
    )


def _same_account(connection: sa.Connection, member: Member, case_id: str) -> list[str]:
    """Ids of the other cases on the same account that this person reaches; those whose keys are gone are not there."""
    this = cases.alias("this")
    asked = (
        sa.select(cases.c.id)
        .join(this, sa.and_(this.c.account == cases.c.account, this.c.id == case_id))
        .where(
            cases.c.id != case_id,
            _reached(member, cases.c.id),
            ~sa.exists().where(tombstones.c.case_id == cases.c.id),
        )
        .order_by(cases.c.received_at.desc(), cases.c.id)
        .limit(MAX_EARLIER)
    )
    return list(connection.execute(asked).scalars())


def _timeline(connection: sa.Connection, member: Member, case: Case) -> tuple[CaseEvent, ...]:
    """By day, oldest first; the newest `MAX_EVENTS` lines, and always the arrival."""
    found: dict[tuple[str, CaseEventKind], tuple[int, set[str]]] = defaultdict(lambda: (0, set()))
    for at, kind, who in _happened(connection, member, case.id):
        key = (utc(at).date().isoformat(), kind)
        count, people = found[key]
        found[key] = (count + 1, people | ({who} if who else set()))
    lines = [
        CaseEvent(day=day, kind=kind, count=count, who=tuple(sorted(people)))
        for (day, kind), (count, people) in sorted(found.items(), key=lambda one: (one[0][0], _KINDS.index(one[0][1])))
    ]
    arrived = CaseEvent(day=utc(case.referral.received_at.timestamp()).date().isoformat(), kind=CaseEventKind.ARRIVED)
    return (arrived, *lines[-MAX_EVENTS:])


def _happened(connection: sa.Connection, member: Member, case_id: str) -> Iterator[tuple[float, CaseEventKind, str]]:
    """Each as (when, what, whose pseudonym)."""
    taken_in = sa.select(items.c.registered_at, members.c.name).join(members, members.c.id == items.c.registered_by)
    decided = (
        sa.select(decisions.c.recorded_at, members.c.name)
        .join(members, members.c.id == decisions.c.member_id)
        .join(items, items.c.id == decisions.c.item_id)
        .where(told(member))
    )
    said = (
        sa.select(case_messages.c.at, members.c.name)
        .join(members, members.c.id == case_messages.c.member_id)
        .where(shared_with(member.id, case_messages.c.case_id))
    )
    heard = sa.select(outcomes.c.at, members.c.name).join(members, members.c.id == outcomes.c.member_id)
    # By whom an item was set aside is not kept.
    set_aside = sa.select(held_items.c.at, sa.literal("")).join(items, items.c.id == held_items.c.item_id)
    for kind, asked, of in (
        (CaseEventKind.TAKEN_IN, taken_in, items.c.case_id),
        (CaseEventKind.DECIDED, decided, decisions.c.case_id),
        (CaseEventKind.HELD, set_aside, items.c.case_id),
        (CaseEventKind.MESSAGES, said, case_messages.c.case_id),
        (CaseEventKind.OUTCOME, heard, outcomes.c.case_id),
    ):
        for at, who in connection.execute(asked.where(of == case_id)):
            yield at, kind, who


def _item_lines(connection: sa.Connection, member: Member, case_id: str) -> Iterator[ItemLine]:
    asked = sa.select(items.c.id, items.c.body, undecided(member).label("open"), _held().label("held"))
    asked = asked.where(items.c.case_id == case_id)
    rows = connection.execute(asked.order_by(items.c.exhibit, items.c.id).limit(MAX_ITEM_LINES)).all()
    closed = [row.id for row in rows if not row.open]
    # Where several stand, the newest one settled it.
    newest_first = list(_decided(connection, member, decisions.c.item_id.in_(closed)))
    made = {decision.item_id: decision for _, decision in reversed(newest_first)}
    for row in rows:
        item = msgspec.json.decode(row.body, type=Item)
        decision = made.get(item.id)
        yield ItemLine(
            item_id=item.id,
            exhibit=item.exhibit,
            harm_type=item.harm_type,
            facts=item.facts,
            state=_state(row.open, row.held),
            category=decision.category if decision is not None else "",
            action=decision.action if decision is not None else None,
        )


def _earlier(connection: sa.Connection, member: Member, case_ids: list[str]) -> Iterator[EarlierDecision]:
    """Newest first."""
    numbers = case_numbers(connection, case_ids)
    newest = list(_decided(connection, member, decisions.c.case_id.in_(case_ids), most=MAX_EARLIER))
    bodies = sa.select(items.c.id, items.c.body).where(items.c.id.in_([decision.item_id for _, decision in newest]))
    exhibits = {row.id: msgspec.json.decode(row.body, type=Item).exhibit for row in connection.execute(bodies)}
    for at, decision in newest:
        yield EarlierDecision(
            item_id=decision.item_id,
            case_id=decision.case_id,
            case_number=numbers[decision.case_id],
            exhibit=exhibits[decision.item_id],
            category=decision.category,
            severity=decision.severity,
            action=decision.action,
            day=utc(at).date().isoformat(),
        )


def _decided(
    connection: sa.Connection, member: Member, which: sa.ColumnElement[bool], most: int | None = None
) -> Iterator[tuple[float, Decision]]:
    """Newest first."""
    asked = (
        sa.select(decisions.c.recorded_at, decisions.c.body)
        .join(items, items.c.id == decisions.c.item_id)
        .where(which, told(member))
        .order_by(decisions.c.recorded_at.desc(), decisions.c.id.desc())
        .limit(most)
    )
    for row in connection.execute(asked):
        yield row.recorded_at, msgspec.json.decode(row.body, type=Decision)
