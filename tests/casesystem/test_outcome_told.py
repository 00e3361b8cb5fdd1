"""What became of a case reaches each person who worked on it, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from handing import saw
from house import BOSS, GATE, ONE, THREE, TWO, House, a_decision, an_event, decided

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change
from reviewer.model.events import EventType
from reviewer.model.payloads import ItemHeld
from reviewer.model.related import NewOutcome, OutcomeKind
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
SAFE = NewOutcome(id="outcome-1", kind=OutcomeKind.SAFEGUARDED, text="The gardener is back home.")


def test_each_who_worked_on_it_and_nobody_else(
    as_member: As, taken_in: Callable[..., Item], raw: httpx.Client, house: House
) -> None:
    taken_in("item-1")
    taken_in("item-2")
    taken_in("item-3", "case-2")
    first = a_decision(ONE, "item-1")
    as_member(ONE).post_events([decided(first)])
    # Taken back, it was worked on all the same.
    as_member(ONE).post_events([decided(a_decision(ONE, "item-1", change=Change.VOID, replaces=first.id))])
    as_member(TWO).post_events([decided(a_decision(TWO, "item-2", action=Action.SECOND_LOOK))])
    held = an_event(ItemHeld(item_id="item-2", held=True), EventType.ITEM_HELD, THREE)
    as_member(THREE).post_events([held, decided(a_decision(THREE, "item-3", case_id="case-2"))])
    for _ in range(2):  # told twice it is one
        as_member(BOSS).colleagues.record_outcome("case-1", SAFE)
    for who, expected in ((ONE, ["outcome-1"]), (TWO, ["outcome-1"]), (THREE, []), (GATE, []), (BOSS, [])):
        assert [one.id for one in as_member(who).colleagues.outcomes()] == expected, who
        answer = raw.get("outcomes", headers=house.headers(who))
        assert answer.status_code == 200
        assert BOSS not in answer.text, "who recorded it is not told"
        assert "Supervisor 01" not in answer.text


def test_who_saw_an_item_and_passed_it_on_hears_of_it_too(as_member: As, taken_in: Callable[..., Item]) -> None:
    taken_in("item-1")
    taken_in("item-2", "case-2")
    as_member(TWO).post_events([saw(TWO, "item-1"), saw(TWO, "item-2")])
    as_member(BOSS).colleagues.record_outcome("case-1", SAFE)
    assert [one.case_id for one in as_member(TWO).colleagues.outcomes()] == ["case-1"]
    assert as_member(THREE).colleagues.outcomes() == ()


@pytest.mark.parametrize("case_id", ["case-1", "nowhere"])
def test_a_reviewer_records_none_and_learns_of_no_case_by_trying(
    as_member: As, taken_in: Callable[..., Item], raw: httpx.Client, house: House, case_id: str
) -> None:
    taken_in(shared=(ONE, GATE))
    body = b'{"id":"outcome-1","kind":"arrest","text":""}'
    answer = raw.post(f"cases/{case_id}/outcomes", content=body, headers=house.headers(TWO))
    assert answer.status_code == 403
