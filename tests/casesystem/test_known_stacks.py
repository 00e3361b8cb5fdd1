"""Stacks in the queue: same bytes and alike pictures, and only as far as the member may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from house import GATE, ONE, TWO, a_case
from known_evidence import pdq, shown_item, take_in

from reviewer.model.levels import Kind
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]


def stacks(client: CaseSystem) -> dict[str, tuple[str, int, int] | None]:
    return {
        entry.item.id: entry.stack and (entry.stack.id, entry.stack.size, entry.stack.distance)
        for entry in client.queue()
    }


def test_same_bytes_and_alike_pictures_stack(as_member: As) -> None:
    gate = as_member(GATE)
    for item in (
        shown_item("a", content="same", alike=pdq(1)),
        shown_item("b", alike=pdq(1, *range(31))),
        shown_item("c", alike=pdq(1, *range(100, 132))),
        shown_item("d", content="same", case_id="case-2", alike=pdq(1)),
        shown_item("e", alike=pdq(1, 7), quality=49),
        shown_item("f", alike=pdq(2), kind=Kind.VIDEO),
        shown_item("g", alike=pdq(2), kind=Kind.VIDEO),
        shown_item("h", content="letter", kind=Kind.TEXT),
        shown_item("i", content="letter", kind=Kind.TEXT),
    ):
        take_in(gate, item)
    assert stacks(as_member(ONE)) == {
        "a": ("a", 3, 0),
        "b": ("a", 3, 31),
        "c": None,
        "d": ("a", 3, 0),
        "e": None,
        "f": None,
        "g": None,
        "h": ("h", 2, 0),
        "i": ("h", 2, 0),
    }
    assert as_member(ONE).keys.item("b").stack == as_member(ONE).queue()[1].stack


def test_what_is_not_shared_leaks_neither_size_nor_id(as_member: As) -> None:
    gate = as_member(GATE)
    mine, theirs = (ONE, GATE), (TWO, GATE)
    # The hidden one came first and is like both others, which are not like each other.
    take_in(gate, shown_item("hidden", "case-2", alike=pdq(1)), shared=theirs)
    take_in(gate, shown_item("left", alike=pdq(1, *range(20))), shared=mine)
    take_in(gate, shown_item("right", alike=pdq(1, *range(100, 120))), shared=mine)
    take_in(gate, shown_item("copy", "case-3", alike=pdq(1, *range(21))), shared=(ONE, TWO, GATE))
    assert stacks(as_member(ONE)) == {"left": ("left", 2, 0), "right": None, "copy": ("left", 2, 1)}
    assert stacks(as_member(TWO)) == {"hidden": ("hidden", 2, 0), "copy": ("hidden", 2, 21)}


def test_the_visible_part_does_not_depend_on_what_is_hidden(as_member: As) -> None:
    """The same items with and without a hidden case of copies give the same answers, to the byte of the ETag."""
    gate, one = as_member(GATE), as_member(ONE)
    visible = [shown_item(f"v{i}", alike=pdq(1, *range(12 * i))) for i in range(5)]
    for item in visible:
        take_in(gate, item, shared=(ONE, GATE))
    before = {entry.item.id: entry for entry in one.queue()}
    for i in range(4):
        take_in(gate, shown_item(f"a{i}", "case-2", alike=pdq(1, *range(12 * i + 6))), shared=(TWO, GATE))
    assert {entry.item.id: entry for entry in one.queue()} == before
    assert {item_id: entry.stack and entry.stack.size for item_id, entry in before.items()} == {
        "v0": 3,
        "v1": 3,
        "v2": 3,
        "v3": 2,
        "v4": 2,
    }


def test_a_later_item_joins_what_was_apart(as_member: As) -> None:
    gate = as_member(GATE)
    take_in(gate, shown_item("a", content="x", alike=pdq(1)))
    take_in(gate, shown_item("b", content="y", alike=pdq(1, *range(40))))
    assert stacks(as_member(ONE)) == {"a": None, "b": None}
    take_in(gate, shown_item("c", content="y", alike=pdq(1, *range(20))))
    # The same bytes as the second, whatever the hash says of it.
    assert stacks(as_member(ONE)) == {"a": None, "b": ("b", 2, 0), "c": ("b", 2, 0)}
    take_in(gate, shown_item("d", alike=pdq(1, *range(20))))
    assert stacks(as_member(ONE))["d"] == ("a", 2, 20)


def test_an_item_still_arriving_is_no_copy(as_member: As) -> None:
    gate = as_member(GATE)
    take_in(gate, shown_item("a", content="same"))
    gate.register_item(shown_item("b", content="same"))
    assert stacks(as_member(ONE)) == {"a": None}


@pytest.mark.parametrize("count", [40])
def test_a_batch_of_near_duplicates_is_one_stack(as_member: As, count: int) -> None:
    gate = as_member(GATE)
    gate.register_case(a_case(), dict.fromkeys((ONE, GATE), b"sealed"))
    for number in range(count):
        take_in(gate, shown_item(f"n{number:03}", alike=pdq(3, number)), shared=(ONE, GATE))
    found = stacks(as_member(ONE))
    assert {stack and stack[:2] for stack in found.values()} == {("n000", count)}
    assert {stack[2] for stack in found.values() if stack} == {0, 2}
