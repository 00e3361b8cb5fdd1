"""The outbox delivers each event once and loses none; the queue shows what is still to be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from vault_samples import ACTOR, NOW, entry, event, four, queue_entry

from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Change, Draft
from reviewer.model.events import AnswerStatus, EventAnswer, EventType
from reviewer.vault.store import Store

KEY = bytes(range(32))
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path / "store.db", KEY)
    yield store
    store.close()


def answer(event_id: str, status: AnswerStatus, reason: str = "") -> EventAnswer:
    return EventAnswer(id=event_id, status=status, reason=reason)


def test_numbers_count_up_by_one_whatever_the_kind(store: Store) -> None:
    numbers = [
        store.decide(*four()).sequence,
        store.put_event(event(EventType.EXPOSURE_RECORDED)).sequence,
        store.pass_on("i", entry(CustodyAction.PASSED_ON), event(EventType.ITEM_PASSED_ON)).sequence,
    ]
    assert numbers == [1, 2, 3]
    assert [e.sequence for e in store.pending(10, now=NOW)] == [1, 2, 3]
    assert [e.sequence for e in store.pending(2, now=NOW)] == [1, 2]


def test_numbers_are_never_given_again_after_delivery_and_restart(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "s.db", KEY)
    sent = store.decide(*four())
    store.answered([answer(sent.id, AnswerStatus.ACCEPTED)], retry_at=LATER)
    store.close()
    store = Store.open(tmp_path / "s.db", KEY)
    assert store.decide(*four()).sequence == 2
    store.close()


@pytest.mark.parametrize("status", [AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE])
def test_an_answered_event_is_not_sent_again(store: Store, status: AnswerStatus) -> None:
    sent = store.decide(*four())
    for _ in range(2):
        store.answered([answer(sent.id, status)], retry_at=LATER)
    assert store.pending(10, now=LATER) == []
    assert (store.counts().waiting, store.counts().parked, store.counts().delivered) == (0, 0, 1)


def test_retry_waits_until_its_time(store: Store) -> None:
    sent = store.decide(*four())
    store.answered([answer(sent.id, AnswerStatus.RETRY)], retry_at=LATER)
    assert store.pending(10, now=LATER - timedelta(seconds=1)) == []
    assert store.pending(10, now=LATER) == [sent]


def test_a_rejected_event_is_parked_with_its_reason_and_does_not_jam_the_others(store: Store) -> None:
    first, second = store.decide(*four()), store.decide(*four())
    store.answered([answer(first.id, AnswerStatus.REJECTED, "category is unknown" * 100)], retry_at=LATER)
    assert store.pending(10, now=NOW) == [second]
    (parked,) = store.parked()
    assert parked.event == first
    assert parked.reason.startswith("category is unknown")
    assert len(parked.reason) == 500
    assert store.send_again(first.id, {"category": "other"})
    assert not store.send_again(first.id)
    assert store.pending(1, now=NOW)[0].payload == {"category": "other"}
    assert store.pending(1, now=NOW)[0].sequence == first.sequence


def test_answers_to_unknown_events_change_nothing(store: Store) -> None:
    sent = store.decide(*four())
    store.answered([answer("no such event", status) for status in AnswerStatus], retry_at=LATER)
    assert store.pending(10, now=NOW) == [sent]


def test_a_late_rejection_does_not_bring_a_delivered_event_back(store: Store) -> None:
    sent = store.decide(*four())
    store.answered([answer(sent.id, AnswerStatus.ACCEPTED)], retry_at=LATER)
    store.answered([answer(sent.id, AnswerStatus.REJECTED)], retry_at=LATER)
    assert store.parked() == []


def test_the_queue_is_in_the_order_of_urgency(store: Store) -> None:
    store.put_queue(
        [queue_entry("late", minutes=9), queue_entry("danger", danger=True, minutes=5), queue_entry("early")]
    )
    assert [e.item.id for e in store.queue()] == ["danger", "early", "late"]


def test_the_case_systems_list_replaces_the_old_one(store: Store) -> None:
    store.put_queue([queue_entry("a"), queue_entry("b")])
    store.put_queue([queue_entry("b", minutes=1), queue_entry("c", minutes=2)])
    assert [e.item.id for e in store.queue()] == ["b", "c"]


def test_a_decided_item_leaves_the_queue_and_a_refresh_does_not_bring_it_back_before_delivery(store: Store) -> None:
    listed = [queue_entry("a"), queue_entry("b", minutes=1)]
    store.put_queue(listed)
    store.save_draft(Draft(item_id="a", rationale="half a thought"))
    sent = store.decide(*four("a"))
    assert [e.item.id for e in store.queue()] == ["b"]
    assert store.load_draft("a") is None
    store.put_queue(listed)
    assert [e.item.id for e in store.queue()] == ["b"]
    store.answered([answer(sent.id, AnswerStatus.ACCEPTED)], retry_at=LATER)
    store.put_queue([*listed[1:]])
    assert [e.item.id for e in store.queue()] == ["b"]
    store.put_queue(listed)  # the case system asks for a second look
    assert [e.item.id for e in store.queue()] == ["a", "b"]


def test_a_list_asked_for_before_delivery_does_not_unsay_what_was_done_here(store: Store) -> None:
    listed = [queue_entry("a"), queue_entry("b", minutes=1)]
    store.put_queue(listed)
    asked_at = store.queue_mark()
    sent = store.decide(*four("a"))
    store.answered([answer(sent.id, AnswerStatus.ACCEPTED)], retry_at=LATER)
    store.put_queue(listed, asked_at)  # the answer was on its way while "a" was decided and delivered
    assert [e.item.id for e in store.queue()] == ["b"]


def test_a_list_without_the_item_does_not_take_back_an_undo(store: Store) -> None:
    listed = [queue_entry("a"), queue_entry("b", minutes=1)]
    store.put_queue(listed)
    first = four("a")
    sent = store.decide(*first)
    store.answered([answer(sent.id, AnswerStatus.ACCEPTED)], retry_at=LATER)
    store.put_queue(listed[1:])
    assert store.queue_entry("a") is not None, "undoing needs the item after the case system took it off its list"
    void = store.decide(*four("a", change=Change.VOID, of=first[0].id))
    store.put_queue(listed[1:])
    assert [e.item.id for e in store.queue()] == ["a", "b"]
    store.answered([answer(void.id, AnswerStatus.ACCEPTED)], retry_at=LATER)
    store.put_queue(listed[1:])  # told of the void, it still does not list the item: a colleague has it
    assert [e.item.id for e in store.queue()] == ["b"]


def test_a_void_brings_the_item_back_and_the_decision_no_longer_stands(store: Store) -> None:
    store.put_queue([queue_entry("a")])
    first = four("a")
    store.decide(*first)
    assert store.last_decision(ACTOR) == first[0]
    store.decide(*four("a", change=Change.VOID, of=first[0].id))
    assert [e.item.id for e in store.queue()] == ["a"]
    assert store.last_decision(ACTOR) is None
    assert store.decision_count() == 2
    assert store.decisions_of("a")[0] == first[0]


def test_the_last_standing_decision_is_of_this_person_and_newest(store: Store) -> None:
    first, second = four(), four()
    store.decide(*first)
    store.decide(*second)
    assert store.last_decision("somebody else") is None
    assert store.last_decision(ACTOR) == second[0]
    amended = four(second[0].item_id, change=Change.AMEND, of=second[0].id)
    store.decide(*amended)
    assert store.last_decision(ACTOR) == amended[0]
    store.decide(*four(second[0].item_id, change=Change.VOID, of=amended[0].id))
    assert store.last_decision(ACTOR) == first[0]


def test_passing_on_hides_the_item_and_keeps_the_draft(store: Store) -> None:
    store.put_queue([queue_entry("a")])
    store.save_draft(Draft(item_id="a", rationale="half a thought"))
    store.pass_on("a", entry(CustodyAction.PASSED_ON), event(EventType.ITEM_PASSED_ON))
    assert store.queue() == []
    assert store.load_draft("a") == Draft(item_id="a", rationale="half a thought")
    assert store.queue_entry("a") is not None


def test_a_destroyed_case_key_is_gone_and_the_log_says_so(store: Store) -> None:
    store.put_case_key("case-1", b"sealed")
    assert store.destroy_case_key("case-1", entry(CustodyAction.KEY_DESTROYED, case_id="case-1"))
    assert store.case_key("case-1") is None
    assert not store.destroy_case_key("case-1", entry(CustodyAction.KEY_DESTROYED, case_id="case-1"))
    assert store.custody_head().size == 2
