"""What stands around a case: only what this person may know, coarse on who, blind on what is still open."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest
from house import BOSS, GATE, NOON, ONE, SEALED, TWO, House, a_case, a_decision, an_event, an_item, ciphertext, decided

from reviewer.model.cases import Item
from reviewer.model.decisions import Action
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.events import AnswerStatus, EventType
from reviewer.model.payloads import ItemHeld, MessageWritten
from reviewer.model.readings import GoldenAnswer
from reviewer.model.related import CaseEventKind, ItemState, NewOutcome, OutcomeKind
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]

SAFE = NewOutcome(id="outcome-1", kind=OutcomeKind.SAFEGUARDED, text="The gardener is back home.")


def on_account(as_member: As, case_id: str, account: str, shared: tuple[str, ...]) -> None:
    """A case on this account with one item, `item-of-<case>`."""
    case = a_case(case_id)
    referral = msgspec.structs.replace(case.referral, account=account)
    gate = as_member(GATE)
    gate.register_case(msgspec.structs.replace(case, referral=referral), dict.fromkeys(shared, b"sealed"))
    gate.register_item(an_item(f"item-of-{case_id}", case_id, ciphertext(100, seed=len(case_id))))


def test_the_timeline_says_what_happened_by_day_and_not_who_did_how_much(as_member: As, taken_in: TakeIn) -> None:
    for number in range(3):
        taken_in(f"item-{number}")
    one, two = as_member(ONE), as_member(TWO)
    one.post_events([decided(a_decision(ONE, "item-0")), decided(a_decision(ONE, "item-1"))])
    two.post_events([decided(a_decision(TWO, "item-2"))])
    message = MessageWritten(case_id="case-1", text="Good morning.", written_at=NOON)
    two.post_events([an_event(message, EventType.CASE_MESSAGE, TWO)])
    as_member(BOSS).colleagues.record_outcome("case-1", SAFE)
    related = one.colleagues.related("case-1")
    assert [(event.day, event.kind, event.count, event.who) for event in related.timeline] == [
        ("2026-11-21", CaseEventKind.ARRIVED, 1, ()),
        ("2026-11-21", CaseEventKind.TAKEN_IN, 3, ("Intake 01",)),
        ("2026-11-21", CaseEventKind.DECIDED, 3, ("Reviewer 01", "Reviewer 02")),
        ("2026-11-21", CaseEventKind.MESSAGES, 1, ("Reviewer 02",)),
        ("2026-11-21", CaseEventKind.OUTCOME, 1, ("Supervisor 01",)),
    ]
    assert [line.state for line in related.items] == [ItemState.DECIDED] * 3
    assert (related.waiting, related.decided) == (0, 3)


def test_a_colleagues_decision_on_an_item_that_is_still_open_is_not_told(as_member: As, taken_in: TakeIn) -> None:
    """A wish for a second look leaves the item open: the second reader must not learn of it here."""
    taken_in("item-1")
    taken_in("item-2")
    first = a_decision(ONE, "item-1", action=Action.SECOND_LOOK, rationale="A shed behind the house.")
    one, two = as_member(ONE), as_member(TWO)
    one.post_events([decided(first), decided(a_decision(ONE, "item-2", action=Action.REMOVE))])
    blind = two.colleagues.related("case-1")
    assert [(line.item_id, line.state, line.category, line.action) for line in blind.items] == [
        ("item-1", ItemState.WAITING, "", None),
        ("item-2", ItemState.DECIDED, "other", Action.REMOVE),
    ]
    assert [event.count for event in blind.timeline if event.kind is CaseEventKind.DECIDED] == [1]
    assert b"second_look" not in msgspec.json.encode(blind)
    own = one.colleagues.related("case-1")
    assert [event.count for event in own.timeline if event.kind is CaseEventKind.DECIDED] == [2]
    two.post_events([decided(a_decision(TWO, "item-1"))])
    settled = two.colleagues.related("case-1")
    assert [event.count for event in settled.timeline if event.kind is CaseEventKind.DECIDED] == [3]


def test_an_item_set_aside_says_so_and_not_by_whom(as_member: As, taken_in: TakeIn) -> None:
    taken_in("item-1")
    taken_in("item-2")
    one = as_member(ONE)
    (answer,) = one.post_events([an_event(ItemHeld(item_id="item-1", held=True), EventType.ITEM_HELD, ONE)])
    assert answer.status is AnswerStatus.ACCEPTED, answer.reason
    related = as_member(TWO).colleagues.related("case-1")
    assert [line.state for line in related.items] == [ItemState.HELD, ItemState.WAITING]
    assert (related.waiting, related.held, related.decided) == (1, 1, 0)
    (held,) = [event for event in related.timeline if event.kind is CaseEventKind.HELD]
    assert (held.count, held.who) == (1, ())


def test_a_calibration_item_looks_like_one_that_waits(as_member: As, taken_in: TakeIn) -> None:
    """Its decision is known, and this person may be offered it blind: neither it nor that it was made is told."""
    taken_in("item-1")
    made = a_decision(ONE, "item-1", action=Action.PRESERVE)
    as_member(ONE).post_events([decided(made)])
    two, boss = as_member(TWO), as_member(BOSS)
    assert two.colleagues.related("case-1").items[0].action is Action.PRESERVE
    boss.readings.mark_golden(
        "item-1", GoldenAnswer(category="other", severity=1, action=Action.PRESERVE, note="two sheds")
    )
    related = two.colleagues.related("case-1")
    assert (related.items[0].state, related.items[0].action) == (ItemState.WAITING, None)
    assert (related.waiting, related.decided) == (1, 0)
    assert all(event.kind is not CaseEventKind.DECIDED for event in related.timeline)
    assert as_member(ONE).colleagues.related("case-1").items[0].state is ItemState.DECIDED
    assert boss.colleagues.related("case-1").items[0].state is ItemState.DECIDED


def test_decisions_on_the_same_account_come_from_shared_cases_only(as_member: As) -> None:
    on_account(as_member, "case-1", "Garden Friend 7", (ONE, TWO, GATE))
    on_account(as_member, "case-2", " garden  friend 7", (ONE, GATE))
    on_account(as_member, "case-3", "GARDEN FRIEND 7", (TWO, GATE))
    on_account(as_member, "case-4", "somebody else", (ONE, TWO, GATE))
    one, two, boss = as_member(ONE), as_member(TWO), as_member(BOSS)
    for member, case_id in ((ONE, "case-2"), (TWO, "case-3"), (ONE, "case-4")):
        made = a_decision(member, f"item-of-{case_id}", case_id=case_id, action=Action.PRESERVE)
        (answer,) = as_member(member).post_events([decided(made)])
        assert answer.status is AnswerStatus.ACCEPTED, answer.reason
    for client, expected in ((one, ["case-2"]), (two, ["case-3"]), (boss, ["case-2", "case-3"])):
        related = client.colleagues.related("case-1")
        assert sorted(line.case_id for line in related.earlier) == expected
        assert related.other_cases == len(expected)
        assert all(line.action is Action.PRESERVE and line.day == "2026-11-21" for line in related.earlier)
        assert b"Reviewer 0" not in msgspec.json.encode(related.earlier)
    assert one.colleagues.related("case-4").earlier == ()


def test_a_case_without_an_account_is_related_to_none(as_member: As) -> None:
    on_account(as_member, "case-1", "", (ONE, GATE))
    on_account(as_member, "case-2", "  ", (ONE, GATE))
    as_member(ONE).post_events([decided(a_decision(ONE, "item-of-case-2", case_id="case-2"))])
    assert as_member(ONE).colleagues.related("case-1").other_cases == 0


def test_who_may_look(as_member: As, taken_in: TakeIn) -> None:
    taken_in(shared=(ONE, GATE))
    assert as_member(ONE).colleagues.related("case-1").case_id == "case-1"
    assert as_member(BOSS).colleagues.related("case-1").case_id == "case-1"
    with pytest.raises(CaseSystemRefused) as refused:
        as_member(TWO).colleagues.related("case-1")
    assert slug_of(refused.value.problem_type) == "no-key-for-you"
    with pytest.raises(RoleRefused):
        as_member(GATE).colleagues.related("case-1")


def test_a_supervisor_who_is_not_on_the_case_is_not_told_that_colleagues_talk(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    message = MessageWritten(case_id="case-1", text="Good morning.", written_at=NOON)
    as_member(ONE).post_events([an_event(message, EventType.CASE_MESSAGE, ONE)])
    kinds = [event.kind for event in as_member(BOSS).colleagues.related("case-1").timeline]
    assert CaseEventKind.MESSAGES not in kinds


def test_an_outcome_reaches_those_who_worked_on_the_case(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one, two, boss = as_member(ONE), as_member(TWO), as_member(BOSS)
    one.post_events([decided(a_decision(ONE))])
    recorded = boss.colleagues.record_outcome("case-1", SAFE)
    assert boss.colleagues.record_outcome("case-1", SAFE) == recorded
    assert one.colleagues.outcomes() == (recorded,)
    assert (recorded.case_number, recorded.kind, recorded.day) == ("2026-case-1", SAFE.kind, "2026-11-21")
    assert two.colleagues.outcomes() == ()
    assert two.colleagues.related("case-1").outcomes == (recorded,)
    # Also when the case is not shared with them any more.
    as_member(GATE).share_case("case-1", {TWO: b"sealed", GATE: b"sealed"})
    assert one.colleagues.outcomes() == (recorded,)


def test_only_supervisors_and_intake_record_outcomes(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    with pytest.raises(RoleRefused):
        as_member(ONE).colleagues.record_outcome("case-1", SAFE)
    later = NewOutcome(id="outcome-2", kind=OutcomeKind.ARREST)
    assert as_member(GATE).colleagues.record_outcome("case-1", later).text == ""


def test_an_outcome_that_cannot_be_used_changes_nothing(as_member: As, raw: httpx.Client, house: House) -> None:
    on_account(as_member, "case-1", "", tuple(SEALED))
    boss = as_member(BOSS)
    boss.colleagues.record_outcome("case-1", SAFE)
    for body, status in (
        (b'{"id":"outcome-2","kind":"medal","text":""}', 422),
        (msgspec.json.encode({"id": "outcome-2", "kind": "arrest", "text": "x" * 501}), 422),
        (msgspec.json.encode({"id": "outcome-2", "kind": "arrest", "text": "a\x00"}), 422),
        (msgspec.json.encode({"id": "no id", "kind": "arrest", "text": ""}), 422),
        (msgspec.json.encode({"id": "outcome-1", "kind": "arrest", "text": ""}), 409),
    ):
        answer = raw.post("cases/case-1/outcomes", content=body, headers=house.headers(BOSS))
        assert answer.status_code == status, body
    answer = raw.post("cases/none/outcomes", content=msgspec.json.encode(SAFE), headers=house.headers(BOSS))
    assert answer.status_code == 404
    assert [outcome.id for outcome in boss.colleagues.related("case-1").outcomes] == ["outcome-1"]
