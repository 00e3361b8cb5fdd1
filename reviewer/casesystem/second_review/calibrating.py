"""Calibration items: offered like any other, their answers kept apart from decisions, compared for the person alone.

Whether a decision is an answer to a calibration item was settled when the item was leased for one: a decision that
somebody made for real, and that arrives after the item was marked, stays what it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.second_review.parts import Part, parts_of
from reviewer.casesystem.second_review.tables import calibrations, golden_items, review_parts
from reviewer.casesystem.shared import shared_with
from reviewer.casesystem.tables import decisions, items, passed_on, tombstones
from reviewer.model.decisions import Change, Decision
from reviewer.model.payloads import DecisionRecorded


def next_golden(connection: sa.Connection, member_id: str) -> str | None:
    """The item this person is offered next as a calibration. One at a time: each has to be looked at by somebody."""
    found: str | None = connection.execute(_waiting_for(member_id).limit(1)).scalar_one_or_none()
    return found


def calibrates(connection: sa.Connection, item_id: str, member_id: str) -> bool:
    """To this person it is a calibration item now."""
    return connection.execute(_waiting_for(member_id).where(items.c.id == item_id)).one_or_none() is not None


def hides_notes_of(connection: sa.Connection, item_ids: Sequence[str], member_id: str) -> Sequence[str]:
    """Those of the items whose notes would tell this person what is right before they answered."""
    return connection.execute(_unanswered(member_id).where(items.c.id.in_(item_ids))).scalars().all()


def unanswered(member_id: str) -> sa.Select[str]:
    """Ids of the marked items this person may still be asked to answer, as a subquery of its own."""
    return _unanswered(member_id).correlate(None)


def take_answer(connection: sa.Connection, arrived: Arrived, payload: DecisionRecorded) -> bool:
    """Keep it as an answer if it is one; False: it is a decision. RejectedEvent as for decisions."""
    decision = payload.decision
    if decision.change is Change.FIRST:
        if Part.CALIBRATION not in parts_of(connection, decision.item_id, decision.actor):
            return False
        before = _standing_answer(decision).limit(1)
        if connection.execute(before).one_or_none() is not None:
            raise RejectedEvent("You decided this item before: amend that decision.")
    elif not _retire(connection, decision):
        return False
    if connection.execute(sa.select(calibrations.c.id).where(calibrations.c.id == decision.id)).one_or_none():
        raise RejectedEvent("A decision with this id was recorded before.")
    connection.execute(
        sa.insert(calibrations).values(
            id=decision.id,
            event_id=arrived.event_id,
            item_id=decision.item_id,
            member_id=decision.actor,
            standing=decision.change is not Change.VOID,
            body=msgspec.json.encode(decision).decode(),
            viewing_record=msgspec.json.encode(payload.viewing_record).decode(),
            recorded_at=arrived.now,
        )
    )
    return True


def _retire(connection: sa.Connection, decision: Decision) -> bool:
    old = connection.execute(sa.select(calibrations).where(calibrations.c.id == decision.replaces)).one_or_none()
    if old is None:
        return False
    if old.item_id != decision.item_id or old.member_id != decision.actor:
        raise RejectedEvent("Only your own decision on the same item can be replaced.")
    if not old.standing:
        raise RejectedEvent("The decision it replaces was replaced before.")
    connection.execute(sa.update(calibrations).where(calibrations.c.id == old.id).values(standing=False))
    return True


def _standing_answer(decision: Decision) -> sa.Select[str]:
    return sa.select(calibrations.c.id).where(
        calibrations.c.item_id == decision.item_id,
        calibrations.c.member_id == decision.actor,
        calibrations.c.standing,
    )


def _unanswered(member_id: str) -> sa.Select[str]:
    """Marked items this person has neither decided for real nor answered nor seen the readings of."""
    decided = sa.exists().where(decisions.c.item_id == items.c.id, decisions.c.member_id == member_id)
    answered = sa.exists().where(
        calibrations.c.item_id == items.c.id, calibrations.c.member_id == member_id, calibrations.c.standing
    )
    seen = sa.exists().where(
        review_parts.c.item_id == items.c.id,
        review_parts.c.member_id == member_id,
        review_parts.c.part == Part.SEEN.value,
    )
    return (
        sa.select(items.c.id)
        .select_from(items.join(golden_items, golden_items.c.item_id == items.c.id))
        .where(golden_items.c.withdrawn_at.is_(None), ~items.c.open, ~decided, ~answered, ~seen)
        .order_by(golden_items.c.marked_at, items.c.id)
    )


def _waiting_for(member_id: str) -> sa.Select[str]:
    passed = sa.exists().where(passed_on.c.item_id == items.c.id, passed_on.c.member_id == member_id)
    destroyed = sa.exists().where(tombstones.c.case_id == items.c.case_id)
    return _unanswered(member_id).where(items.c.stored, ~passed, ~destroyed, shared_with(member_id, items.c.case_id))
