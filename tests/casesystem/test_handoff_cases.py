"""Which cases a person can hand off: those they hold the key of and that still exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from house import BOSS, GATE, ONE, TWO
from test_case_keys_over_http import consent, enrolled

from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.handoff import CaseNumber, CaseNumberList
from reviewer.sync.client import CaseSystem
from reviewer.sync.handoffs import HandedOff

__all__ = ["enrolled"]

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


@pytest.mark.usefixtures("enrolled")
def test_only_cases_one_holds_the_key_of_and_none_that_was_destroyed(as_member: As, taken_in: TakeIn) -> None:
    taken_in(size=1000)
    assert as_member(ONE).handed_off.cases() == (CaseNumber(id="case-1", number="2026-case-1"),)
    boss = as_member(BOSS)
    boss.keys.consent("case-1", consent(BOSS))
    as_member(GATE).keys.consent("case-1", consent(GATE))
    assert as_member(ONE).handed_off.cases() == as_member(TWO).handed_off.cases() == ()


@pytest.mark.parametrize("number", ["", "a\nb", "x" * 201])
def test_a_number_that_could_not_be_shown_is_not_believed(number: str) -> None:
    class Lying:
        def ask(self, *_: object, **__: object) -> tuple[CaseNumberList, object]:
            return CaseNumberList(cases=(CaseNumber(id="case-1", number=number),)), None

    with pytest.raises(CaseSystemNonsense):
        HandedOff(Lying()).cases()  # type: ignore[arg-type]
