"""One decision for many items: what each record says of who saw what, and what becomes of those that are not free."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime

import msgspec
import pytest
from evidence import picture
from floor import Floor, entries_of

from reviewer.model.batch import BatchOutcome, BatchResult
from reviewer.model.cases import EarlierNote, Item, QueueEntry
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action, Change, Confidence, Draft, Imminence, ViewingRecord
from reviewer.model.errors import CaseSystemUnreachable, DecisionIncomplete, LeaseLost, StoreUnavailable
from reviewer.model.known import KnownMatch, MatchKind, Stack
from reviewer.model.levels import Level
from reviewer.model.segments import Segment
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]

MATCH = KnownMatch(list_name="Garden list", list_version="7", kind=MatchKind.PDQ, distance=8)
NOTE = EarlierNote(author="Reviewer 09", at=datetime(2026, 11, 20, tzinfo=UTC), text="A plot with a fence.")


def a_draft(item_id: str = "", **fields: object) -> Draft:
    draft = Draft(
        item_id=item_id,
        imminence=Imminence.NO_SIGN,
        category="other",
        severity=1,
        confidence=Confidence.HIGH,
        action=Action.NONE,
        rationale="The same plot each time.",
    )
    return msgspec.structs.replace(draft, **fields)


def some_items(floor: Floor, count: int) -> list[Item]:
    case = floor.open_case()
    return [floor.take_in(picture(160 + 8 * at, 120), case=case) for at in range(count)]


def listed(session: WorkSession, items: Sequence[Item], **fields: object) -> None:
    """The projection as the case system would list it with these fields."""
    session.refresh_queue()
    wanted = {item.id for item in items}
    entries = [
        msgspec.structs.replace(entry, etag="", **fields) if entry.item.id in wanted else entry
        for entry in session.queue()
    ]
    session._store.call(lambda s: s.put_queue(entries, s.queue_mark()))


def records(session: WorkSession) -> dict[str, ViewingRecord]:
    store = session._store
    made = store.call(lambda s: s.decisions())
    pairs = [store.call(lambda s, wanted=decision.id: s.decision(wanted)) for _, decision in made]
    return {record.item_id: record for _, record in pairs}


def sent_records(floor: Floor) -> dict[str, ViewingRecord]:
    """As the case system holds them."""
    with closing(sqlite3.connect(floor.database, timeout=10)) as database:
        rows = database.execute("SELECT viewing_record FROM decisions").fetchall()
    found = [msgspec.json.decode(row, type=ViewingRecord) for (row,) in rows]
    return {record.item_id: record for record in found}


def outcomes(results: Sequence[BatchResult]) -> list[BatchOutcome]:
    assert all((result.decision is not None) == (result.outcome is BatchOutcome.DECIDED) for result in results)
    return [result.outcome for result in results]


def ids(items: Sequence[Item]) -> list[str]:
    return [item.id for item in items]


def look_at(session: WorkSession, item: Item, level: Level) -> None:
    session.showing(item.id, level)
    time.sleep(0.02)
    session.showing(None, Level.FACTS)


def test_each_item_has_four_records_of_its_own(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 3)
    session = unlocked()
    session.refresh_queue()
    told: list[tuple[int, int]] = []
    results = session.decide_many(a_draft(), ids(items), progress=lambda done, of: told.append((done, of)))
    assert outcomes(results) == [BatchOutcome.DECIDED] * 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    custody = entries_of(session._store.call(lambda s: s.custody_rows()))
    assert [entry.exhibit for entry in custody if entry.action is CustodyAction.DECIDED] == [i.exhibit for i in items]
    assert CustodyAction.OPENED not in {entry.action for entry in custody}
    assert session.queue() == []
    session.sync_now()
    assert session.sync_state().parked == 0
    for item, result in zip(items, results, strict=True):
        assert [decision.id for decision in own_floor.decisions_of(item.id)] == [result.decision.id]
    assert len({result.decision.id for result in results}) == 3


def test_what_was_heard_of_an_item_during_the_batch_counts_at_its_turn(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 3)
    session = unlocked()
    session.refresh_queue()
    entries = {entry.item.id: entry for entry in session.queue()}

    def heard(done: int, _of: int) -> None:
        if done == 1:
            second = msgspec.structs.replace(entries[items[1].id], round=2, etag="")
            session._store.call(lambda s: (s.put_queue_entry(second), s.remove_from_queue(items[2].id)))

    results = session.decide_many(a_draft(), ids(items), progress=heard)
    assert outcomes(results) == [BatchOutcome.DECIDED, BatchOutcome.ONE_BY_ONE, BatchOutcome.GONE]
    assert set(records(session)) == {items[0].id}


def test_what_nobody_opened_is_not_viewed_whatever_its_copy_was(own_floor: Floor, unlocked: Unlocked) -> None:
    lead, *copies = items = some_items(own_floor, 3)
    session = unlocked()
    listed(session, items, stack=Stack(id="s", size=3), matches=(MATCH,))
    taken = session.take(lead.id)
    look_at(session, lead, Level.CLEAR)
    session.decide(taken, a_draft(lead.id), from_notes=False)
    session.decide_many(a_draft(), ids(copies), viewed_with=lead.id)
    session.sync_now()
    for held in (records(session), sent_records(own_floor)):
        assert held[lead.id].viewed
        assert held[lead.id].with_stack_of is None
        for copy in copies:
            assert not held[copy.id].viewed
            assert held[copy.id].seconds == {}
            assert held[copy.id].opened_at is None
            assert held[copy.id].with_stack_of == lead.id
            assert not held[copy.id].decided_from_notes


def test_a_stack_nobody_looked_at_was_decided_from_what_is_known(own_floor: Floor, unlocked: Unlocked) -> None:
    lead, copy = items = some_items(own_floor, 2)
    session = unlocked()
    listed(session, items, stack=Stack(id="s", size=2), matches=(MATCH,))
    taken = session.take(lead.id)
    session.decide(taken, a_draft(lead.id), from_notes=True)
    session.decide_many(a_draft(), [copy.id], viewed_with=lead.id)
    held = records(session)
    assert [held[i.id].decided_from_notes for i in items] == [True, True]
    assert [held[i.id].viewed for i in items] == [False, False]
    assert held[copy.id].with_stack_of == lead.id


def test_a_copy_seen_before_says_so(own_floor: Floor, unlocked: Unlocked) -> None:
    """In a gallery, or taken and put back: the record tells what was measured, not what the batch would like."""
    lead, copy = items = some_items(own_floor, 2)
    session = unlocked()
    listed(session, items, stack=Stack(id="s", size=2), notes=(NOTE,))
    look_at(session, copy, Level.BLURRED)
    session.decide_many(a_draft(), [copy.id], viewed_with=lead.id)
    record = records(session)[copy.id]
    assert record.viewed
    assert record.seconds.keys() == {"blurred"}
    assert not record.decided_from_notes


@pytest.mark.parametrize("known", ["notes", "matches"])
def test_without_a_copy_it_was_decided_from_notes_or_matches_alone(
    own_floor: Floor, unlocked: Unlocked, known: str
) -> None:
    told, untold = items = some_items(own_floor, 2)
    session = unlocked()
    listed(session, [told], **{known: (NOTE,) if known == "notes" else (MATCH,)})
    session.decide_many(a_draft(), ids(items))
    held = records(session)
    assert [held[i.id].decided_from_notes for i in (told, untold)] == [True, False]
    assert [held[i.id].with_stack_of for i in items] == [None, None]


def test_no_item_is_called_a_copy_that_the_case_system_does_not_call_one(own_floor: Floor, unlocked: Unlocked) -> None:
    lead, other = some_items(own_floor, 2)
    session = unlocked()
    session.refresh_queue()
    session.decide_many(a_draft(), [other.id], viewed_with=lead.id)
    assert records(session)[other.id].with_stack_of is None


def test_marks_go_to_the_same_bytes_only(own_floor: Floor, unlocked: Unlocked) -> None:
    case = own_floor.open_case()
    data = picture(200, 120)
    lead, same = (own_floor.take_in(data, case=case) for _ in range(2))
    alike = own_floor.take_in(picture(208, 120), case=case)
    session = unlocked()
    listed(session, [lead, same, alike], stack=Stack(id="s", size=3))
    draft = a_draft(lead.id, segments=(Segment(start_s=1.0, end_s=2.0),))
    results = session.decide_many(draft, [same.id, alike.id], viewed_with=lead.id)
    assert [len(result.decision.segments) for result in results if result.decision] == [1, 0]


def test_what_a_colleague_has_or_decided_is_skipped_and_the_rest_goes_on(own_floor: Floor, unlocked: Unlocked) -> None:
    colleague = unlocked(own_floor.hire())
    theirs, decided, free = items = some_items(own_floor, 3)
    session = unlocked()
    session.refresh_queue()
    colleague.refresh_queue()
    colleague.decide(colleague.take(decided.id), a_draft(decided.id), from_notes=False)
    colleague.sync_now()
    colleague.take(theirs.id)
    results = session.decide_many(a_draft(), [*ids(items), "no-such-item"])
    assert outcomes(results) == [
        BatchOutcome.ELSEWHERE, BatchOutcome.ELSEWHERE, BatchOutcome.DECIDED, BatchOutcome.GONE,
    ]  # fmt: skip
    assert [result.code for result in results][:2] == [LeaseLost.code] * 2
    session.sync_now()
    assert session.sync_state().parked == 0
    assert list(records(session)) == [free.id]


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"round": 2}, BatchOutcome.ONE_BY_ONE),
        ({"held": True}, BatchOutcome.ELSEWHERE),
        ({"assigned_to": "somebody"}, BatchOutcome.ELSEWHERE),
    ],
)
def test_what_must_not_be_decided_in_a_batch(
    own_floor: Floor, unlocked: Unlocked, fields: dict[str, object], outcome: BatchOutcome
) -> None:
    items = some_items(own_floor, 1)
    session = unlocked()
    listed(session, items, **fields)
    assert outcomes(session.decide_many(a_draft(), ids(items))) == [outcome]
    assert records(session) == {}


def test_the_item_on_the_desk_is_decided_there(own_floor: Floor, unlocked: Unlocked) -> None:
    here, other = items = some_items(own_floor, 2)
    session = unlocked()
    session.refresh_queue()
    taken = session.take(here.id)
    results = session.decide_many(a_draft(), ids(items))
    assert outcomes(results) == [BatchOutcome.ON_DESK, BatchOutcome.DECIDED]
    made = session.decide(taken, a_draft(here.id, rationale="Looked at by itself."), from_notes=False)
    assert made.rationale == "Looked at by itself."
    assert len(records(session)) == 2
    assert other.id in records(session)


def test_asked_again_nothing_is_decided_twice(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 2)
    session = unlocked()
    session.refresh_queue()
    first = session.decide_many(a_draft(), [*ids(items), items[0].id])
    again = session.decide_many(a_draft(rationale="Other words."), ids(items))
    assert [r.decision for r in again] == [r.decision for r in first]
    assert session._store.call(lambda s: s.decision_count()) == 2


def test_it_is_not_decided_twice_after_a_restart_either(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 1)
    session = unlocked()
    session.refresh_queue()
    session._sync.stop()  # nothing reaches the case system: to it the item is free
    session.decide_many(a_draft(), ids(items))
    session.lock()
    again = unlocked()
    assert outcomes(again.decide_many(a_draft(), ids(items))) == [BatchOutcome.GONE]
    again.sync_now()
    assert len(own_floor.decisions_of(items[0].id)) == 1


def test_an_unfinished_decision_begins_nothing(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 1)
    session = unlocked()
    session.refresh_queue()
    with pytest.raises(DecisionIncomplete):
        session.decide_many(Draft(item_id=""), ids(items))
    assert session._items._leases == {}


def test_stopped_between_two_items_the_rest_waits(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 3)
    session = unlocked()
    session.refresh_queue()
    done: list[int] = []
    results = session.decide_many(
        a_draft(), ids(items), progress=lambda at, _of: done.append(at), cancelled=lambda: len(done) >= 1
    )
    assert outcomes(results) == [BatchOutcome.DECIDED, BatchOutcome.STOPPED, BatchOutcome.STOPPED]
    assert {entry.item.id for entry in session.queue()} == set(ids(items[1:]))


def test_a_full_disk_leaves_whole_decisions_and_untouched_items(
    own_floor: Floor, unlocked: Unlocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = unlocked(own_floor.hire())
    items = some_items(own_floor, 3)
    session = unlocked()
    session.refresh_queue()
    first = session.decide_many(a_draft(), ids(items[:1]))
    monkeypatch.setattr(session._journal, "durably", _refuse)
    results = session.decide_many(a_draft(), ids(items[1:]))
    assert outcomes(results) == [BatchOutcome.NOT_KEPT] * 2
    assert [result.code for result in results] == [StoreUnavailable.code] * 2
    assert list(records(session)) == [items[0].id]
    assert outcomes(first) == [BatchOutcome.DECIDED]
    colleague.refresh_queue()
    for item in items[1:]:  # nothing is held that was not decided
        _soon(lambda item=item: colleague.take(item.id))


def test_offline_nothing_is_decided_that_a_colleague_may_have(
    own_floor: Floor, unlocked: Unlocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = some_items(own_floor, 3)
    session = unlocked()
    session.refresh_queue()
    asked: list[str] = []

    def silent(item_id: str) -> None:
        asked.append(item_id)
        raise CaseSystemUnreachable

    monkeypatch.setattr(session._case_system, "lease", silent)
    assert outcomes(session.decide_many(a_draft(), ids(items))) == [BatchOutcome.NOT_REACHED] * 3
    assert asked == [items[0].id]  # one wait, not one for each
    assert records(session) == {}


def test_undo_takes_the_whole_stack_back(own_floor: Floor, unlocked: Unlocked) -> None:
    before, lead, *copies = some_items(own_floor, 4)
    session = unlocked()
    listed(session, [lead, *copies], stack=Stack(id="s", size=3))
    session.decide(session.take(before.id), a_draft(before.id), from_notes=False)
    session.decide(session.take(lead.id), a_draft(lead.id), from_notes=False)
    session.decide_many(a_draft(), ids(copies), viewed_with=lead.id)
    void = session.undo()
    assert void is not None
    assert (void.item_id, void.change) == (lead.id, Change.VOID)
    assert {entry.item.id for entry in session.queue()} == {lead.id, *ids(copies)}
    session.sync_now()
    assert session.sync_state().parked == 0
    second = session.undo()
    assert second is not None
    assert second.item_id == before.id


def test_what_was_decided_meanwhile_is_undone_before_the_stack(own_floor: Floor, unlocked: Unlocked) -> None:
    """The copies may be written down while the person has gone on: their last decision is the one they mean."""
    lead, copy, other = some_items(own_floor, 3)
    session = unlocked()
    listed(session, [lead, copy], stack=Stack(id="s", size=2))
    session.decide(session.take(lead.id), a_draft(lead.id), from_notes=False)
    session.decide(session.take(other.id), a_draft(other.id), from_notes=False)
    session.decide_many(a_draft(), [copy.id], viewed_with=lead.id)
    undone = [session.undo(), session.undo(), session.undo()]
    assert [void.item_id if void else None for void in undone] == [other.id, lead.id, None]


def test_words_written_at_the_desk_are_not_taken_for_the_batchs(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 1)
    session = unlocked()
    session.refresh_queue()
    taken = session.take(items[0].id)
    session._items._current = None  # it came to the desk just after the batch had asked
    session.decide_many(a_draft(), ids(items))
    with pytest.raises(LeaseLost):
        session.decide(taken, a_draft(items[0].id, rationale="Other words."), from_notes=False)


def test_an_item_of_which_something_is_known_is_prepared_without_a_pixel(own_floor: Floor, unlocked: Unlocked) -> None:
    told, _ = items = some_items(own_floor, 2)
    session = unlocked()
    listed(session, [told], matches=(MATCH,))
    taken = [session.take(item.id) for item in items]
    assert [item.opened is not None for item in taken] == [True, True]
    assert [item.first is None for item in taken] == [True, False]


def _refuse(*_: object) -> None:
    raise StoreUnavailable


def _soon(attempt: Callable[[], object]) -> None:
    """A lease is given back in the background."""
    for _ in range(50):
        try:
            attempt()
        except LeaseLost:
            time.sleep(0.05)
        else:
            return
    attempt()


def test_entries_are_what_the_tests_say_they_are(own_floor: Floor, unlocked: Unlocked) -> None:
    items = some_items(own_floor, 1)
    session = unlocked()
    listed(session, items, matches=(MATCH,))
    entry: QueueEntry = session.queue()[0]
    assert entry.matches == (MATCH,)
    assert entry.known_unseen
