"""Consensus: one of the two proposes a decision, the other accepts it, and it stands for both. Both are events."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.second_review.stages import blind_readings, restage, stage_now, standing_decisions
from reviewer.casesystem.second_review.tables import consensus_proposals
from reviewer.casesystem.tables import decisions, items
from reviewer.model.decisions import Action, Change
from reviewer.model.payloads import ConsensusAccepted, ConsensusProposed
from reviewer.model.readings import Stage


def apply_proposed(connection: sa.Connection, arrived: Arrived, checked: ConsensusProposed) -> None:
    """`checked` as a decision is. It changes nothing until the other one accepts it."""
    decision = checked.decision
    if decision.change is not Change.FIRST or decision.action is Action.SECOND_LOOK:
        raise RejectedEvent("What is proposed is a whole decision of its own.")
    _expect_reader(connection, decision.item_id, decision.actor)
    known = sa.select(consensus_proposals.c.id).where(consensus_proposals.c.id == decision.id)
    decided = sa.select(decisions.c.id).where(decisions.c.id == decision.id)
    if any(connection.execute(one).one_or_none() is not None for one in (known, decided)):
        raise RejectedEvent("A decision with this id was recorded before.")
    connection.execute(
        sa.insert(consensus_proposals).values(
            id=decision.id,
            event_id=arrived.event_id,
            item_id=decision.item_id,
            member_id=decision.actor,
            body=msgspec.json.encode(decision).decode(),
            viewing_record=msgspec.json.encode(checked.viewing_record).decode(),
            at=arrived.now,
        )
    )


def apply_accepted(connection: sa.Connection, arrived: Arrived, untrusted: ConsensusAccepted) -> None:
    """The proposal becomes the decision that settles the item. Its maker is who proposed it; both readings stay."""
    member_id = arrived.caller.member.id
    _expect_reader(connection, untrusted.item_id, member_id)
    proposal = current_proposal(connection, untrusted.item_id)
    if proposal is None or proposal.id != untrusted.proposal_id:
        raise RejectedEvent("This proposal is no longer the one to be accepted.")
    if proposal.member_id == member_id:
        raise RejectedEvent("A proposal is accepted by the other person.")
    decision = msgspec.json.decode(proposal.body)
    connection.execute(
        sa.insert(decisions).values(
            id=proposal.id,
            event_id=arrived.event_id,
            item_id=proposal.item_id,
            case_id=decision["case_id"],
            member_id=proposal.member_id,
            action=decision["action"],
            standing=True,
            settling=True,
            body=proposal.body,
            viewing_record=proposal.viewing_record,
            recorded_at=arrived.now,
        )
    )
    restage(connection, arrived.asked, proposal.item_id, arrived.now)


def is_agreed_on(connection: sa.Connection, decision_id: str) -> bool:
    """The decision came about by consensus: one of the two does not change its words alone."""
    asked = sa.select(consensus_proposals.c.id).where(consensus_proposals.c.id == decision_id)
    return connection.execute(asked).one_or_none() is not None


def current_proposal(connection: sa.Connection, item_id: str) -> sa.Row[str, str, str, str, str, str, float] | None:
    """The newest made since the last decision on the item was recorded: what it was to reconcile has not changed."""
    last = sa.select(sa.func.max(decisions.c.recorded_at)).where(decisions.c.item_id == item_id).scalar_subquery()
    asked = (
        sa.select(consensus_proposals)
        .where(consensus_proposals.c.item_id == item_id, consensus_proposals.c.at >= last)
        .order_by(consensus_proposals.c.at.desc(), consensus_proposals.c.id.desc())
        .limit(1)
    )
    return connection.execute(asked).one_or_none()


def _expect_reader(connection: sa.Connection, item_id: str, member_id: str) -> None:
    if connection.execute(sa.select(items.c.id).where(items.c.id == item_id)).one_or_none() is None:
        raise RejectedEvent("The case system does not know this item.")
    readers = {reading.actor for reading in blind_readings(standing_decisions(connection, item_id))}
    if stage_now(connection, item_id) is not Stage.CONSENSUS or member_id not in readers:
        raise RejectedEvent("This item does not wait for you to agree on it.")
