"""Calibration items: blind like any other, their answers nobody's but their maker's, and never counted as decisions."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from house import BOSS, ONE, THREE, TWO, House, a_decision, decided, passed

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change, Decision
from reviewer.model.errors import CaseSystemRefused, LeaseLost
from reviewer.model.events import AnswerStatus
from reviewer.model.readings import GoldenAnswer
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
RIGHT = GoldenAnswer(category="other", severity=1, action=Action.REMOVE, note="the fence is the neighbour's")


def send(client: CaseSystem, *decisions: Decision) -> list[AnswerStatus]:
    return [answer.status for answer in client.post_events([decided(one) for one in decisions])]


@pytest.fixture
def golden(as_member: As, taken_in: TakeIn) -> str:
    item = taken_in()
    send(as_member(ONE), a_decision(ONE, action=Action.REMOVE, rationale="greenhouse", labels=("greenhouse",)))
    as_member(BOSS).readings.mark_golden(item.id, RIGHT)
    return item.id


def test_it_looks_like_any_other_item(
    as_member: As, golden: str, taken_in: TakeIn, raw: httpx.Client, house: House
) -> None:
    taken_in("item-2")
    listed = {entry.item.id: entry for entry in as_member(TWO).queue()}
    one, other = listed[golden], listed["item-2"]
    assert (one.round, one.notes, one.held, one.assigned_to) == (
        other.round,
        other.notes,
        other.held,
        other.assigned_to,
    )
    as_member(TWO).lease(golden)
    for path in ("queue", f"items/{golden}", "readings/mine", "calibrations/mine"):
        answered = raw.get(path, headers=house.headers(TWO))
        assert answered.status_code == 200
        assert "greenhouse" not in answered.text, path
    # Around the case it is one more item that waits.
    around = raw.get("cases/case-1/related", headers=house.headers(TWO))
    assert "remove" not in around.text
    assert (around.json()["waiting"], around.json()["decided"]) == (2, 0)
    # Whoever decided it for real is not asked again.
    assert [entry.item.id for entry in as_member(ONE).queue()] == ["item-2"]


def test_the_answer_is_compared_for_its_maker_alone(
    as_member: As, golden: str, raw: httpx.Client, house: House
) -> None:
    as_member(TWO).lease(golden)
    assert send(as_member(TWO), a_decision(TWO, action=Action.PRESERVE)) == [AnswerStatus.ACCEPTED]
    (mine,) = as_member(TWO).readings.calibrations()
    assert (mine.differ, mine.golden.note, mine.yours.action) == (("action",), RIGHT.note, Action.PRESERVE)
    assert as_member(THREE).readings.calibrations() == ()
    assert raw.get("calibrations/mine", headers=house.headers(BOSS)).status_code == 403
    # Nothing a supervisor can ask has changed by it.
    for path in ("golden", "agreement", "decisions?case=case-1", "cases/case-1/related", "decisions/count"):
        answered = raw.get(path, headers=house.headers(BOSS))
        assert answered.status_code == 200, path
        assert "preserve" not in answered.text, path
        assert "Reviewer 02" not in answered.text, path


def test_it_is_no_decision(as_member: As, golden: str, raw: httpx.Client, house: House) -> None:
    before = raw.get("decisions?case=case-1", headers=house.headers(BOSS)).json()
    as_member(TWO).lease(golden)
    event = decided(a_decision(TWO, action=Action.PRESERVE))
    assert as_member(TWO).post_events([event])[0].status is AnswerStatus.ACCEPTED
    assert as_member(TWO).post_events([event])[0].status is AnswerStatus.DUPLICATE
    assert as_member(TWO).decision_count() == 1
    assert raw.get("decisions?case=case-1", headers=house.headers(BOSS)).json() == before
    assert as_member(ONE).readings.mine() == as_member(TWO).readings.mine() == ()
    assert as_member(TWO).queue() == ()
    assert [entry.item.id for entry in as_member(THREE).queue()] == [golden]


def test_an_undone_answer_can_be_given_again_and_amended(as_member: As, golden: str) -> None:
    reviewer = as_member(TWO)
    reviewer.lease(golden)
    first = a_decision(TWO, action=Action.PRESERVE)
    send(reviewer, first)
    assert send(reviewer, a_decision(TWO, action=Action.REMOVE)) == [AnswerStatus.REJECTED]
    assert send(reviewer, a_decision(TWO, change=Change.VOID, replaces=first.id)) == [AnswerStatus.ACCEPTED]
    assert reviewer.readings.calibrations() == ()
    assert [entry.item.id for entry in reviewer.queue()] == [golden]
    again = a_decision(TWO, action=Action.PRESERVE)
    amended = a_decision(TWO, action=Action.REMOVE, change=Change.AMEND, replaces=again.id)
    reviewer.lease(golden)
    assert send(reviewer, again, amended) == [AnswerStatus.ACCEPTED] * 2
    assert [one.differ for one in reviewer.readings.calibrations()] == [()]
    assert reviewer.decision_count() == 1


def test_a_real_decision_that_was_on_its_way_stays_a_decision(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(TWO).lease("item-1")
    late = a_decision(TWO, action=Action.PRESERVE)
    send(as_member(ONE), a_decision(ONE, action=Action.REMOVE))
    as_member(BOSS).readings.mark_golden("item-1", RIGHT)
    assert send(as_member(TWO), late) == [AnswerStatus.ACCEPTED]
    assert as_member(TWO).decision_count() == 2
    assert as_member(TWO).readings.calibrations() == ()


def test_one_at_a_time_none_after_it_was_passed_on_and_none_that_was_withdrawn(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    for number in (1, 2, 3):
        taken_in(f"item-{number}")
        send(as_member(ONE), a_decision(ONE, f"item-{number}"))
        as_member(BOSS).readings.mark_golden(f"item-{number}", RIGHT)
        house.clock.advance(1)
    offered = []
    for _ in range(2):
        (entry,) = as_member(TWO).queue()
        offered.append(entry.item.id)
        as_member(TWO).post_events([passed(TWO, entry.item.id)])
    assert offered == ["item-1", "item-2"]
    as_member(BOSS).readings.withdraw_golden("item-3")
    assert as_member(TWO).queue() == ()
    assert [one.item_id for one in as_member(BOSS).readings.golden()] == ["item-1", "item-2"]
    with pytest.raises(LeaseLost):
        as_member(TWO).lease("item-3")


def test_only_what_was_decided_is_marked(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    with pytest.raises(CaseSystemRefused, match="not been decided"):
        as_member(BOSS).readings.mark_golden("item-1", RIGHT)
    with pytest.raises(CaseSystemRefused):
        as_member(BOSS).readings.mark_golden("item-9", RIGHT)
    send(as_member(ONE), a_decision(ONE))
    with pytest.raises(CaseSystemRefused):
        as_member(BOSS).readings.mark_golden("item-1", GoldenAnswer(category="other", severity=9, action=Action.NONE))


def test_what_can_be_marked_is_what_was_decided_for_good_and_says_not_by_whom(
    as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House
) -> None:
    for number in (1, 2, 3):
        taken_in(f"item-{number}", size=1000 + number)
    send(as_member(ONE), a_decision(ONE, item_id="item-1", action=Action.REMOVE, rationale="greenhouse"))
    send(as_member(ONE), a_decision(ONE, item_id="item-2", action=Action.SECOND_LOOK))
    boss = as_member(BOSS).readings
    (found,) = boss.golden_candidates()
    assert (found.item_id, found.decided.action) == ("item-1", Action.REMOVE)
    said = raw.get("golden/candidates", headers=house.headers(BOSS)).text
    assert ONE not in said
    assert "Reviewer 01" not in said
    assert "greenhouse" not in said
    boss.mark_golden("item-1", RIGHT)
    assert boss.golden_candidates() == ()
    boss.withdraw_golden("item-1")
    assert [one.item_id for one in boss.golden_candidates()] == ["item-1"]
