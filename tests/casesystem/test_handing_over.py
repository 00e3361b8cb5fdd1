"""Handing over what waits by name: only one's own, once, and colleagues find it with nobody's name on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from house import BOSS, GATE, NOON, ONE, TWO, House, an_event

from reviewer.model.cases import Item
from reviewer.model.events import AnswerStatus, EventType, OutboxEvent
from reviewer.model.payloads import MOST_HANDED_OVER, WorkHandedOver
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def hands_over(actor: str = ONE, *item_ids: str) -> OutboxEvent:
    return an_event(WorkHandedOver(item_ids=item_ids or ("item-1",)), EventType.WORK_HANDED_OVER, actor)


def assigned(client: CaseSystem) -> str | None:
    (entry,) = client.queue()
    return entry.assigned_to


def test_what_waits_by_name_is_for_whoever_is_next_and_twice_is_once(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(BOSS).assign("item-1", ONE)
    event = hands_over()
    one = as_member(ONE)
    assert one.post_events([event])[0].status is AnswerStatus.ACCEPTED
    assert assigned(one) is assigned(as_member(TWO)) is None
    as_member(BOSS).assign("item-1", ONE)
    assert one.post_events([event])[0].status is AnswerStatus.DUPLICATE
    assert assigned(one) == ONE, "given again after that, it stays given"


@pytest.mark.parametrize("item_id", ["item-1", "no-such-item"])
def test_nobody_hands_over_what_waits_for_a_colleague(as_member: As, taken_in: TakeIn, item_id: str) -> None:
    taken_in()
    as_member(BOSS).assign("item-1", TWO)
    assert as_member(ONE).post_events([hands_over(ONE, item_id)])[0].status is AnswerStatus.ACCEPTED
    assert assigned(as_member(TWO)) == TWO


def test_more_at_once_than_can_be_and_other_roles_are_refused(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(BOSS).assign("item-1", ONE)
    many = hands_over(ONE, "item-1", *(f"other-{number}" for number in range(MOST_HANDED_OVER)))
    assert as_member(ONE).post_events([many])[0].status is AnswerStatus.REJECTED
    assert as_member(GATE).post_events([hands_over(GATE)])[0].status is AnswerStatus.REJECTED
    assert assigned(as_member(ONE)) == ONE


def test_a_late_hand_over_leaves_what_was_given_after_it(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in()
    made = hands_over()
    house.clock.advance(60.0)
    as_member(BOSS).assign("item-1", ONE)
    assert as_member(ONE).post_events([made])[0].status is AnswerStatus.ACCEPTED
    assert assigned(as_member(ONE)) == ONE
    ahead = msgspec.structs.replace(hands_over(), at=NOON + timedelta(days=3))
    assert as_member(ONE).post_events([ahead])[0].status is AnswerStatus.ACCEPTED
    assert assigned(as_member(ONE)) is None
