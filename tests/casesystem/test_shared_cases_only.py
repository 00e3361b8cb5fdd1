"""A reviewer reaches the items of the cases shared with them and no others; what they were given to do still counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from house import BOSS, GATE, ONE, TWO, a_decision, decided

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change
from reviewer.model.errors import CaseSystemRefused, LeaseLost
from reviewer.model.events import AnswerStatus
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def reaches(client: CaseSystem, item: Item) -> dict[str, Callable[[], object]]:
    return {
        "the item": lambda: client.keys.item(item.id),
        "its container": lambda: client.open_container(item.id, item.container_size).read(10),
        "the items of its case": lambda: list(client.keys.items(item.case_id)),
        "the key": lambda: client.case_key(item.case_id),
    }


def test_a_case_of_others_is_not_there(as_member: As, taken_in: TakeIn) -> None:
    theirs = taken_in("item-1", "case-1", shared=(TWO, GATE))
    mine = taken_in("item-2", "case-2", shared=(ONE, GATE))
    one, two = as_member(ONE), as_member(TWO)
    assert [entry.item.id for entry in one.queue()] == ["item-2"]
    assert [entry.item.id for entry in two.queue()] == ["item-1"]
    for what, reach in reaches(one, theirs).items():
        with pytest.raises(CaseSystemRefused) as refused:
            reach()
        assert slug_of(refused.value.problem_type) == "no-key-for-you", what
    with pytest.raises(LeaseLost):
        one.lease(theirs.id)
    for reach in reaches(one, mine).values():
        reach()
    assert one.lease(mine.id).holder == ONE


def test_what_is_taken_away_after_it_was_listed_is_refused_in_words(as_member: As, taken_in: TakeIn) -> None:
    item = taken_in()
    one = as_member(ONE)
    assert [entry.item.id for entry in one.queue()] == [item.id]
    as_member(GATE).share_case("case-1", {TWO: b"sealed", GATE: b"sealed"})
    for reach in reaches(one, item).values():
        with pytest.raises(CaseSystemRefused) as refused:
            reach()
        assert refused.value.what_happened == "This case is not shared with you."
    with pytest.raises(LeaseLost) as lost:
        one.lease(item.id)
    assert lost.value.what_happened == "This case is not shared with you."
    assert one.queue() == ()


def test_nobody_decides_an_item_of_a_case_that_was_never_theirs(as_member: As, taken_in: TakeIn) -> None:
    taken_in(shared=(TWO, GATE))
    (answer,) = as_member(ONE).post_events([decided(a_decision(ONE))])
    assert (answer.status, answer.reason) == (AnswerStatus.REJECTED, "This case is not shared with you.")
    assert as_member(TWO).decision_count() == 0


def test_work_done_offline_counts_although_the_case_was_taken_away(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one = as_member(ONE)
    lease = one.lease("item-1")
    as_member(GATE).share_case("case-1", {TWO: b"sealed", GATE: b"sealed"})
    one.release(lease)
    first = a_decision(ONE, action=Action.NONE)
    void = a_decision(ONE, change=Change.VOID, replaces=first.id)
    answers = one.post_events([decided(first), decided(void)])
    assert [answer.status for answer in answers] == [AnswerStatus.ACCEPTED] * 2


def test_who_handles_keys_handles_all_ciphertext(as_member: As, taken_in: TakeIn) -> None:
    """Re-keying reads every container; a case can be destroyed by somebody who cannot open it."""
    item = taken_in(shared=(TWO, GATE))
    boss = as_member(BOSS)
    assert len(boss.open_container(item.id, item.container_size).read(10)) == 10
    assert [found.id for found in boss.keys.items("case-1")] == [item.id]
