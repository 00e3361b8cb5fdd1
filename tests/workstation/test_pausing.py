"""Around a pause, between real workstations and the real case system."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from evidence import picture
from floor import Floor
from test_case_threads import line_down

from reviewer.model.decisions import Draft
from reviewer.model.ids import uuid7
from reviewer.model.queue_view import Only, QueueAsk
from reviewer.model.supervision import ReliefKind, ReliefRequest
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]
MINE = QueueAsk(only=frozenset({Only.MINE}))


def test_handing_over_offline_is_done_when_it_is_back_and_keeps_the_draft(own_floor: Floor, unlocked: Unlocked) -> None:
    one = unlocked()
    other = unlocked(own_floor.hire())
    named, on_desk = own_floor.take_in(picture(1)), own_floor.take_in(picture(2))
    with closing(own_floor.as_supervisor()) as boss:
        boss.assign(named.id, one.member.id)
    one.pull_queue()
    taken = one.take(on_desk.id)
    one.save_draft(Draft(item_id=on_desk.id, rationale="A parcel"))
    one.prefetch(named.id)
    with line_down(one):
        assert one.pausing.hand_over() == 1
        one.put_back(taken)
        one.lock()
    one.farewell(5.0)
    one = unlocked()
    one.sync_now()
    one.pull_queue()
    other.pull_queue()
    assert len(one.list_queue(MINE).lines) == 0
    assert {entry.item.id: entry.assigned_to for entry in other.queue()} == {named.id: None, on_desk.id: None}
    kept = one.take(on_desk.id)
    assert kept.draft.rationale == "A parcel"


def test_the_lease_of_what_was_only_prepared_is_given_back(own_floor: Floor, unlocked: Unlocked) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    items = [own_floor.take_in(picture(number)) for number in (1, 2)]
    one.pull_queue()
    taken = one.take(items[0].id)
    one.prefetch(items[1].id)
    one.hide_everything()  # as the break screen does: its worker ends, its lease is kept
    one.pausing.hand_over()
    one.put_back(taken)
    one._items._releaser.submit(lambda: None).result(10)
    other.pull_queue()
    for item in items:
        other.put_back(other.take(item.id))


def test_what_a_supervisor_did_is_told_once(own_floor: Floor, unlocked: Unlocked) -> None:
    one = unlocked()
    with closing(own_floor.as_supervisor()) as boss:
        for kind in (ReliefKind.THANKS, ReliefKind.OFFER):
            boss.relieve(ReliefRequest(id=uuid7(), member_id=one.member.id, kind=kind))
    first, second = one.pausing.reliefs()
    assert (first.kind, second.kind) == (ReliefKind.THANKS, ReliefKind.OFFER)
    one.pausing.relief_seen(first.id)
    one.lock()
    one.farewell(5.0)
    assert [relief.id for relief in unlocked().pausing.reliefs()] == [second.id]
