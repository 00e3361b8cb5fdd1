"""Decisions taken in: append-only, one that stands for each person, none refused because a colleague was quicker."""

from __future__ import annotations

from typing import Literal

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, NotYet, RejectedEvent
from reviewer.casesystem.bodies import UNREADABLE
from reviewer.casesystem.checks import is_amount, is_id, is_time
from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.exposure.waiting import graphic_seconds, note_work
from reviewer.casesystem.second_review.calibrating import take_answer
from reviewer.casesystem.second_review.consensus import is_agreed_on
from reviewer.casesystem.second_review.stages import restage, settles
from reviewer.casesystem.shared import may_decide
from reviewer.casesystem.tables import decisions, items, leases, rejected_decisions
from reviewer.model.answers import out_of_range
from reviewer.model.decisions import Action, Change, Decision, ViewingRecord
from reviewer.model.levels import LEVEL_BY_KEY
from reviewer.model.payloads import ConsensusProposed, DecisionRecorded

_DAY_S = 86400.0


def apply_decision(connection: sa.Connection, arrived: Arrived, untrusted: DecisionRecorded) -> None:
    """Record it and open or close its item. A lease that ran out while offline is no reason to lose a decision."""
    decision = untrusted.decision
    _check_decision(arrived, decision)
    _check_viewing(decision, untrusted.viewing_record)
    item = connection.execute(sa.select(items).where(items.c.id == decision.item_id).with_for_update()).one_or_none()
    if item is None or item.case_id != decision.case_id:
        raise RejectedEvent("The case system does not know this item in this case.")
    if not may_decide(connection, decision.actor, item.id, item.case_id):
        raise RejectedEvent("This case is not shared with you.")
    if connection.execute(sa.select(decisions.c.id).where(decisions.c.id == decision.id)).one_or_none() is not None:
        raise RejectedEvent("A decision with this id was recorded before.")
    if take_answer(connection, arrived, untrusted):
        mine = sa.and_(leases.c.item_id == decision.item_id, leases.c.member_id == decision.actor)
        connection.execute(sa.delete(leases).where(mine))
        return
    if decision.change is Change.FIRST:
        _check_first(connection, decision)
        decided = sa.select(sa.exists().where(decisions.c.item_id == item.id))
        first = not connection.execute(decided).scalar_one()
        graphic_s = max(0.0, graphic_seconds(untrusted.viewing_record) - _counted_s(connection, decision))
        note_work(connection, arrived.now, decision.actor, item.body, graphic_s, first=first)
        settling = settles(connection, decision.item_id, decision.actor)
    else:
        settling = _retire(connection, decision)
    connection.execute(
        sa.insert(decisions).values(
            id=decision.id,
            event_id=arrived.event_id,
            item_id=decision.item_id,
            case_id=decision.case_id,
            member_id=decision.actor,
            action=decision.action.value,
            standing=decision.change is not Change.VOID,
            settling=settling,
            body=msgspec.json.encode(decision).decode(),
            viewing_record=msgspec.json.encode(untrusted.viewing_record).decode(),
            recorded_at=arrived.now,
        )
    )
    restage(connection, arrived.asked, decision.item_id, arrived.now)
    _give_back(connection, decision)


def check_proposed(connection: sa.Connection, arrived: Arrived, untrusted: ConsensusProposed) -> None:
    """As a decision is checked; RejectedEvent."""
    _check_decision(arrived, untrusted.decision)
    _check_viewing(untrusted.decision, untrusted.viewing_record)
    of_case = sa.select(items.c.case_id).where(items.c.id == untrusted.decision.item_id)
    if connection.execute(of_case).scalar_one_or_none() != untrusted.decision.case_id:
        raise RejectedEvent("The case system does not know this item in this case.")


class _Named(msgspec.Struct):
    id: str


class _WithDecision(msgspec.Struct):
    decision: _Named


class _OfDecision(msgspec.Struct):
    type: Literal["decision.recorded", "consensus.proposed"]
    payload: _WithDecision


def note_rejected(connection: sa.Connection, member_id: str, untrusted_event: msgspec.Raw) -> None:
    """Remember that this decision was not accepted, as far as the event can be read. It may still come corrected."""
    try:
        decision_id = msgspec.json.decode(untrusted_event, type=_OfDecision).payload.decision.id
    except UNREADABLE:
        return
    if is_id(decision_id):
        insert_or_ignore(connection, rejected_decisions, {"id": decision_id, "member_id": member_id})


def _check_decision(arrived: Arrived, decision: Decision) -> None:
    if decision.actor != arrived.caller.member.id:
        raise RejectedEvent("A decision can only be sent by the person who made it.")
    if not is_id(decision.id) or not is_time(decision.decided_at):
        raise RejectedEvent("The decision's id or time cannot be used.")
    if not 0 <= decision.severity <= 6:
        raise RejectedEvent("The severity is out of range.")
    if (decision.change is Change.FIRST) != (decision.replaces is None):
        raise RejectedEvent("An amendment or a void names the decision it replaces, a first decision none.")
    reasoned = decision.action in (Action.REPORT, Action.ESCALATE) and decision.change is not Change.VOID
    if reasoned and not decision.rationale.strip():
        raise RejectedEvent("Reporting and escalating need a rationale.")
    field = out_of_range(decision)
    if field is not None:
        raise RejectedEvent(f"The decision's {field} are out of range.")


def _check_viewing(decision: Decision, record: ViewingRecord) -> None:
    if record.item_id != decision.item_id or record.viewer != decision.actor:
        raise RejectedEvent("The viewing record is of another item or person.")
    if not is_time(record.opened_at, record.closed_at):
        raise RejectedEvent("The viewing record's times cannot be used.")
    if not record.seconds.keys() <= LEVEL_BY_KEY.keys():
        raise RejectedEvent("The viewing record names a level that does not exist.")
    if not all(is_amount(seconds, _DAY_S) for seconds in (*record.seconds.values(), record.sound_seconds)):
        raise RejectedEvent("The viewing record's seconds are out of range.")


def _check_first(connection: sa.Connection, decision: Decision) -> None:
    """A colleague's decision is no reason to refuse this one: both are kept, and where they differ a third decides."""
    mine = sa.select(decisions.c.id).where(
        decisions.c.item_id == decision.item_id, decisions.c.member_id == decision.actor, decisions.c.standing
    )
    if connection.execute(mine.limit(1)).one_or_none() is not None:
        raise RejectedEvent("You decided this item before: amend that decision.")


def _counted_s(connection: sa.Connection, decision: Decision) -> float:
    """Graphic seconds that first decisions of this person on this item brought: a record has all that went before."""
    asked = sa.select(decisions.c.body, decisions.c.viewing_record).where(
        decisions.c.item_id == decision.item_id, decisions.c.member_id == decision.actor
    )
    records = (
        msgspec.json.decode(row.viewing_record, type=ViewingRecord)
        for row in connection.execute(asked)
        if msgspec.json.decode(row.body, type=Decision).change is Change.FIRST
    )
    return max(map(graphic_seconds, records), default=0.0)


def _retire(connection: sa.Connection, decision: Decision) -> bool:
    """Whether the one it replaces settled the item; this one then does as well."""
    old = connection.execute(sa.select(decisions).where(decisions.c.id == decision.replaces)).one_or_none()
    if old is None:
        theirs = sa.and_(rejected_decisions.c.id == decision.replaces, rejected_decisions.c.member_id == decision.actor)
        if connection.execute(sa.select(rejected_decisions.c.id).where(theirs)).one_or_none() is not None:
            raise RejectedEvent("The decision it replaces was not accepted, so there is nothing to replace.")
        # It is still on its way: this one then waits for it.
        raise NotYet("The decision it replaces has not arrived.")
    if old.item_id != decision.item_id or old.member_id != decision.actor:
        raise RejectedEvent("Only your own decision on the same item can be replaced.")
    if not old.standing:
        raise RejectedEvent("The decision it replaces was replaced before.")
    if decision.change is Change.AMEND and is_agreed_on(connection, old.id):
        raise RejectedEvent("What two agreed on is not amended by one: void it, and propose another.")
    connection.execute(sa.update(decisions).where(decisions.c.id == old.id).values(standing=False))
    return bool(old.settling)


def _give_back(connection: sa.Connection, decision: Decision) -> None:
    """The maker's lease has done its work. A colleague who has the item keeps it while there is something to decide."""
    is_open = connection.execute(sa.select(items.c.open).where(items.c.id == decision.item_id)).scalar_one()
    held = leases.c.item_id == decision.item_id
    if is_open:
        held = sa.and_(held, leases.c.member_id == decision.actor)
    connection.execute(sa.delete(leases).where(held))
