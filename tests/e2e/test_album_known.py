"""Hundreds of pictures, most of them known or copies of each other: what needs no looking at is decided without it.

A sample of twenty runs with the other tests; the four hundred run with `make scale`.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest
from floor import Floor
from shift import Shift

from reviewer.demo.album import LIST_NAME, LIST_VERSION, album, known_list
from reviewer.demo.markers import Markers

Begin = Callable[..., Shift]


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
    items = [quiet_floor.take_in(one.data, "jpeg", case=case) for one in made]
    with quiet_floor.as_supervisor() as supervisor:
        supervisor.known_lists.take_in(io.BytesIO(known_list(made[:known])), LIST_NAME, LIST_VERSION, "csv")
    with quiet_floor.organisation.client(quiet_floor.reviewer) as reviewer:
        offered = {entry.item.id: entry for entry in reviewer.queue()}
    assert {i.id for i in items[:known]} == {key for key, entry in offered.items() if entry.matches}
    stacked = [entry.stack.size for entry in offered.values() if entry.stack is not None]
    assert sorted(set(stacked)) == sorted(set(copies))
    assert len(stacked) == sum(copies)
