"""Two reviewers who do not know of each other decide differently; a third sees both and settles it."""

from __future__ import annotations

from collections.abc import Callable

from evidence import picture
from floor import Floor
from shift import ALT, CTRL, Key, Shift

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Decision

Begin = Callable[..., Shift]


def decide(shift: Shift, item: Item, severity: Key, action: Key, why: str) -> Decision:
    """By keys, and wait until it is in the case system."""
    before = len(shift.floor.decisions_of(item.id))
    shift.driver.key(Key.Key_K)
    shift.driver.key(severity, ALT)
    shift.driver.key(Key.Key_F)
    shift.driver.key(action)
    shift.driver.key(Key.Key_W)
    shift.driver.write(why)
    shift.driver.key(Key.Key_Return, CTRL)
    shift.driver.wait_until(lambda: len(shift.floor.decisions_of(item.id)) > before, "the decision to arrive")
    return next(d for d in shift.floor.decisions_of(item.id) if d.actor == shift.member_id)


def words(shift: Shift) -> str:
    return " ".join(shift.driver.texts(shift.window))


def test_a_third_settles_it(quiet_floor: Floor, begin: Begin) -> None:
    people = [quiet_floor.reviewer, quiet_floor.hire(), quiet_floor.hire()]
    item = quiet_floor.take_in(picture(21), harm_type="self_harm")
    first = begin(people[0])
    first.take(item)
    one = decide(first, item, Key.Key_1, Key.Key_Z, "Nothing of it is here")
    first.close()

    second = begin(people[1])
    second.take(item)
    assert second.bench.flow.entry is not None
    assert second.bench.flow.entry.notes == ()  # what the first wrote is not told
    assert "Nothing of it is here" not in words(second)
    two = decide(second, item, Key.Key_4, Key.Key_V, "It names a place")
    assert "Nothing of it is here" not in words(second)
    second.close()

    third = begin(people[2])
    third.take(item)
    assert third.bench.flow.entry is not None
    assert third.bench.flow.entry.round == 3
    third.driver.key(Key.Key_F8)
    third.driver.wait_until(lambda: "It names a place" in words(third), "both sides")
    assert "Nothing of it is here" in words(third)
    third.driver.key(Key.Key_F8)
    third.driver.wait_until(lambda: third.frame.pages.currentWidget() is third.bench, "the desk")
    last = decide(third, item, Key.Key_4, Key.Key_V, "The place is named, as the second says")

    assert {d.id for d in quiet_floor.decisions_of(item.id)} == {one.id, two.id, last.id}
    assert (one.action, two.action, last.action) == (Action.NONE, Action.PRESERVE, Action.PRESERVE)
    with quiet_floor.organisation.client(quiet_floor.hire()) as anybody:
        assert item.id not in {entry.item.id for entry in anybody.queue()}  # it is closed
    with quiet_floor.organisation.client(people[0]) as reviewer:
        settled = reviewer.readings.side_by_side(item.id)
    assert [reading.words.rationale for reading in settled.readings if reading.settles] == [last.rationale]
