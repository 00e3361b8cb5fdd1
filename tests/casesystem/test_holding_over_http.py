"""Set aside, taken up again, given by name: the case system decides who may, and tells no more than needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from house import BOSS, GATE, ONE, THREE, TWO, House, a_decision, an_event, decided, passed

from reviewer.model.cases import Item, QueueEntry
from reviewer.model.decisions import Action
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.events import AnswerStatus, EventType, OutboxEvent
from reviewer.model.payloads import ItemHeld
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def holds(actor: str = ONE, item_id: str = "item-1", *, held: bool = True) -> OutboxEvent:
    return an_event(ItemHeld(item_id=item_id, held=held), EventType.ITEM_HELD, actor)


def listed(client: CaseSystem) -> QueueEntry:
    (entry,) = client.queue()
    return entry


def refused(client: CaseSystem, member_id: str | None) -> str:
    with pytest.raises(CaseSystemRefused) as refusal:
        client.assign("item-1", member_id)
    return slug_of(refusal.value.problem_type)


def test_what_is_set_aside_is_listed_as_such_until_somebody_takes_it_up(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one, two = as_member(ONE), as_member(TWO)
    one.lease("item-1")
    event = holds()
    assert one.post_events([event])[0].status is AnswerStatus.ACCEPTED
    assert one.post_events([event])[0].status is AnswerStatus.DUPLICATE
    for client in (one, two):
        assert (listed(client).held, listed(client).leased_to) == (True, None)
    two.lease("item-1")
    assert (listed(one).held, listed(one).leased_to) == (False, TWO)


def test_a_hold_that_comes_late_does_not_take_an_item_from_a_colleague(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    taken_in()
    one, two = as_member(ONE), as_member(TWO)
    one.lease("item-1")
    house.clock.advance(61)
    two.lease("item-1")
    one.post_events([holds()])
    assert (listed(one).held, listed(one).leased_to) == (False, TWO)
    one.post_events([holds(held=False)])
    assert listed(one).leased_to == TWO


def made_after(event: OutboxEvent, minutes: float) -> OutboxEvent:
    return msgspec.structs.replace(event, at=event.at + timedelta(minutes=minutes))


def test_taken_up_offline_and_heard_of_late_it_ends_no_newer_hold(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    taken_in()
    one, two = as_member(ONE), as_member(TWO)
    one.post_events([holds()])
    house.clock.advance(60 * 60)
    # ONE takes it up at five past, without the network; TWO, who has it by then, sets it aside at half past.
    two.lease("item-1")
    two.post_events([made_after(holds(TWO), 30)])
    one.post_events([made_after(holds(held=False), 5)])
    assert listed(two).held
    one.post_events([made_after(holds(held=False), 31)])
    assert not listed(two).held


def test_a_hold_made_anew_is_as_new_as_that(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in()
    one, two = as_member(ONE), as_member(TWO)
    house.clock.advance(60 * 60)
    one.post_events([holds()])
    two.post_events([made_after(holds(TWO), 30)])
    one.post_events([made_after(holds(held=False), 5)])
    assert listed(two).held


def test_a_clock_that_runs_ahead_makes_no_hold_that_cannot_be_ended(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    taken_in()
    one, two = as_member(ONE), as_member(TWO)
    one.post_events([made_after(holds(), 60 * 24 * 365)])
    house.clock.advance(60)
    two.post_events([made_after(holds(TWO, held=False), 1)])
    assert not listed(one).held


@pytest.mark.parametrize(("who", "item_id"), [(TWO, "item-1"), (ONE, "no-such-item"), (BOSS, "item-1")])
def test_only_who_the_case_is_shared_with_holds_its_items(
    as_member: As, taken_in: TakeIn, who: str, item_id: str
) -> None:
    taken_in(shared=(ONE, GATE))
    (answer,) = as_member(who).post_events([holds(who, item_id)])
    assert answer.status is AnswerStatus.REJECTED
    assert not listed(as_member(ONE)).held


def test_who_has_an_item_gives_it_to_a_colleague_and_no_longer_has_it(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one, two = as_member(ONE), as_member(TWO)
    one.lease("item-1")
    assert [person.id for person in one.can_be_given_to("item-1")] == [TWO, THREE]
    for _ in range(2):  # again is fine
        one.assign("item-1", TWO)
    assert (listed(two).assigned_to, listed(two).leased_to) == (TWO, None)
    two.lease("item-1")
    two.assign("item-1", None)
    assert listed(one).assigned_to is None


def test_a_supervisor_gives_any_item_and_nobody_else_what_they_do_not_have(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    assert refused(as_member(TWO), THREE) == "not-yours-to-give"
    as_member(BOSS).assign("item-1", THREE)
    assert listed(as_member(ONE)).assigned_to == THREE
    assert refused(as_member(TWO), TWO) == "not-yours-to-give"
    as_member(THREE).assign("item-1", ONE)
    assert listed(as_member(ONE)).assigned_to == ONE


def test_an_intake_desk_gives_nothing(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    assert refused(as_member(GATE), TWO) == "role-not-allowed"
    with pytest.raises(CaseSystemRefused):
        as_member(GATE).can_be_given_to("item-1")


def test_a_case_must_be_shared_with_both_ends(as_member: As, taken_in: TakeIn) -> None:
    taken_in(shared=(ONE, TWO, GATE))
    one = as_member(ONE)
    one.lease("item-1")
    assert refused(one, THREE) == "no-key-for-them"
    assert refused(one, BOSS) == refused(one, "nobody") == refused(one, GATE) == "no-key-for-them"
    assert refused(as_member(BOSS), THREE) == "no-key-for-them"
    assert refused(as_member(THREE), ONE) == "no-key-for-you"
    assert [person.id for person in one.can_be_given_to("item-1")] == [TWO]
    assert listed(one).assigned_to is None
    assert listed(one).leased_to == ONE, "a refused gift stays where it is"


def test_nobody_learns_whether_a_colleague_passed_it_on_or_decided(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one, two, three = as_member(ONE), as_member(TWO), as_member(THREE)
    two.post_events([passed(TWO)])
    three.lease("item-1")
    three.post_events([decided(a_decision(THREE, action=Action.SECOND_LOOK))])
    one.lease("item-1")
    refusals = []
    for them in (TWO, THREE):
        with pytest.raises(CaseSystemRefused) as refusal:
            one.assign("item-1", them)
        refusals.append((refusal.value.problem_type, refusal.value.what_happened))
    assert refusals[0] == refusals[1]
    assert {person.id for person in one.can_be_given_to("item-1")} == {TWO, THREE}


def test_an_answered_assignment_is_not_told(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(BOSS).assign("item-1", TWO)
    as_member(TWO).post_events([passed(TWO)])
    assert listed(as_member(ONE)).assigned_to is None
