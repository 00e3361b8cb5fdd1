"""A colleague never waits for an item nobody here is looking at."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from evidence import picture
from floor import Floor
from patience import PATIENCE_S

from reviewer.model.cases import Item
from reviewer.model.errors import LeaseLost
from reviewer.workstation.opening import Taken
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]


def take_soon(session: WorkSession, item: Item) -> Taken:
    """Leases are given back in the background: soon, not at once."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return session.take(item.id)
        except LeaseLost:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def test_two_people_never_have_the_same_item(own_floor: Floor, unlocked: Unlocked) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    item = own_floor.take_in(picture())
    one.refresh_queue()
    other.refresh_queue()
    taken = one.take(item.id)
    with pytest.raises(LeaseLost):
        other.take(item.id)
    one.put_back(taken)
    take_soon(other, item)


def test_an_item_prepared_in_vain_is_given_back(own_floor: Floor, unlocked: Unlocked) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    case = own_floor.open_case()
    first, second, third = (own_floor.take_in(picture(seed), case=case) for seed in (1, 5, 6))
    for session in (one, other):
        session.refresh_queue()
    one.prefetch(first.id)
    with pytest.raises(LeaseLost):
        other.take(first.id)
    one.prefetch(second.id)
    other.put_back(take_soon(other, first))
    one.take(third.id)
    take_soon(other, second)


def test_locking_gives_every_lease_back(own_floor: Floor, unlocked: Unlocked) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    case = own_floor.open_case()
    first, second = own_floor.take_in(picture(), case=case), own_floor.take_in(picture(5), case=case)
    for session in (one, other):
        session.refresh_queue()
    one.take(first.id)
    one.prefetch(second.id)
    one.hide_everything()
    one.lock()
    for item in (first, second):
        other.put_back(take_soon(other, item))


def test_what_failed_beforehand_is_tried_again(own_floor: Floor, unlocked: Unlocked) -> None:
    """The container was away when the item was prepared, and is back when it is taken."""
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    blob = own_floor.blob(item)
    away = blob.with_suffix(".away")
    blob.rename(away)
    session.prefetch(item.id)
    away.rename(blob)
    taken = session.take(item.id)
    assert taken.trouble is None
    assert taken.first is not None
