"""The order kept in memory is the table's, whatever changed it, and whether or not it was kept at all."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from vault_samples import ACTOR, NOW, queue_entry

from reviewer.model.cases import QueueEntry, ReferralSource
from reviewer.model.cases import queue_order as in_order
from reviewer.model.decisions import Draft
from reviewer.model.queue_view import Grouping, Only, QueueAsk, QueueGroup, QueueListing
from reviewer.vault.owner import StoreThread
from reviewer.vault.store import Store, projection, queue_order
from reviewer.vault.store.queue_order import QueueOrder

KEY = bytes(range(32))
FILTERS = (
    QueueAsk(),
    QueueAsk(only=frozenset({Only.HELD})),
    QueueAsk(only=frozenset({Only.DANGER})),
    QueueAsk(only=frozenset({Only.MINE})),
    QueueAsk(only=frozenset({Only.DUE_TODAY}), today_ends=(NOW + timedelta(minutes=30)).timestamp()),
    QueueAsk(source=list(ReferralSource)[1]),
    QueueAsk(harm="violence", words="2026"),
    QueueAsk(grouping=Grouping.CASE),
    QueueAsk(grouping=Grouping.PERSON),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path / "store.db", KEY)
    yield store
    store.close()


def some(number: int, rng: random.Random) -> QueueEntry:
    made = queue_entry(f"i{number:03}", danger=rng.random() < 0.2, minutes=rng.randrange(5))
    says = msgspec.structs.replace(
        made.case.referral,
        due_at=rng.choice((None, NOW + timedelta(minutes=rng.randrange(90), microseconds=rng.randrange(3)))),
        source=rng.choice(list(ReferralSource)),
        account=f"gardener_{rng.randrange(4)}" if rng.random() < 0.8 else "",
    )
    return msgspec.structs.replace(
        made,
        case=msgspec.structs.replace(made.case, id=f"case-{rng.randrange(6)}", referral=says),
        item=msgspec.structs.replace(made.item, harm_type=rng.choice(("violence", "other, or not"))),
        held=rng.random() < 0.2,
        leased_to=rng.choice((None, None, ACTOR, "m-09")),
        assigned_to=rng.choice((None, None, ACTOR, "m-09")),
        etag=f'"{number}-{rng.random()}"',
    )


def plain(listing: QueueListing) -> tuple[object, ...]:
    """All of it but the revision, which another connection counts anew."""
    groups = [(group.key, list(group.lines), group.danger) for group in listing.groups]
    counts = (listing.waiting, listing.held, listing.with_notes, listing.danger_not_shown, listing.danger_held)
    return list(listing.lines), groups, listing.first, listing.offered, counts


def walked_anew(store: Store, ask: QueueAsk) -> QueueListing:
    kept, store._queue_order = store._queue_order, None
    with store._database.read() as db:
        changed = db.execute("SELECT line FROM temp.queue_changed").fetchall()
    try:
        return store.list_queue(ask, ACTOR)
    finally:
        store._queue_order = kept
        with store._database.read() as db:
            db.executemany("INSERT INTO temp.queue_changed VALUES (?)", changed)


@pytest.mark.parametrize("few", [200, 0])
def test_what_changed_finds_its_place(store: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(queue_order, "_FEW", few)
    rng = random.Random(7)
    store.put_queue([some(number, rng) for number in range(60)])
    store.list_queue(QueueAsk(), ACTOR)
    for _turn in range(12):
        for number in rng.sample(range(80), 5):
            store.put_queue_entry(some(number, rng))
        store.remove_from_queue(f"i{rng.randrange(80):03}")
        with store._txn.write() as db:
            projection.hide(db, f"i{rng.randrange(80):03}", 1)
            projection.show(db, f"i{rng.randrange(80):03}", 2)
        for ask in FILTERS[:1] if _turn % 2 else FILTERS:
            anew = walked_anew(store, ask)
            assert plain(store.list_queue(ask, ACTOR)) == plain(anew)


def test_a_transaction_that_failed_changes_nothing_here(store: Store) -> None:
    rng = random.Random(1)
    store.put_queue([some(number, rng) for number in range(9)])
    before = plain(store.list_queue(QueueAsk(), ACTOR))
    with contextlib.suppress(ZeroDivisionError), store._txn.write() as db:
        projection.put(db, some(99, rng))
        projection.hide(db, "i003", 1)
        raise ZeroDivisionError
    assert plain(store.list_queue(QueueAsk(), ACTOR)) == before


def test_the_same_entry_can_change_again_before_anybody_asks(store: Store) -> None:
    rng = random.Random(6)
    store.put_queue([some(number, rng) for number in range(9)])
    store.list_queue(QueueAsk(), ACTOR)
    for _time in range(3):
        store.put_queue_entry(some(4, rng))
        with store._txn.write() as db:
            projection.set_held(db, "i004", 1, held=True)
            projection.hide(db, "i004", 2)
            projection.show(db, "i004", 3)
        store.put_queue([some(number, rng) for number in range(2, 11)])
    anew = walked_anew(store, QueueAsk())
    assert plain(store.list_queue(QueueAsk(), ACTOR)) == plain(anew)


def test_more_than_many_changes_are_walked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_order, "_MANY", 3)
    rng = random.Random(2)
    store.put_queue([some(number, rng) for number in range(9)])
    store.list_queue(QueueAsk(), ACTOR)
    store.put_queue([some(number, rng) for number in range(4, 15)])
    anew = walked_anew(store, QueueAsk())
    assert plain(store.list_queue(QueueAsk(), ACTOR)) == plain(anew)


def test_the_beginning_is_that_of_the_whole(store: Store) -> None:
    rng = random.Random(3)
    store.put_queue([some(number, rng) for number in range(90)])
    beginning = store.list_queue(QueueAsk(beginning=True), ACTOR)
    whole = store.list_queue(QueueAsk(), ACTOR)
    assert beginning.lines == whole.lines[:40]
    assert beginning.first == whole.first
    assert len(whole.lines) > 40
    assert beginning.offered
    assert beginning.offered == whole.offered[: len(beginning.offered)]


def test_an_empty_queue_has_an_order_as_well(store: Store) -> None:
    for ask in FILTERS:
        assert plain(store.list_queue(ask, ACTOR)) == ([], [], (), (), (0, 0, 0, 0, 0))


def test_another_member_is_offered_other_items(store: Store) -> None:
    rng = random.Random(4)
    store.put_queue([msgspec.structs.replace(some(1, rng), leased_to="m-09", held=False)])
    assert store.list_queue(QueueAsk(), ACTOR).offered == ()
    assert len(store.list_queue(QueueAsk(), "m-09").offered) == 1


def test_groups_are_a_sequence(store: Store) -> None:
    rng = random.Random(5)
    store.put_queue([some(number, rng) for number in range(30)])
    groups = store.list_queue(QueueAsk(grouping=Grouping.CASE), ACTOR).groups
    assert [groups[at] for at in range(len(groups))] == list(groups)
    assert groups[-1] == list(groups)[-1]
    assert groups[1:3] == tuple(list(groups)[1:3])
    assert all(isinstance(group, QueueGroup) for group in groups)
    with pytest.raises(IndexError):
        groups[len(groups)]


@pytest.mark.parametrize("seed", range(4))
def test_walked_in_steps_with_changes_between_them_it_is_the_same(store: Store, seed: int) -> None:
    rng = random.Random(seed)
    store.put_queue([some(number, rng) for number in range(60)])
    order = store._order_of(ACTOR)
    steps = 0
    done = False
    while not done:
        with store._database.read() as db:
            done = order.walk(db, most=7)
        steps += 1
        # Each may stand before or behind the walk, and be moved over it, taken away or put in.
        if not done:
            store.put_queue_entry(some(rng.randrange(80), rng))
            store.remove_from_queue(f"i{rng.randrange(80):03}")
            with store._txn.write() as db:
                projection.hide(db, f"i{rng.randrange(80):03}", 1)
                projection.show(db, f"i{rng.randrange(80):03}", 2)
    assert steps > 5
    for ask in FILTERS:
        kept = plain(store.list_queue(ask, ACTOR))
        assert kept == plain(walked_anew(store, ask))


def test_what_is_asked_in_the_middle_of_a_walk_is_whole(store: Store) -> None:
    rng = random.Random(8)
    store.put_queue([some(number, rng) for number in range(30)])
    with store._database.read() as db:
        assert not store._order_of(ACTOR).walk(db, most=4)
    store.put_queue_entry(some(3, rng))
    kept = plain(store.list_queue(QueueAsk(), ACTOR))
    assert kept == plain(walked_anew(store, QueueAsk()))


def test_others_have_their_turn_while_it_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QueueOrder.walk, "__defaults__", (5,))
    rng = random.Random(9)
    thread = StoreThread(lambda: Store.create(tmp_path / "store.db", KEY))
    try:
        thread.call(lambda s: s.put_queue([some(number, rng) for number in range(40)]))
        steps = [thread.submit(lambda s: s.walk_queue(ACTOR))]
        between = 0
        while not steps[-1].result():
            saved = thread.submit(lambda s: s.save_draft(Draft(item_id="i001", rationale="the fence")))
            steps.append(thread.submit(lambda s: s.walk_queue(ACTOR)))
            saved.result()
            between += 1
        assert between >= 7
        assert thread.call(lambda s: s.walk_queue(ACTOR)), "once walked, there is nothing left to walk"
    finally:
        thread.close()


def test_the_entries_of_a_case_in_the_order_of_the_queue(store: Store) -> None:
    rng = random.Random(10)
    made = [some(number, rng) for number in range(40)]
    store.put_queue(made)
    expected = [e.item.id for e in sorted(store.queue(), key=lambda e: (e.held, in_order(e))) if e.case.id == "case-3"]
    entries, count = store.case_queue("case-3", 100, ACTOR)
    assert [entry.item.id for entry in entries] == expected
    assert count == len(expected) > 3
    first, count = store.case_queue("case-3", 2, ACTOR)
    assert ([entry.item.id for entry in first], count) == (expected[:2], len(expected))
    assert store.case_queue("no-such-case", 9, ACTOR) == ([], 0)
