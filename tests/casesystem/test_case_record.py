"""A case's record: all that was decided and seen, for who holds the key, and nothing anybody is to be blind to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import msgspec
import pytest
from handing import saw
from house import BOSS, GATE, NOON, ONE, SEALED, THREE, TWO, House, a_decision, an_event, decided, passed
from test_case_keys_over_http import consent, enrolled
from test_checkpoints_anchored import leaves, proof, root
from test_second_readings import accepted, proposed

from reviewer.casesystem import case_record
from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change, Decision, ViewingRecord
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.events import AnswerStatus, EventType
from reviewer.model.handoff import RECORD_PAGE, RecordedItem
from reviewer.model.payloads import CheckpointMade, ItemHeld
from reviewer.model.readings import GoldenAnswer
from reviewer.model.supervision import RECORD_LOOK
from reviewer.model.taxonomy import SecondReview
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault.signed_note import Signer

__all__ = ["enrolled"]

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
WITH_BOSS = (*SEALED, BOSS)


@pytest.fixture
def asked() -> SecondReview:
    return SecondReview(actions=("remove",))


@pytest.fixture
def house(tmp_path: Path, asked: SecondReview) -> House:
    return House(tmp_path, second_review=asked)


def send(client: CaseSystem, *decisions: Decision) -> None:
    answers = client.post_events([decided(one) for one in decisions])
    assert {answer.status for answer in answers} == {AnswerStatus.ACCEPTED}


def the_item(client: CaseSystem, item_id: str = "item-1") -> RecordedItem:
    _, items, _ = client.handed_off.record("case-1")
    return next(one for one in items if one.item.id == item_id)


def test_every_decision_is_in_it_with_what_was_seen_by_whom_and_when(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    item = taken_in()
    first = a_decision(ONE)
    record = ViewingRecord(item_id="item-1", viewer=ONE, opened_at=NOON, closed_at=NOON, seconds={"clear": 7.5})
    as_member(ONE).post_events([decided(first, record)])
    house.clock.advance(60)
    amended = a_decision(ONE, change=Change.AMEND, replaces=first.id)
    void = a_decision(ONE, change=Change.VOID, replaces=amended.id)
    again = a_decision(ONE, action=Action.PRESERVE)
    send(as_member(ONE), amended, void, again)
    case, (one,), anchors = as_member(TWO).handed_off.record("case-1")
    assert (case.id, one.item, anchors, one.unsettled, one.seen) == ("case-1", item, (), False, True)
    assert [made.decision for made in one.decisions] == [first, amended, void, again]
    assert [made.standing for made in one.decisions] == [False, False, False, True]
    assert [(made.recorded_at - NOON).total_seconds() for made in one.decisions] == [0.0, 60.0, 60.0, 60.0]
    assert (one.decisions[0].viewing_record, one.decisions[0].author) == (record, "Reviewer 01")
    assert one.standing is not None
    assert one.standing.decision == again


def test_pages_hold_every_item_once_by_exhibit(
    as_member: As, taken_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"item-{n:03}" for n in (5, 3, 9, 1, 7)]
    for item_id in ids:
        taken_in(item_id, size=1000)
        send(as_member(ONE), a_decision(ONE, item_id, rationale="x" * 1000))
    taken_in("item-other", "case-2", size=1000)

    def listed() -> list[str]:
        return [one.item.id for one in as_member(TWO).handed_off.record("case-1")[1]]

    assert len(ids) <= RECORD_PAGE
    assert listed() == sorted(ids)
    monkeypatch.setattr(case_record, "RECORD_PAGE", 2)
    assert listed() == sorted(ids)
    # Long words make pages shorter; one item there always is.
    monkeypatch.setattr(case_record, "MAX_PAGE_BYTES", 1)
    assert listed() == sorted(ids)


def test_readings_under_way_or_that_differ_are_withheld_from_everybody(
    as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House
) -> None:
    taken_in(shared=WITH_BOSS)

    def nobody_reads() -> None:
        for who in (ONE, TWO, THREE, BOSS):
            answered = raw.get("cases/case-1/record", headers=house.headers(who))
            assert answered.status_code == 200
            assert "greenhouse" not in answered.text, who
            one = the_item(as_member(who))
            assert (one.unsettled, one.decisions, one.seen) == (True, (), True), who

    assert not the_item(as_member(TWO)).unsettled, "nobody decided: there is nothing to be blind to"
    one, two = a_decision(ONE, action=Action.REMOVE, rationale="greenhouse"), a_decision(TWO, rationale="greenhouse")
    send(as_member(ONE), one)
    nobody_reads()
    send(as_member(TWO), two)
    nobody_reads()
    third = a_decision(THREE, action=Action.PRESERVE)
    as_member(THREE).lease("item-1")
    send(as_member(THREE), third)
    settled = the_item(as_member(ONE))
    assert [made.decision for made in settled.decisions] == [one, two, third]
    # What a third decided stands for all; it was said otherwise by those before.
    assert [made.standing for made in settled.decisions] == [False, False, True]
    # Taken back it is open again.
    send(as_member(THREE), a_decision(THREE, change=Change.VOID, replaces=third.id, rationale="greenhouse"))
    nobody_reads()


@pytest.mark.parametrize("asked", [SecondReview(actions=("remove",), settled_by="consensus")])
def test_what_two_have_to_agree_on_is_withheld_until_they_did(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    send(as_member(ONE), a_decision(ONE, action=Action.REMOVE))
    send(as_member(TWO), a_decision(TWO))
    offer = a_decision(ONE, action=Action.RESTRICT)
    as_member(ONE).post_events([proposed(offer)])  # type: ignore[list-item]
    assert the_item(as_member(THREE)).unsettled
    as_member(TWO).post_events([accepted(TWO, offer.id)])  # type: ignore[list-item]
    agreed = the_item(as_member(THREE))
    assert not agreed.unsettled
    assert agreed.standing is not None
    assert agreed.standing.decision.action is Action.RESTRICT


def test_an_item_given_back_for_a_second_look_is_withheld(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    send(as_member(ONE), a_decision(ONE, action=Action.SECOND_LOOK, rationale="not sure"))
    assert the_item(as_member(TWO)).unsettled


def test_a_calibration_item_looks_like_one_whose_readings_are_under_way(as_member: As, taken_in: TakeIn) -> None:
    taken_in(shared=WITH_BOSS)
    send(as_member(ONE), a_decision(ONE, rationale="greenhouse"))
    assert not the_item(as_member(TWO)).unsettled
    as_member(BOSS).readings.mark_golden("item-1", GoldenAnswer(category="other", severity=1, action=Action.REMOVE))
    assert (the_item(as_member(TWO)).unsettled, the_item(as_member(TWO)).decisions) == (True, ())
    assert not the_item(as_member(ONE)).unsettled, "who decided it for real is not asked"
    assert not the_item(as_member(BOSS)).unsettled
    as_member(TWO).lease("item-1")
    answer = a_decision(TWO, action=Action.RESTRICT, rationale="what two answered")
    send(as_member(TWO), answer)
    for who in (ONE, TWO, THREE, BOSS):
        assert answer.id not in [made.decision.id for made in the_item(as_member(who)).decisions], who
    assert not the_item(as_member(TWO)).unsettled


@pytest.mark.parametrize(
    "leave", [lambda: passed(), lambda: an_event(ItemHeld(item_id="item-1", held=True), EventType.ITEM_HELD)]
)
def test_who_saw_it_and_decided_nothing_saw_it_all_the_same(
    as_member: As, taken_in: TakeIn, leave: Callable[[], object]
) -> None:
    taken_in()
    taken_in("item-2")
    as_member(ONE).post_events([leave()])  # type: ignore[list-item]
    assert not the_item(as_member(TWO)).seen, "passed on without a look"
    told = saw()
    assert [one.status for one in as_member(ONE).post_events([told])] == [AnswerStatus.ACCEPTED]
    assert the_item(as_member(TWO)).seen
    assert not the_item(as_member(TWO), "item-2").seen
    assert (the_item(as_member(TWO)).decisions, the_item(as_member(TWO)).unsettled) == ((), False)


def test_a_decision_from_the_notes_is_no_look(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    from_notes = ViewingRecord(item_id="item-1", viewer=ONE, seconds={"facts": 9.0}, decided_from_notes=True)
    as_member(ONE).post_events([decided(a_decision(ONE), from_notes)])
    assert not the_item(as_member(TWO)).seen


def test_that_it_was_seen_is_kept_without_a_time_and_once(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in()
    house.clock.advance(1234)
    event, again = saw(), saw()
    one = as_member(ONE)
    statuses = [answer.status for answer in (*one.post_events([event]), *one.post_events([event, again]))]
    assert statuses == [AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE, AnswerStatus.ACCEPTED]
    (unknown,) = one.post_events([saw(item_id="nothing")])
    assert unknown.status is AnswerStatus.REJECTED
    assert (one.own_data().seen, as_member(TWO).own_data().seen) == (1, 0)
    with closing(sqlite3.connect(house.folder / "case.db")) as db:
        assert db.execute("SELECT * FROM seen").fetchall() == [("item-1", ONE)]
        assert db.execute("SELECT count(*) FROM events").fetchone() == (0,), "ids and arrivals would tell the time"


def test_only_who_holds_the_key_reads_it(as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House) -> None:
    taken_in(shared=(ONE, GATE))
    for who in (TWO, BOSS):
        for path in ("cases/case-1/record", "cases/nowhere/record"):
            answered = raw.get(path, headers=house.headers(who))
            assert (answered.status_code, slug_of(answered.json()["type"])) == (404, "no-key-for-you")
    assert raw.get("cases/case-1/record?after=item-9", headers=house.headers(ONE)).status_code == 404


def test_people_are_told_who_read_when_and_how_they_decided(as_member: As, taken_in: TakeIn, house: House) -> None:
    for item_id in ("item-1", "item-2"):
        taken_in(item_id, shared=WITH_BOSS)
    send(as_member(ONE), a_decision(ONE), a_decision(ONE, "item-2", action=Action.REMOVE))
    send(as_member(TWO), a_decision(TWO, "item-2", action=Action.NONE))
    for _ in range(3):
        house.clock.advance(60)
        the_item(as_member(BOSS))
        the_item(as_member(ONE))
    assert [(look.viewer, look.purpose) for look in as_member(ONE).looks()] == [("Supervisor 01", RECORD_LOOK)]
    assert as_member(TWO).looks() == (), "theirs was withheld"
    house.clock.advance(86_400)
    the_item(as_member(BOSS))
    assert len(as_member(ONE).looks()) == 2


def test_a_destroyed_case_has_none(as_member: As, taken_in: TakeIn, enrolled: None) -> None:
    taken_in()
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    as_member(GATE).keys.consent("case-1", consent(GATE))
    with pytest.raises(CaseSystemRefused) as refused:
        as_member(ONE).handed_off.record("case-1")
    assert slug_of(refused.value.problem_type) == "case-destroyed"


def test_the_newest_checkpoint_of_each_signed_log_comes_along(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    log = leaves(5)

    def checkpoint(origin: str, size: int, before: int = 0) -> CheckpointMade:
        signer = Signer(origin, origin.encode().ljust(32))
        text = f"{origin}\n{size}\n{msgspec.json.encode(root(log[:size])).decode()[1:-1]}\n"
        way = tuple(proof(before, log[:size])) if before else ()
        return CheckpointMade(
            note=signer.sign(text),
            size=size,
            root=root(log[:size]),
            previous_size=before,
            proof=way,
            verifier=str(signer.verifier),
        )

    as_member(ONE).anchor(checkpoint("desk-1", 2))
    newest = checkpoint("desk-1", 5, before=2)
    as_member(ONE).anchor(newest)
    other = checkpoint("desk-2", 3)
    as_member(TWO).anchor(other)
    unsigned = msgspec.structs.replace(checkpoint("desk-3", 3), verifier="")
    as_member(THREE).anchor(unsigned)
    anchors = as_member(ONE).handed_off.record("case-1")[2]
    assert [(one.origin, one.note, one.verifier) for one in anchors] == [
        ("desk-1", newest.note, newest.verifier),
        ("desk-2", other.note, other.verifier),
    ]
