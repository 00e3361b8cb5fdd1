"""Setting aside and giving by name, between real workstations and the real case system."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from evidence import picture
from floor import Floor
from test_case_threads import line_down

from reviewer.model.errors import CaseSystemRefused, CaseSystemUnreachable
from reviewer.model.queue_view import Only, QueueAsk
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]
HELD = QueueAsk(only=frozenset({Only.HELD}))


def test_set_aside_here_is_set_aside_there_until_it_is_taken_up(own_floor: Floor, unlocked: Unlocked) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    item = own_floor.take_in(picture())
    one.pull_queue()
    one.hold(one.take(item.id))
    assert one.list_queue(QueueAsk()).offered == ()
    assert len(one.list_queue(HELD).lines) == 1
    one.sync_now()
    other.pull_queue()
    assert len(other.list_queue(HELD).lines) == 1
    one.put_back(one.take(item.id))
    one.pull_queue()
    other.pull_queue()
    for session in (one, other):
        assert len(session.list_queue(HELD).lines) == 0
        assert len(session.list_queue(QueueAsk()).lines) == 1


def test_a_take_that_fails_offline_leaves_it_set_aside(own_floor: Floor, unlocked: Unlocked) -> None:
    """Taking it is what ends it. Tried offline it fails, and the item still waits where it was put."""
    one, other = unlocked(), unlocked(own_floor.hire())
    item = own_floor.take_in(picture())
    one.pull_queue()
    one.hold(one.take(item.id))
    one.sync_now()
    with line_down(one):
        with pytest.raises(CaseSystemUnreachable):
            one.take(item.id)
        assert len(one.list_queue(HELD).lines) == 1
    one.sync_now()
    for session in (one, other):
        session.pull_queue()
        assert len(session.list_queue(HELD).lines) == 1
    taken = one.take(item.id)
    assert not taken.entry.held
    one.put_back(taken)
    one.sync_now()
    for session in (one, other):
        session.pull_queue()
        assert len(session.list_queue(HELD).lines) == 0


def test_held_and_taken_again_offline_it_is_still_set_aside_for_everybody(own_floor: Floor, unlocked: Unlocked) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    item = own_floor.take_in(picture())
    one.pull_queue()
    taken = one.take(item.id)
    with line_down(one):
        one.hold(taken)
        with pytest.raises(CaseSystemUnreachable):
            one.take(item.id)
    one.sync_now()
    other.pull_queue()
    assert len(other.list_queue(HELD).lines) == 1
    # What was held offline goes before the lease, so the item stays with who takes it up.
    one.put_back(one.take(item.id))
    one.sync_now()
    other.pull_queue()
    assert len(other.list_queue(HELD).lines) == 0


def test_given_by_name_it_is_theirs_there_and_not_here(own_floor: Floor, unlocked: Unlocked) -> None:
    colleague = own_floor.hire()
    one, other = unlocked(), unlocked(colleague)
    item = own_floor.take_in(picture())
    one.pull_queue()
    taken = one.take(item.id)
    assert colleague in [member_id for member_id, _name in one.colleagues(item.id)]
    with pytest.raises(CaseSystemRefused):
        one.assign(taken, "nobody")
    one.assign(taken, colleague)
    one.pull_queue()
    other.pull_queue()
    (here,) = one.queue()
    assert here.assigned_to == colleague
    assert one.list_queue(QueueAsk(only=frozenset({Only.MINE}))).offered == ()
    assert [entry.item.id for entry in other.list_queue(QueueAsk()).offered] == [item.id]
    other.take(item.id)
