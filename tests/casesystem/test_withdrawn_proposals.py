"""A proposal for both taken back before it is accepted: it can be accepted no more, and both readings stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from house import BOSS, ONE, THREE, TWO, House, a_decision, an_event, decided

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Decision, ViewingRecord
from reviewer.model.events import AnswerStatus, EventAnswer, EventType, OutboxEvent
from reviewer.model.payloads import ConsensusAccepted, ConsensusProposed, ConsensusWithdrawn
from reviewer.model.readings import Proposal, Stage
from reviewer.model.taxonomy import SecondReview
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, second_review=SecondReview(settled_by="consensus"))


@pytest.fixture
def differ(as_member: As, taken_in: Callable[..., Item]) -> tuple[CaseSystem, CaseSystem]:
    taken_in()
    for who, action in ((ONE, Action.REMOVE), (TWO, Action.NONE)):
        assert answered(as_member(who), decided(a_decision(who, action=action))).status is AnswerStatus.ACCEPTED
    return as_member(ONE), as_member(TWO)


def answered(client: CaseSystem, event: OutboxEvent) -> EventAnswer:
    (answer,) = client.post_events([event])
    return answer


def proposes(decision: Decision) -> OutboxEvent:
    record = ViewingRecord(item_id=decision.item_id, viewer=decision.actor, decided_from_notes=True)
    payload = ConsensusProposed(decision=decision, viewing_record=record)
    return an_event(payload, EventType.CONSENSUS_PROPOSED, decision.actor)


def withdraws(proposal_id: str, actor: str = ONE, item_id: str = "item-1") -> OutboxEvent:
    payload = ConsensusWithdrawn(item_id=item_id, proposal_id=proposal_id)
    return an_event(payload, EventType.CONSENSUS_WITHDRAWN, actor)


def accepts(proposal_id: str, actor: str = TWO) -> OutboxEvent:
    payload = ConsensusAccepted(item_id="item-1", proposal_id=proposal_id)
    return an_event(payload, EventType.CONSENSUS_ACCEPTED, actor)


def offered(client: CaseSystem) -> Proposal | None:
    return client.readings.side_by_side("item-1").proposal


def test_it_is_gone_for_both_and_both_readings_stay(differ: tuple[CaseSystem, CaseSystem]) -> None:
    one, two = differ
    offer = a_decision(ONE, action=Action.RESTRICT)
    answered(one, proposes(offer))
    assert offered(two) is not None
    event = withdraws(offer.id)
    assert [answered(one, event).status for _ in range(2)] == [AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE]
    assert answered(one, withdraws(offer.id)).status is AnswerStatus.ACCEPTED, "withdrawing it again changes nothing"
    assert (offered(one), offered(two)) == (None, None)
    assert [line.proposed for line in two.readings.mine()] == [False]
    late = answered(two, accepts(offer.id))
    assert late.status is AnswerStatus.REJECTED
    assert late.reason
    shown = two.readings.side_by_side("item-1")
    assert shown.stage is Stage.CONSENSUS
    assert [reading.words.action for reading in shown.readings] == [Action.REMOVE, Action.NONE]


def test_what_was_accepted_first_stands_and_its_maker_is_told(differ: tuple[CaseSystem, CaseSystem]) -> None:
    one, two = differ
    offer = a_decision(ONE, action=Action.RESTRICT)
    answered(one, proposes(offer))
    answered(two, accepts(offer.id))
    late = answered(one, withdraws(offer.id))
    assert (late.status, "accepted before" in late.reason) == (AnswerStatus.REJECTED, True)
    assert one.readings.side_by_side("item-1").stage is Stage.SETTLED


def test_it_waits_for_a_proposal_that_is_on_its_way(differ: tuple[CaseSystem, CaseSystem]) -> None:
    one, two = differ
    offer = a_decision(ONE, action=Action.RESTRICT)
    event = withdraws(offer.id)
    assert answered(one, event).status is AnswerStatus.RETRY
    answered(one, proposes(offer))
    assert answered(one, event).status is AnswerStatus.ACCEPTED
    assert offered(two) is None


def test_one_whose_proposal_was_refused_does_not_wait_for_ever(as_member: As, taken_in: Callable[..., Item]) -> None:
    taken_in()
    offer = a_decision(ONE)
    assert answered(as_member(ONE), proposes(offer)).status is AnswerStatus.REJECTED, "nobody decided it yet"
    assert answered(as_member(ONE), withdraws(offer.id)).status is AnswerStatus.REJECTED


def test_the_one_before_does_not_come_back_and_the_others_stays(differ: tuple[CaseSystem, CaseSystem]) -> None:
    one, two = differ
    theirs, earlier, last = a_decision(TWO), a_decision(ONE), a_decision(ONE, action=Action.RESTRICT)
    answered(two, proposes(theirs))
    for offer in (earlier, last):
        answered(one, proposes(offer))
    answered(one, withdraws(last.id))
    left = offered(one)
    assert left is not None
    assert left.id == theirs.id


@pytest.mark.parametrize(("actor", "item_id"), [(TWO, "item-1"), (THREE, "item-1"), (BOSS, "item-1"), (ONE, "item-2")])
def test_only_ones_own_on_that_item(
    differ: tuple[CaseSystem, CaseSystem], as_member: As, taken_in: Callable[..., Item], actor: str, item_id: str
) -> None:
    one, two = differ
    taken_in("item-2")
    offer = a_decision(ONE, action=Action.RESTRICT)
    answered(one, proposes(offer))
    assert answered(as_member(actor), withdraws(offer.id, actor, item_id)).status is AnswerStatus.REJECTED
    assert offered(two) is not None
