"""The team's agreement: right by hand-made figures, withheld where it would be about few, and about nobody by name."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, permutations

import httpx
import msgspec
import pytest
from house import BOSS, ONE, THREE, TWO, House, a_decision, decided

from reviewer.casesystem.second_review.agreement import Pair, agreement, coefficients
from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change, Decision
from reviewer.model.readings import AGREEMENT_ITEMS, AgreementLine
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def test_the_coefficients_are_those_of_the_books() -> None:
    # 45 of 50, 25, 20 of 50: po = 0.7, pe = 0.5, so kappa 0.4.
    table = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    kappa, alpha = coefficients(table)
    assert kappa == pytest.approx(0.4)
    # Observed disagreement 15/50; expected 2 * 55 * 45 / (100 * 99).
    assert alpha == pytest.approx(1 - (15 / 50) / (2 * 55 * 45 / (100 * 99)))
    assert coefficients([(1, 1), (2, 2), (3, 3)], ordered=True) == (1.0, 1.0)
    assert coefficients([("a", "a")] * 30) == (None, None)


def pairs(count: int, people: tuple[str, ...] = (ONE, TWO, THREE)) -> list[Pair]:
    who = cycle(permutations(people, 2))
    made = []
    for number in range(count):
        one, two = next(who)
        first, second = a_decision(one, f"item-{number}"), a_decision(two, f"item-{number}")
        category = "violence" if number % 2 else "other"
        first = msgspec.structs.replace(first, category=category, severity=number % 4)
        second = msgspec.structs.replace(second, category=category, severity=number % 4 if number % 5 else 3)
        made.append(Pair(first, second))
    return made


def by_key(lines: tuple[AgreementLine, ...]) -> dict[str, AgreementLine]:
    return {line.key: line for line in lines}


def test_figures_are_withheld_for_few_items_or_few_people() -> None:
    few = agreement(pairs(AGREEMENT_ITEMS - 1))
    assert all(line.kappa is None and line.alpha is None for line in few)
    two_people = agreement(pairs(60, (ONE, TWO)))
    assert all(line.kappa is None and line.alpha is None for line in two_people)
    lines = by_key(agreement(pairs(AGREEMENT_ITEMS * 2)))
    assert lines["category"].kappa == lines["category"].alpha == 1.0
    assert lines["violence"].items == AGREEMENT_ITEMS
    severity = lines["severity"]
    assert severity.kappa is not None
    assert 0 < severity.kappa < 1
    assert lines["action"].kappa is None  # nothing varies
    assert by_key(agreement(pairs(AGREEMENT_ITEMS)))["violence"].kappa is None


def test_one_more_item_does_not_show_in_the_figures() -> None:
    some = pairs(45)
    assert agreement(some[:41]) == agreement(some[:40]) != agreement(some)


def test_over_http_it_is_the_teams_and_of_what_was_decided_blind(
    as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House
) -> None:
    who = cycle(permutations((ONE, TWO, THREE), 2))
    for number in range(AGREEMENT_ITEMS):
        item = taken_in(f"item-{number:02}", size=1000)
        one, two = next(who)
        action = Action.REMOVE if number % 2 else Action.NONE
        readings = [a_decision(one, item.id, action=action), a_decision(two, item.id, action=Action.REMOVE)]
        for reading in readings:
            as_member(reading.actor).post_events([decided(reading)])
        if number == 0:
            # They agree afterwards: that is no agreement of two who did not know of each other.
            later = a_decision(one, item.id, action=Action.REMOVE, change=Change.AMEND, replaces=readings[0].id)
            as_member(one).post_events([decided(later)])
            # Taken back and decided again: the first words count for nothing.
    team = as_member(BOSS).readings.agreement()
    action_line = by_key(team.lines)["action"]
    assert action_line.items == AGREEMENT_ITEMS
    assert action_line.kappa == pytest.approx(0.0)  # the second always says remove
    assert team.waiting_third == AGREEMENT_ITEMS // 2 - 1
    said = raw.get("agreement", headers=house.headers(BOSS)).text
    for person in (ONE, TWO, THREE, "Reviewer"):
        assert person not in said
    # Nothing can be asked for one person.
    narrowed = raw.get("agreement", params={"member": ONE, "case": "case-1"}, headers=house.headers(BOSS)).text
    assert narrowed == said


def test_a_reading_that_was_taken_back_does_not_count(as_member: As, taken_in: TakeIn) -> None:
    from reviewer.casesystem.second_review.agreement import _taken_back

    first = a_decision(ONE)
    amended = a_decision(ONE, change=Change.AMEND, replaces=first.id)
    void = a_decision(ONE, change=Change.VOID, replaces=amended.id)
    kept = a_decision(TWO)
    made: list[Decision] = [first, amended, kept, void]
    assert _taken_back(made) == {first.id, amended.id}
