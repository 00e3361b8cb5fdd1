"""Packages, their steps, overrules, letters and preservation: recorded once, in order, never written over or cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from handing import a_package, a_step, a_version, an_overrule, kept_until
from house import BOSS, GATE, NOON, ONE, TWO, House
from test_case_keys_over_http import consent, enrolled, refusal

from reviewer.casesystem.handoff_tables import overrules
from reviewer.model.cases import Item
from reviewer.model.handoff import NewLetter, StepKind
from reviewer.sync.client import CaseSystem

__all__ = ["enrolled"]

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
SENT, RECEIVED, RETRACTED = a_step(StepKind.SENT, to="north"), a_step(StepKind.RECEIVED), a_step(StepKind.RETRACTED)


@pytest.fixture(autouse=True)
def _case(taken_in: TakeIn) -> None:
    taken_in(size=1000)


def destroy(as_member: As) -> None:
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    as_member(GATE).keys.consent("case-1", consent(GATE))


# packages


def test_a_package_is_recorded_once_and_begins_with_built(as_member: As, house: House) -> None:
    one, new = as_member(ONE).handed_off, a_package(built_at=NOON - timedelta(hours=2))
    recorded = one.add(new)
    house.clock.advance(60)
    assert one.add(new) == as_member(TWO).handed_off.add(new) == recorded
    (step,) = recorded.steps
    assert (step.kind, step.at, step.recorded_at, step.by) == (StepKind.BUILT, new.built_at, NOON, "Reviewer 01")
    assert (recorded.made, recorded.built_by, recorded.case_number) == (new, "Reviewer 01", "2026-case-1")
    assert refusal(lambda: one.add(a_package(items=4))) == "handoff-differs"
    house.clock.advance(60)
    later = one.add(a_package("handoff-2"))
    assert as_member(BOSS).handed_off.of_case("case-1") == (recorded, later)
    assert one.one("handoff-2") == later
    assert refusal(lambda: one.one("handoff-3")) == "no-such-handoff"


def test_a_step_lies_between_the_building_and_now(as_member: As, house: House) -> None:
    one, hour = as_member(ONE).handed_off, timedelta(hours=1)
    one.add(a_package())
    one.add(a_package("ahead", built_at=NOON + hour))
    house.clock.advance(3600)
    for wrong in (NOON - timedelta(minutes=6), NOON + hour + timedelta(minutes=6)):
        step = a_step(StepKind.SENT, "wrong", wrong)
        assert refusal(lambda step=step: one.step("handoff-1", step)) == "step-time"  # type: ignore[misc]
    kept = one.step("handoff-1", a_step(StepKind.SENT, "early", NOON - timedelta(minutes=4)))
    kept = one.step("handoff-1", a_step(StepKind.SENT, "late", NOON + hour + timedelta(minutes=4)))
    assert [step.id for step in kept.steps] == ["handoff-1", "early", "late"]
    assert one.step("ahead", a_step(StepKind.SENT, "same-clock", NOON + 2 * hour)).step(StepKind.SENT) is not None
    too_far = a_step(StepKind.SENT, "too-far", NOON + 2 * hour + timedelta(minutes=6))
    assert refusal(lambda: one.step("ahead", too_far)) == "step-time"


def test_each_step_is_said_by_somebody_and_in_order(as_member: As, house: House) -> None:
    one, two = as_member(ONE).handed_off, as_member(TWO).handed_off
    one.add(a_package())
    for early in (RECEIVED, RETRACTED, a_step(StepKind.BUILT)):
        assert refusal(lambda early=early: one.step("handoff-1", early)) == "step-order"  # type: ignore[misc]
    house.clock.advance(60)
    assert two.step("handoff-1", SENT).step(StepKind.RECEIVED) is None, "sent is not received"
    receipt = msgspec.structs.replace(RECEIVED, receipt="N-4711", receipt_sha256="c" * 64, words="by post")
    steps = one.step("handoff-1", receipt).steps
    assert one.step("handoff-1", receipt).steps == two.step("handoff-1", SENT).steps == steps, "told again it is one"
    assert [(step.kind, step.by) for step in steps] == [
        (StepKind.BUILT, "Reviewer 01"),
        (StepKind.SENT, "Reviewer 02"),
        (StepKind.RECEIVED, "Reviewer 01"),
    ]
    assert (steps[2].receipt, steps[2].receipt_sha256, steps[2].words) == ("N-4711", "c" * 64, "by post")
    assert refusal(lambda: one.step("handoff-1", RECEIVED)) == "step-differs"
    one.add(a_package("handoff-2"))
    assert refusal(lambda: one.step("handoff-2", SENT)) == "step-differs"
    assert refusal(lambda: one.step("handoff-2", a_step(StepKind.RECEIVED, "other"))) == "step-order"
    assert one.step("handoff-1", RETRACTED).steps[:3] == steps


@pytest.mark.parametrize(
    "fields",
    [
        {"case_id": "case-2"},
        {"id": "../x"},
        {"package_sha256": "A" * 64},
        {"tagmanifest_sha256": ""},
        {"package_size": 0},
        {"items": -1},
        {"envelope": "post"},
        {"agency": "north\nsouth"},
        {"agency_words": "\u202ehtroN"},
        {"missing": ["contact"]},
        {"missing": ["contact", "contact"], "overrule": "x", "overruled_by": BOSS},
        {"missing": ["everything"], "overrule": "x", "overruled_by": BOSS},
        {"overrule": "x", "overruled_by": BOSS},
    ],
)
def test_a_package_that_cannot_be_is_refused(raw: httpx.Client, house: House, fields: dict[str, object]) -> None:
    body = msgspec.json.encode(msgspec.to_builtins(a_package()) | fields)
    assert raw.post("cases/case-1/handoffs", content=body, headers=house.headers(ONE)).status_code == 422
    assert raw.get("cases/case-1/handoffs", headers=house.headers(ONE)).json() == {"handoffs": []}


def test_only_who_holds_the_key_records_a_package(as_member: As, taken_in: TakeIn) -> None:
    taken_in("item-2", "case-2", size=1000, shared=(ONE, GATE))
    as_member(ONE).handed_off.add(a_package(case_id="case-2"))
    for call in (
        lambda two: two.add(a_package("handoff-2", "case-2")),
        lambda two: two.of_case("case-2"),
        lambda two: two.one("handoff-1"),
        lambda two: two.step("handoff-1", SENT),
        lambda two: two.overrules("case-2"),
        lambda two: two.letters("case-2"),
        lambda two: two.keep_letter("case-2", a_version()),
        lambda two: two.preserve("case-2", kept_until("2027-11-21")),
    ):
        assert refusal(lambda call=call: call(as_member(TWO).handed_off)) == "no-key-for-you"  # type: ignore[misc]
    assert refusal(lambda: as_member(BOSS).handed_off.letters("case-2")) == "no-key-for-you"
    assert len(as_member(BOSS).handed_off.of_case("case-2")) == 1, "what was handed off a supervisor sees of every case"


# sealed all the same


def test_only_a_supervisors_own_word_lets_a_case_be_sealed_incomplete(as_member: As, house: House) -> None:
    boss, one = as_member(BOSS).handed_off, as_member(ONE).handed_off
    incomplete = a_package(missing=("times",), overrule=an_overrule().reason, overruled_by=BOSS)
    assert refusal(lambda: one.add(incomplete)) == "not-overruled"
    first = boss.overrule("case-1", an_overrule())
    assert boss.overrule("case-1", an_overrule()) == first
    assert (first.by, first.member_id, first.missing) == ("Supervisor 01", BOSS, ("contact", "times"))
    assert refusal(lambda: boss.overrule("case-1", an_overrule("overrule-1", "accounts"))) == "overrule-differs"
    for change in (
        {"missing": ("times", "accounts")},
        {"overrule": "another reason"},
        {"overruled_by": ONE},
        {"agency": "south"},
    ):
        other = msgspec.structs.replace(incomplete, **change)  # type: ignore[arg-type]
        assert refusal(lambda other=other: one.add(other)) == "not-overruled"  # type: ignore[misc]
    house.clock.advance(60)
    newest = boss.overrule("case-1", an_overrule("overrule-2", "accounts"))
    assert one.overrules("case-1") == (newest, first)
    assert one.add(incomplete).made == incomplete


def test_an_overrule_of_before_agencies_were_named_is_kept_and_lets_nothing_more_through(
    as_member: As, house: House, raw: httpx.Client
) -> None:
    boss, one = as_member(BOSS).handed_off, as_member(ONE).handed_off
    kept = boss.overrule("case-1", an_overrule())
    engine = sa.create_engine(f"sqlite:///{house.folder / 'case.db'}")
    with engine.begin() as connection:
        body = {"id": kept.id, "missing": list(kept.missing), "reason": kept.reason}
        connection.execute(sa.update(overrules).values(body=json.dumps(body)))
    engine.dispose()
    assert one.overrules("case-1") == (msgspec.structs.replace(kept, agency=""),)
    incomplete = a_package(missing=("times",), overrule=kept.reason, overruled_by=BOSS)
    assert refusal(lambda: one.add(incomplete)) == "not-overruled"
    nameless = msgspec.to_builtins(an_overrule("overrule-2")) | {"agency": ""}
    answered = raw.post("cases/case-1/overrules", json=nameless, headers=house.headers(BOSS))
    assert answered.status_code == 422
    boss.overrule("case-1", an_overrule("overrule-2"))
    assert one.add(incomplete).made == incomplete


# letters


def test_two_who_write_the_next_version_do_not_write_over_each_other(as_member: As, house: House) -> None:
    one, two = as_member(ONE).handed_off, as_member(TWO).handed_off
    first = one.keep_letter("case-1", a_version(1))
    assert one.keep_letter("case-1", a_version(1)) == first
    house.clock.advance(60)
    second = one.keep_letter("case-1", a_version(2, text="Dear all,\n\nas asked."))
    assert refusal(lambda: two.keep_letter("case-1", a_version(2, "theirs", text="Mine."))) == "letter-version"
    assert refusal(lambda: two.keep_letter("case-1", a_version(4))) == "letter-version"
    assert refusal(lambda: two.keep_letter("case-1", a_version(0))) == "letter-version"
    assert refusal(lambda: two.keep_letter("case-1", a_version(1, "version-1"))) == "letter-differs"
    third = two.keep_letter("case-1", a_version(3))
    another = two.keep_letter("case-1", a_version(1, "other", "letter-2"))
    assert set(one.letters("case-1")) == {first, second, third, another}
    assert [(kept.number, kept.by) for kept in one.letters("case-1") if kept.letter_id == "letter-1"] == [
        (1, "Reviewer 01"),
        (2, "Reviewer 01"),
        (3, "Reviewer 02"),
    ]


def test_a_letter_belongs_to_one_case(as_member: As, taken_in: TakeIn) -> None:
    taken_in("item-2", "case-2", size=1000)
    one = as_member(ONE).handed_off
    one.keep_letter("case-1", a_version(1))
    assert refusal(lambda: one.keep_letter("case-2", a_version(2))) == "letter-differs"
    assert one.letters("case-2") == ()


@pytest.mark.parametrize(
    "fields", [{"subject": ""}, {"subject": "a\nb"}, {"text": " "}, {"text": "x" * 20_001}, {"letter_id": "/"}]
)
def test_a_letter_that_cannot_be_is_refused(raw: httpx.Client, house: House, fields: dict[str, str]) -> None:
    letter: NewLetter = msgspec.structs.replace(a_version(), **fields)  # type: ignore[arg-type]
    answered = raw.post("cases/case-1/letters", content=msgspec.json.encode(letter), headers=house.headers(ONE))
    assert answered.status_code == 422


def test_a_letter_may_be_as_long_as_it_may_be(as_member: As) -> None:
    text = '"\u4e00' * 10_000
    assert as_member(ONE).handed_off.keep_letter("case-1", a_version(text=text)).text == text


# how long it is kept


def test_a_preservation_is_extended_and_never_cut(as_member: As) -> None:
    one = as_member(ONE).handed_off
    first = one.preserve("case-1", kept_until("2027-02-01"))
    assert (first.ends_on, first.due, first.over, first.destroyed) == ("2027-02-01", False, False, False)
    for shorter in (kept_until("2027-01-31"), kept_until("2027-02-01", basis="Act 8")):
        assert refusal(lambda new=shorter: one.preserve("case-1", new)) == "preservation-shorter"  # type: ignore[misc]
    extended = kept_until("2028-02-01", " northLAND ".strip(), starts_on="2027-01-01", basis="Order 9", remind_days=7)
    later = one.preserve("case-1", extended)
    assert (later.starts_on, later.ends_on, later.basis, later.remind_days) == (
        "2026-11-21",
        "2028-02-01",
        "Order 9",
        7,
    )
    assert one.preserve("case-1", kept_until("2027-02-01")) == later, "the first one sent again changes nothing"
    other = one.preserve("case-1", kept_until("2026-12-24", "Southland"))
    assert as_member(GATE).handed_off.preservations() == (other, later)


@pytest.mark.parametrize("jurisdiction", ["Northland", "Southland"])
def test_a_preservation_by_somebody_who_could_not_read_the_case_is_named_until_somebody_who_can_records_it(
    as_member: As, jurisdiction: str
) -> None:
    one, boss = as_member(ONE).handed_off, as_member(BOSS).handed_off
    agencys = kept_until("2027-02-01")
    assert boss.preserve("case-1", msgspec.structs.replace(agencys, unread=True)).unread
    assert [found.unread for found in boss.preservations()] == [True]
    assert not one.preserve("case-1", msgspec.structs.replace(agencys, jurisdiction=jurisdiction)).unread
    found = boss.preservations()
    assert [one.unread for one in found] == [False] * len({"Northland", jurisdiction})


@pytest.mark.parametrize(
    ("day", "due", "over"),
    [
        ("2026-12-30", False, False),
        ("2026-12-31", True, False),
        ("2027-01-10", True, False),
        ("2027-01-11", True, True),
    ],
)
def test_the_clock_of_the_service_says_what_is_due_and_over(
    as_member: As, house: House, day: str, due: bool, over: bool
) -> None:
    as_member(ONE).handed_off.preserve("case-1", kept_until("2027-01-10", remind_days=10))
    house.clock.at = NOON.fromisoformat(f"{day}T23:59:59+00:00")
    (found,) = as_member(BOSS).handed_off.preservations()
    assert (found.due, found.over) == (due, over)


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": "2026-11-20"},
        {"ends_on": "2126-11-21"},
        {"ends_on": "20270101"},
        {"ends_on": "2027-02-30"},
        {"ends_on": "2027-W01-1"},
        {"starts_on": "yesterday"},
        {"jurisdiction": ""},
        {"remind_days": -1},
    ],
)
def test_a_preservation_that_cannot_be_is_refused(
    raw: httpx.Client, house: House, as_member: As, fields: dict[str, object]
) -> None:
    body = msgspec.json.encode(msgspec.to_builtins(kept_until("2027-11-21")) | fields)
    assert raw.put("cases/case-1/preservation", content=body, headers=house.headers(ONE)).status_code == 422
    assert as_member(BOSS).handed_off.preservations() == ()


def test_no_case_is_destroyed_while_it_is_preserved(
    as_member: As, house: House, raw: httpx.Client, enrolled: None
) -> None:
    one, boss, gate = as_member(ONE).handed_off, as_member(BOSS), as_member(GATE)
    one.preserve("case-1", kept_until("2026-11-21", "Southland"))
    body = msgspec.json.encode({"note": consent(BOSS)})
    answered = raw.post("cases/case-1/destruction", content=body, headers=house.headers(BOSS))
    assert (answered.status_code, "2026-11-21" in answered.json()["detail"]) == (409, True)
    assert refusal(lambda: boss.keys.consent("case-1", consent(BOSS))) == "preservation-runs"
    assert boss.keys.destruction("case-1") is None
    house.clock.advance(86_400)
    boss.keys.consent("case-1", consent(BOSS))
    # Whatever begins between the two consents counts as well.
    one.preserve("case-1", kept_until("2026-11-24"))
    assert refusal(lambda: gate.keys.consent("case-1", consent(GATE))) == "preservation-runs"
    house.clock.advance(3 * 86_400)
    assert gate.keys.consent("case-1", consent(GATE)).destroyed_at is not None
    assert [found.destroyed for found in boss.handed_off.preservations()] == [True, True]


def test_a_destroyed_case_keeps_what_was_handed_off_and_no_letter(as_member: As, house: House, enrolled: None) -> None:
    one = as_member(ONE).handed_off
    one.add(a_package())
    one.step("handoff-1", SENT)
    one.keep_letter("case-1", a_version(text="the gardener's address"))
    overruled = as_member(BOSS).handed_off.overrule("case-1", an_overrule())
    destroy(as_member)
    assert one.step("handoff-1", RECEIVED).step(StepKind.RECEIVED) is not None, "a receipt comes long after"
    assert one.overrules("case-1") == (overruled,)
    assert refusal(lambda: one.letters("case-1")) == "case-destroyed"
    assert refusal(lambda: one.keep_letter("case-1", a_version(2))) == "case-destroyed"
    assert refusal(lambda: one.preserve("case-1", kept_until("2027-01-01"))) == "case-destroyed"
    files = [path.read_bytes() for path in house.folder.glob("case.db*")]
    assert files
    assert not any(b"the gardener's address" in held for held in files)
