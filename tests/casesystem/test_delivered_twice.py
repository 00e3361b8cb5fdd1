"""Each event of a shift delivered again, late, in any order changes nothing: whatever anybody asks is the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from house import BOSS, NOON, ONE, THREE, TWO, House, a_decision, an_event, decided, passed

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change, ViewingRecord
from reviewer.model.events import AnswerStatus, EventType, OutboxEvent
from reviewer.model.payloads import ConsensusAccepted, ConsensusProposed, ConsensusWithdrawn, ItemHeld, MessageWritten
from reviewer.model.readings import GoldenAnswer
from reviewer.model.taxonomy import SecondReview
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
ASKED = ("queue", "readings/mine", "calibrations/mine", "cases/case-1/related", "cases/case-1/messages", "outcomes")
OF_ALL = ("agreement", "golden", "decisions/count", "decisions?case=case-1", "cases/case-1/related")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, second_review=SecondReview(settled_by="consensus"))


def shift(as_member: As) -> list[OutboxEvent]:
    """One of each kind, as sent; every one accepted."""
    sent: list[OutboxEvent] = []

    def say(event: OutboxEvent) -> None:
        (answer,) = as_member(event.actor).post_events([event])
        assert answer.status is AnswerStatus.ACCEPTED, answer.reason
        sent.append(event)

    one, two = a_decision(ONE, action=Action.REMOVE), a_decision(TWO)
    say(decided(one))
    say(decided(two))
    for step, action in enumerate((Action.RESTRICT, Action.PRESERVE)):
        offer = a_decision(ONE, action=action)
        seen = ViewingRecord(item_id="item-1", viewer=ONE, decided_from_notes=True)
        payload = ConsensusProposed(decision=offer, viewing_record=seen)
        say(an_event(payload, EventType.CONSENSUS_PROPOSED, ONE))
        named = {"item_id": "item-1", "proposal_id": offer.id}
        if step == 0:
            say(an_event(ConsensusWithdrawn(**named), EventType.CONSENSUS_WITHDRAWN, ONE))
        else:
            say(an_event(ConsensusAccepted(**named), EventType.CONSENSUS_ACCEPTED, TWO))
    first = a_decision(ONE, "item-2")
    say(decided(first))
    better = a_decision(ONE, "item-2", change=Change.AMEND, replaces=first.id)
    say(decided(better))
    right = GoldenAnswer(category="other", severity=1, action=Action.NONE)
    as_member(BOSS).readings.mark_golden("item-2", right)
    as_member(TWO).lease("item-2")
    say(decided(a_decision(TWO, "item-2")))
    for held in (True, False, True):
        say(an_event(ItemHeld(item_id="item-3", held=held), EventType.ITEM_HELD, ONE))
    as_member(BOSS).assign("item-4", THREE)
    say(passed(THREE, "item-4"))
    for text in ("Good morning.", "The parcel is dry."):
        say(an_event(MessageWritten(case_id="case-1", text=text, written_at=NOON), EventType.CASE_MESSAGE, TWO))
    return sent


def test_again_late_and_in_any_order(
    as_member: As, taken_in: Callable[..., Item], raw: httpx.Client, house: House
) -> None:
    for number in range(1, 6):
        taken_in(f"item-{number}", size=1000)
    sent = shift(as_member)

    def told() -> list[str]:
        asked = [(who, path) for who in (ONE, TWO, THREE) for path in ASKED] + [(BOSS, path) for path in OF_ALL]
        answers = [raw.get(path, headers=house.headers(who)) for who, path in asked]
        assert all(answer.status_code == 200 for answer in answers)
        return [answer.text for answer in answers]

    before = told()
    for turn in range(6):
        house.clock.advance(5)
        again = random.Random(turn).sample(sent, len(sent))
        for who in (ONE, TWO, THREE):
            batch = [event for event in again if event.actor == who]
            assert {answer.status for answer in as_member(who).post_events(batch)} == {AnswerStatus.DUPLICATE}
        assert told() == before
