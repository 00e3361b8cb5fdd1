"""What a recipient needs is named when it is missing, and a record that is not settled is no answer."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "handoff"))
from dossiers import AGENCY, ANSWERS, TERMS, a_case, exhibits

from reviewer.model.cases import Case
from reviewer.model.decisions import Change, Imminence
from reviewer.model.handoff import RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers, Question
from reviewer.model.handoff_completeness import missing, prefilled
from reviewer.model.handoff_terms import HandoffTerms

ITEMS = tuple(exhibit.record for exhibit in exhibits())
CALM = tuple(record for record in ITEMS if record.item.id in ("item-002", "item-003", "item-004"))


def a_silent_case() -> Case:
    case = a_case()
    return msgspec.structs.replace(case, referral=msgspec.structs.replace(case.referral, legal_basis=""))


def test_with_every_answer_nothing_is_missing() -> None:
    assert missing(ITEMS, ANSWERS, a_case()) == ()


def test_without_answers_all_are_named_in_order() -> None:
    asked = tuple(question for question in Question if question not in (Question.DECISIONS, Question.READINGS))
    assert missing(ITEMS, HandoffAnswers(), a_silent_case()) == asked


@pytest.mark.parametrize("empty", ["", "   ", "-", "?", "..."])
@pytest.mark.parametrize("field", ["imminence", "location_clues", "accounts", "times", "contact", "retention"])
def test_each_is_missed_alone(field: str, empty: str) -> None:
    answers = msgspec.structs.replace(ANSWERS, **{field: empty})
    assert missing(ITEMS, answers, a_case()) == (Question(field),)


def test_the_legal_basis_may_stand_in_the_referral() -> None:
    answers = msgspec.structs.replace(ANSWERS, legal_basis="")
    assert missing(ITEMS, answers, a_case()) == ()
    assert missing(ITEMS, answers, a_silent_case()) == (Question.LEGAL_BASIS,)


def test_imminence_is_asked_only_where_a_standing_decision_says_so() -> None:
    answers = msgspec.structs.replace(ANSWERS, imminence="")
    assert missing(CALM, answers, a_case()) == ()
    first, amended = ITEMS[0].decisions
    withdrawn = msgspec.structs.replace(amended, standing=False)
    record = msgspec.structs.replace(ITEMS[0], decisions=(msgspec.structs.replace(first, standing=True), withdrawn))
    assert amended.decision.imminence is Imminence.POSSIBLE
    assert missing((record,), answers, a_case()) == ()
    assert missing((ITEMS[0],), answers, a_case()) == (Question.IMMINENCE,)


@pytest.mark.parametrize(
    ("times", "counts"),
    [
        ("None known", True),
        ("2026-11-20, time of day not known", True),
        ("2026-11-20", False),
        ("2026-11-20 14:03", False),
        ("2026-11-20 14:03; the rest is unknown", False),
        ("2026-11-20 14:03 UTC", True),
    ],
)
def test_times_count_with_their_zone_or_as_unknown(times: str, counts: bool) -> None:
    answers = msgspec.structs.replace(ANSWERS, times=times)
    assert (missing(ITEMS, answers, a_case()) == ()) is counts


def test_an_item_without_a_standing_decision_is_named() -> None:
    fallen = tuple(msgspec.structs.replace(one, standing=False) for one in ITEMS[1].decisions)
    assert missing((msgspec.structs.replace(ITEMS[1], decisions=fallen),), ANSWERS, a_case()) == (Question.DECISIONS,)
    assert missing((RecordedItem(item=ITEMS[1].item),), ANSWERS, a_case()) == (Question.DECISIONS,)


def test_a_decision_that_only_takes_back_is_none() -> None:
    (one,) = ITEMS[1].decisions
    taken_back = msgspec.structs.replace(one, decision=msgspec.structs.replace(one.decision, change=Change.VOID))
    record = msgspec.structs.replace(ITEMS[1], decisions=(taken_back,))
    assert missing((record,), ANSWERS, a_case()) == (Question.DECISIONS,)


def test_an_unsettled_item_is_named_as_that_and_not_as_undecided() -> None:
    unsettled = RecordedItem(item=ITEMS[1].item, unsettled=True)
    assert missing((ITEMS[0], unsettled), ANSWERS, a_case()) == (Question.READINGS,)


def test_what_is_known_is_filled_in() -> None:
    answers = prefilled(a_case(), TERMS)
    assert answers.accounts == "example-handle-1"
    assert answers.legal_basis == "Order 17/2026"
    assert answers.contact == "Example Platform Ltd, Example Desk, desk@example.invalid, +1 555 0100"
    assert answers.retention == "365 days from the day it is sent (Example Act, section 1)"
    assert (answers.imminence, answers.location_clues, answers.times) == ("", "", "")


def test_the_rule_of_retention_may_be_the_agencys_and_none_is_made_up() -> None:
    case = a_case()
    elsewhere = msgspec.structs.replace(case, referral=msgspec.structs.replace(case.referral, jurisdiction="ZZ"))
    assert prefilled(elsewhere, TERMS).retention == ""
    assert prefilled(elsewhere, TERMS, AGENCY).retention.startswith("365 days")


def test_a_name_without_a_way_to_reach_it_is_no_contact() -> None:
    assert prefilled(a_case(), HandoffTerms(organisation="Example", reporter_last_name="Desk")).contact == ""
