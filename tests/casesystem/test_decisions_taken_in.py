"""Promise 3 at the server: no decision is lost, doubled or silently failed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from house import BOSS, ONE, THREE, TWO, a_decision, decided, passed

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change, MessageMark
from reviewer.model.events import AnswerStatus
from reviewer.model.wire import DecisionPage
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def statuses(answers: tuple) -> list[AnswerStatus]:
    return [answer.status for answer in answers]


def test_a_decision_is_recorded_once_however_often_it_is_sent(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    reviewer = as_member(ONE)
    event = decided(a_decision())
    assert statuses(reviewer.post_events([event])) == [AnswerStatus.ACCEPTED]
    assert statuses(reviewer.post_events([event])) == [AnswerStatus.DUPLICATE]
    assert statuses(reviewer.post_events([event, event][:1])) == [AnswerStatus.DUPLICATE]
    assert reviewer.decision_count() == 1
    assert reviewer.queue() == ()


def test_a_colleague_who_was_second_keeps_every_word(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(ONE).post_events([decided(a_decision(ONE))])
    (answer,) = as_member(TWO).post_events([decided(a_decision(TWO))])
    assert answer.status is AnswerStatus.ACCEPTED
    assert as_member(ONE).decision_count() == 2


def test_void_returns_the_item_to_the_queue(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    reviewer = as_member(ONE)
    first = a_decision(rationale="written", labels=("a",))
    void = a_decision(change=Change.VOID, replaces=first.id)
    assert statuses(reviewer.post_events([decided(first), decided(void)])) == [AnswerStatus.ACCEPTED] * 2
    (entry,) = reviewer.queue()
    assert entry.notes == ()
    assert reviewer.decision_count() == 2
    again = a_decision()
    assert statuses(reviewer.post_events([decided(again)])) == [AnswerStatus.ACCEPTED]


def test_an_amendment_replaces_what_stands(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    reviewer = as_member(ONE)
    first = a_decision()
    amended = a_decision(change=Change.AMEND, replaces=first.id, rationale="better")
    stale = a_decision(change=Change.AMEND, replaces=first.id)
    answers = reviewer.post_events([decided(first), decided(amended), decided(stale)])
    assert statuses(answers) == [AnswerStatus.ACCEPTED, AnswerStatus.ACCEPTED, AnswerStatus.REJECTED]


def test_what_replaces_an_unknown_decision_waits_for_it(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    reviewer = as_member(ONE)
    first = a_decision()
    void = decided(a_decision(change=Change.VOID, replaces=first.id))
    assert statuses(reviewer.post_events([void])) == [AnswerStatus.RETRY]
    assert statuses(reviewer.post_events([decided(first), void])) == [AnswerStatus.ACCEPTED] * 2


def test_what_replaces_a_rejected_decision_is_rejected_too(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    reviewer = as_member(TWO)
    second = a_decision(TWO, action=Action.REPORT)
    void = decided(a_decision(TWO, change=Change.VOID, replaces=second.id))
    assert statuses(reviewer.post_events([void])) == [AnswerStatus.RETRY]
    rejected, answer = reviewer.post_events([decided(second), void])
    assert rejected.status is answer.status is AnswerStatus.REJECTED
    assert answer.reason == "The decision it replaces was not accepted, so there is nothing to replace."


def test_what_was_rejected_and_came_corrected_can_be_replaced(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    reviewer = as_member(ONE)
    wrong = a_decision(action=Action.REPORT)
    right = msgspec.structs.replace(wrong, rationale="because")
    void = a_decision(change=Change.VOID, replaces=wrong.id)
    assert statuses(reviewer.post_events([decided(wrong)])) == [AnswerStatus.REJECTED]
    assert statuses(reviewer.post_events([decided(right), decided(void)])) == [AnswerStatus.ACCEPTED] * 2


def test_a_colleagues_rejected_decision_says_nothing_about_mine(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    first = a_decision(ONE)
    assert statuses(as_member(TWO).post_events([decided(first)])) == [AnswerStatus.REJECTED]
    void = a_decision(ONE, change=Change.VOID, replaces=first.id)
    assert statuses(as_member(ONE).post_events([decided(void)])) == [AnswerStatus.RETRY]


def test_a_second_look_goes_to_somebody_else_with_the_notes_of_the_first(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(ONE).post_events([decided(a_decision(ONE, action=Action.SECOND_LOOK, rationale="unsure", labels=("x",)))])
    assert as_member(ONE).queue() == ()
    (entry,) = as_member(TWO).queue()
    assert [(note.author, note.text, note.labels) for note in entry.notes] == [("Reviewer 01", "unsure", ("x",))]
    as_member(TWO).post_events([decided(a_decision(TWO))])
    assert as_member(THREE).queue() == ()


def test_a_passed_on_item_goes_to_others_only(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    first = as_member(ONE)
    first.lease("item-1")
    assert statuses(first.post_events([passed(ONE)])) == [AnswerStatus.ACCEPTED]
    assert first.queue() == ()
    (entry,) = as_member(TWO).queue()
    assert entry.leased_to is None


def test_nobody_decides_in_another_name_or_without_the_role(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    (other,) = as_member(TWO).post_events([decided(a_decision(ONE))])
    (boss,) = as_member(BOSS).post_events([decided(a_decision(BOSS))])
    assert other.status is boss.status is AnswerStatus.REJECTED
    assert as_member(ONE).decision_count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grounds", ("x" * 65,)),
        ("labels", tuple(f"l{at}" for at in range(31))),
        ("classification", "C1"),
        ("age_group", ""),
        ("messages", (MessageMark(line=3), MessageMark(line=3))),
        ("rationale", "x" * 8001),
    ],
)
def test_answers_out_of_range_are_rejected_by_name(as_member: As, taken_in: TakeIn, field: str, value: object) -> None:
    taken_in()
    (answer,) = as_member(ONE).post_events([decided(msgspec.structs.replace(a_decision(), **{field: value}))])
    assert answer.status is AnswerStatus.REJECTED
    assert field in answer.reason


def test_all_answers_are_kept_and_given_out_without_who_gave_them(as_member: As, taken_in: TakeIn) -> None:
    item = taken_in()
    marks = (MessageMark(line=3, note="the place"),)
    answers = {"grounds": ("seen",), "classification": "A2", "age_group": "13-15", "messages": marks}
    as_member(ONE).post_events([decided(msgspec.structs.replace(a_decision(), **answers))])
    page = as_member(BOSS)._exchange.ask("GET", "decisions", DecisionPage, params={"case": item.case_id})[0]
    (kept,) = page.decisions
    assert {name: getattr(kept, name) for name in answers} == answers
