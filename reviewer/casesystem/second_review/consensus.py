"""Consensus: one of the two proposes a decision, the other accepts it, and it stands for both. All are events."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, NotYet, RejectedEvent
from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.second_review.stages import blind_readings, restage, stage_now, standing_decisions
from reviewer.casesystem.second_review.tables import consensus_proposals, withdrawn_proposals
from reviewer.casesystem.tables import decisions, items, rejected_decisions
from reviewer.model.decisions import Action, Change
from reviewer.model.payloads import ConsensusAccepted, ConsensusProposed, ConsensusWithdrawn
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


def apply_withdrawn(connection: sa.Connection, arrived: Arrived, untrusted: ConsensusWithdrawn) -> None:
    """It can no longer be accepted. One that was accepted by then stands: the other one has relied on it."""
    member_id = arrived.caller.member.id
    connection.execute(sa.select(items.c.id).where(items.c.id == untrusted.item_id).with_for_update())
    asked = sa.select(consensus_proposals).where(consensus_proposals.c.id == untrusted.proposal_id)
    proposal = connection.execute(asked).one_or_none()
    if proposal is None:
        mine = rejected_decisions.c.id == untrusted.proposal_id, rejected_decisions.c.member_id == member_id
        if connection.execute(sa.select(rejected_decisions.c.id).where(*mine)).one_or_none() is not None:
            raise RejectedEvent("The proposal was not accepted by the case system: there is nothing to withdraw.")
        raise NotYet("The proposal that is withdrawn has not arrived.")
    if proposal.member_id != member_id or proposal.item_id != untrusted.item_id:
        raise RejectedEvent("Only your own proposal can be withdrawn.")
    if connection.execute(sa.select(decisions.c.id).where(decisions.c.id == proposal.id)).one_or_none() is not None:
        raise RejectedEvent("Your proposal was accepted before you withdrew it: it stands for both of you.")
    row = {"proposal_id": proposal.id, "event_id": arrived.event_id, "at": arrived.now}
    insert_or_ignore(connection, withdrawn_proposals, row)


def is_agreed_on(connection: sa.Connection, decision_id: str) -> bool:
    """The decision came about by consensus: one of the two does not change its words alone."""
    asked = sa.select(consensus_proposals.c.id).where(consensus_proposals.c.id == decision_id)
    return connection.execute(asked).one_or_none() is not None


def current_proposal(connection: sa.Connection, item_id: str) -> sa.Row[str, str, str, str, str, str, float] | None:
    """The newest made since the last decision on the item was recorded: what it was to reconcile has not changed.

    Of each person only their newest counts: who withdraws it does not go back to what they proposed before.
    """
    last = sa.select(sa.func.max(decisions.c.recorded_at)).where(decisions.c.item_id == item_id).scalar_subquery()
    later = consensus_proposals.alias("later")
    replaced = sa.exists().where(
        later.c.item_id == consensus_proposals.c.item_id,
        later.c.member_id == consensus_proposals.c.member_id,
        sa.tuple_(later.c.at, later.c.id) > sa.tuple_(consensus_proposals.c.at, consensus_proposals.c.id),
    )
    withdrawn = sa.exists().where(withdrawn_proposals.c.proposal_id == consensus_proposals.c.id)
    asked = (
        sa.select(consensus_proposals)
        .where(consensus_proposals.c.item_id == item_id, consensus_proposals.c.at >= last, ~replaced, ~withdrawn)
        .order_by(consensus_proposals.c.at.desc(), consensus_proposals.c.id.desc())
        .limit(1)
    )
    return connection.execute(asked).one_or_none()


def _expect_reader(connection: sa.Connection, item_id: str, member_id: str) -> None:
    if connection.execute(sa.select(items.c.id).where(items.c.id == item_id).with_for_update()).one_or_none() is None:
        raise RejectedEvent("The case system does not know this item.")
    readers = {reading.actor for reading in blind_readings(standing_decisions(connection, item_id))}
    if stage_now(connection, item_id) is not Stage.CONSENSUS or member_id not in readers:
        raise RejectedEvent("This item does not wait for you to agree on it.")
