"""Hundreds of pictures, most of them known or copies of each other: what needs no looking at is decided without it.

A sample of twenty runs with the other tests; the four hundred run with `make scale`.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable

import pytest
from floor import Floor
from PySide6.QtCore import Qt
from shift import ALT, CTRL, Key, Shift

from reviewer.demo.album import LIST_NAME, LIST_VERSION, album, known_list
from reviewer.demo.markers import Markers

Begin = Callable[..., Shift]
NONE = Qt.KeyboardModifier.NoModifier
COPIES, KNOWN = 2, 3  # groups of the gallery, as G goes through them


@pytest.mark.parametrize(
    ("known", "copies", "single"),
    [
        pytest.param(10, (4, 3), 3, id="twenty"),
        pytest.param(200, (40, 40, 30, 30), 60, id="four hundred", marks=[pytest.mark.scale, pytest.mark.timeout(900)]),
    ],
)
def test_most_are_decided_without_looking(
    quiet_floor: Floor, begin: Begin, known: int, copies: tuple[int, ...], single: int
) -> None:
    """85 of a hundred are known or near duplicates: they are decided from the gallery, the others one by one."""
    made = list(album(5, Markers(random.Random("album")), known=known, copies=copies, single=single))
    case = quiet_floor.open_case(danger=False)
    began = time.monotonic()
    items = [quiet_floor.take_in(one.data, "jpeg", case=case) for one in made]
    taken_in = time.monotonic() - began
    with quiet_floor.as_supervisor() as supervisor:
        supervisor.known_lists.take_in(io.BytesIO(known_list(made[:known])), LIST_NAME, LIST_VERSION, "csv")
    with quiet_floor.organisation.client(quiet_floor.reviewer) as reviewer:
        offered = {entry.item.id: entry for entry in reviewer.queue()}
    assert {i.id for i in items[:known]} == {key for key, entry in offered.items() if entry.matches}
    stacked = [entry.stack.size for entry in offered.values() if entry.stack is not None]
    assert sorted(set(stacked)) == sorted(set(copies))
    assert len(stacked) == sum(copies)
    shift = begin()
    shift.wait_for_queue()
    began = time.monotonic()
    decide_group(shift, KNOWN, known)
    decide_group(shift, COPIES, sum(copies))
    done = time.monotonic()
    shift.driver.key(Key.Key_B, CTRL)
    spared = items[: known + sum(copies)]
    shift.driver.wait_until(lambda: all(quiet_floor.decisions_of(item.id) for item in spared), "all to arrive")
    records = [quiet_floor.viewing_records_of(item.id) for item in spared]
    assert all(len(of_one) == 1 for of_one in records)
    not_viewed = [record for (record,) in records if not record.viewed]
    # Of each stack one may have been seen as a veiled thumbnail, and its record says so.
    assert len(not_viewed) >= len(spared) - len(copies)
    assert all(record.opened_at is None for record in not_viewed)
    assert {record.with_stack_of for record in not_viewed} - {None} <= {item.id for item in spared}
    share = len(not_viewed) / len(items)
    spent = f"decided together in {done - began:.0f} s, taken in in {taken_in:.0f} s"
    print(f"{share:.1%} of {len(items)} not viewed; {spent}")
    assert share >= 0.75
    assert all(quiet_floor.decisions_of(item.id) == [] for item in items[len(spared) :])


def decide_group(shift: Shift, group: int, count: int) -> None:
    """Everything of one group of the gallery, by keys: choose, answer, apply."""
    driver = shift.driver
    gallery = shift.frame.gallery
    assert gallery is not None
    if not gallery.open:
        driver.key(Key.Key_B, CTRL)
        driver.wait_until(lambda: gallery.open, "the gallery")
    control = gallery.control
    assert control is not None
    while (control.page.groups.index or 0) != group:
        driver.key(Key.Key_G)
    driver.wait_until(lambda: control.model.rowCount() > 0, "its cells")
    driver.key(Key.Key_A, CTRL)
    chosen = [item_id for cell in control.model.selected for item_id in cell.item_ids]
    assert len(chosen) == count
    driver.key(Key.Key_Return, CTRL)
    driver.wait_until(control.page.batch.isVisible, "the form for many")
    for key, held in ((Key.Key_K, NONE), (Key.Key_2, ALT), (Key.Key_F, NONE), (Key.Key_X, NONE)):
        driver.key(key, held)
    driver.wait_until(lambda: control.page.batch.panel.ready, "a complete decision")
    driver.key(Key.Key_Return)
    driver.wait_until(lambda: not control.page.batch.running, "the batch", timeout_s=300.0)
    driver.wait_until(lambda: not control.model.selected, "nothing refused")
    driver.key(Key.Key_Q)
