"""The queue by the screenful: order, filters, groups, words; nothing typed or told lies readable on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from vault_samples import ACTOR, NOW, entry, event, four, queue_entry

from reviewer.model.cases import EarlierNote, QueueEntry, ReferralSource, queue_order
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Change, Draft
from reviewer.model.events import EventType
from reviewer.model.known import KnownMatch, MatchKind, Stack
from reviewer.model.levels import Kind
from reviewer.model.queue_view import Grouping, Only, QueueAsk, QueueListing
from reviewer.vault.store import Store, migrations, projection
from reviewer.vault.store.connection import Database

KEY = bytes(range(32))
TYPED = "Zaunkoenigweg"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path / "store.db", KEY)
    yield store
    store.close()


def told(
    item_id: str, *, danger: bool = False, minutes: int = 0, case: str = "case-1", **referral: object
) -> QueueEntry:
    """An entry of case `case` whose referral says this."""
    made = queue_entry(item_id, danger=danger, minutes=minutes)
    says = msgspec.structs.replace(made.case.referral, **referral)
    item = msgspec.structs.replace(made.item, case_id=case)
    return msgspec.structs.replace(made, item=item, case=msgspec.structs.replace(made.case, id=case, referral=says))


def ids(store: Store, listing: QueueListing) -> list[str]:
    return [found.item.id for _line, found in store.queue_entries(listing.lines)]


def asked(store: Store, **ask: object) -> list[str]:
    return ids(store, store.list_queue(QueueAsk(**ask), ACTOR))  # type: ignore[arg-type]


def test_the_listing_is_in_the_order_of_the_model(store: Store) -> None:
    entries = [
        told(f"i{number}", danger=number % 5 == 0, minutes=number * 7 % 11, due_at=due)
        for number, due in enumerate([None, NOW, NOW + timedelta(days=2), NOW - timedelta(days=400)] * 4)
    ]
    store.put_queue(entries)
    listing = store.list_queue(QueueAsk(), ACTOR)
    listed = [found for _line, found in store.queue_entries(listing.lines)]
    assert [queue_order(one) for one in listed] == sorted(queue_order(one) for one in entries)
    assert [line for line, _ in listing.first] == list(listing.lines)
    assert (listing.waiting, listing.held, listing.hidden) == (16, 0, 0)


def test_every_filter_keeps_what_it_says_and_nothing_else(store: Store) -> None:
    match = KnownMatch(list_name="garden list", list_version="3", kind=MatchKind.SHA256)
    plain = told("plain", minutes=9)
    video = msgspec.structs.replace(plain.item, id="video", harm_type="violence")
    video = msgspec.structs.replace(video, facts=msgspec.structs.replace(video.facts, kind=Kind.VIDEO))
    store.put_queue([
        plain,
        msgspec.structs.replace(plain, item=video),
        told("danger", danger=True),
        told("today", due_at=NOW + timedelta(hours=2)),
        told("later", due_at=NOW + timedelta(days=2)),
        told("asked", source=ReferralSource.GOVERNMENT),
        msgspec.structs.replace(told("mine"), assigned_to=ACTOR),
        msgspec.structs.replace(told("theirs"), assigned_to="m-12"),
        msgspec.structs.replace(told("second"), round=2),
        msgspec.structs.replace(told("known"), matches=(match,)),
        msgspec.structs.replace(told("held"), held=True),
    ])  # fmt: skip
    today = (NOW + timedelta(hours=9)).timestamp()
    expected = {
        Only.DANGER: "danger", Only.DUE_TODAY: "today", Only.MINE: "mine", Only.SECOND: "second", Only.KNOWN: "known",
        Only.HELD: "held",
    }  # fmt: skip
    for only, one in expected.items():
        assert asked(store, only=frozenset({only}), today_ends=today) == [one], only
    assert asked(store, source=ReferralSource.GOVERNMENT) == ["asked"]
    assert asked(store, kind=Kind.VIDEO) == ["video"]
    assert asked(store, harm="violence") == ["video"]
    assert asked(store, only=frozenset({Only.DANGER, Only.KNOWN})) == []
    assert "held" not in asked(store)


def test_danger_that_is_left_out_is_counted(store: Store) -> None:
    held = msgspec.structs.replace(told("aside", danger=True), held=True)
    store.put_queue([told("one", danger=True, claim="a green gate"), told("two", danger=True), told("three"), held])
    assert store.list_queue(QueueAsk(), ACTOR).danger_not_shown == 0
    assert store.list_queue(QueueAsk(), ACTOR).danger_held == 1
    assert store.list_queue(QueueAsk(words="gate"), ACTOR).danger_not_shown == 1
    assert store.list_queue(QueueAsk(only=frozenset({Only.SECOND})), ACTOR).danger_not_shown == 2
    aside = store.list_queue(QueueAsk(only=frozenset({Only.HELD})), ACTOR)
    assert (aside.danger_not_shown, aside.danger_held, len(aside.lines)) == (2, 0, 1)


def test_groups_are_those_of_a_case_or_a_person_most_urgent_first(store: Store) -> None:
    store.put_queue([
        told("a1", case="a", minutes=1, account="Gardener_9"),
        told("b1", case="b", minutes=2),
        told("a2", case="a", minutes=3, account=" gardener_9 "),
        told("b2", case="b", minutes=4, danger=True, account="gardener_9"),
        told("c1", case="c", minutes=5),
    ])  # fmt: skip
    by_case = store.list_queue(QueueAsk(grouping=Grouping.CASE), ACTOR).groups
    assert [[e.item.id for _, e in store.queue_entries(group.lines)] for group in by_case] == [
        ["b2", "b1"], ["a1", "a2"], ["c1"],
    ]  # fmt: skip
    assert [group.danger for group in by_case] == [1, 0, 0]
    by_person = store.list_queue(QueueAsk(grouping=Grouping.PERSON), ACTOR).groups
    assert [len(group.lines) for group in by_person] == [3, 2]
    assert [group.key == 0 for group in by_person] == [False, True], "nobody is named"


def test_words_are_found_in_all_that_was_written(store: Store) -> None:
    note = EarlierNote(author="Reviewer 09", at=NOW, text="Two beds of Tulpenzwiebeln", labels=("parcel",))
    one = told(
        "one", requester="Parks office", legal_basis="Garden act 5", jurisdiction="Süderland", claim="a broken gate",
        account="gardener_9",
    )  # fmt: skip
    number = msgspec.structs.replace(one.case, number="2026-01843")
    store.put_queue([msgspec.structs.replace(one, case=number, notes=(note,)), told("two", claim="rain")])
    for words in (
        "2026-01843", "1843", "parks", "garden act", "suderland", "GATE broken", "gardener_9", "tulpen", "parcel",
    ):  # fmt: skip
        assert asked(store, words=words) == ["one"], words
    for words in ("gate rain", "Reviewer 09", "nowhere"):
        assert asked(store, words=words) == [], words
    assert len(asked(store, words="  ")) == len(asked(store, words='" *')) == 2


@pytest.mark.parametrize("words", ['"', "a* OR b", "words:gate", "NEAR(a b)", "'; DROP", "(", "-", "ga\0te", "^gate"])
def test_what_is_typed_is_never_read_as_syntax(store: Store, words: str) -> None:
    store.put_queue([told("one", claim="a broken gate")])
    asked(store, words=words)
    assert asked(store, words="gate") == ["one"]


def test_own_words_are_found_in_the_draft_and_after_an_undo(store: Store) -> None:
    store.put_queue([told("one"), told("two")])
    store.save_draft(Draft(item_id="one", rationale="tall sunflowers"))
    assert asked(store, words="sunflower") == ["one"]
    made = four("one")
    store.decide(*made)
    assert asked(store, words="sunflower") == []
    void = four("one", change=Change.VOID, of=made[0].id)
    store.decide(*void, Draft(item_id="one", rationale="tall hollyhocks"))
    assert asked(store, words="hollyhock") == ["one"]
    assert asked(store, words="sunflower") == []


def test_the_next_is_neither_a_colleagues_nor_given_to_one_unless_somebody_is_in_danger(store: Store) -> None:
    store.put_queue([
        msgspec.structs.replace(told("leased", minutes=1), leased_to="m-12"),
        msgspec.structs.replace(told("given", minutes=2), assigned_to="m-12"),
        msgspec.structs.replace(told("danger", danger=True, minutes=3), assigned_to="m-12"),
        msgspec.structs.replace(told("mine", minutes=4), leased_to=ACTOR, assigned_to=ACTOR),
        msgspec.structs.replace(told("aside", minutes=5), held=True),
        told("free", minutes=6),
    ])  # fmt: skip
    offered = store.list_queue(QueueAsk(), ACTOR).offered
    assert [one.item.id for one in offered] == ["danger", "mine", "free"]


def test_only_what_changed_is_written_and_only_then_is_there_a_new_revision(store: Store) -> None:
    entries = [told("a"), told("b")]
    store.put_queue(entries)
    before = store.queue_revision
    store.put_queue(entries)
    assert store.queue_revision == before
    store.put_queue([entries[0], msgspec.structs.replace(entries[1], leased_to="m-12")])
    assert store.queue_revision != before


def test_a_part_of_the_list_touches_nothing_outside_it(store: Store) -> None:
    entries = [told(f"i{number}", minutes=number) for number in range(6)]
    store.put_queue(entries)
    keys = [projection.key_of(one) for one in entries]
    store.put_queue_part([entries[3]], keys[1], keys[4], store.queue_mark())
    assert asked(store) == ["i0", "i1", "i3", "i4", "i5"], "i2 was not listed in its place any more"
    store.put_queue_part([], keys[3], None, store.queue_mark())
    assert asked(store) == ["i0", "i1", "i3"]


def test_what_is_set_aside_stays_so_until_the_case_system_has_heard_of_it(store: Store) -> None:
    listed = [told("a"), told("b", minutes=1)]
    store.put_queue(listed)
    store.hold("a", True, entry(CustodyAction.PASSED_ON), event(EventType.ITEM_PASSED_ON))
    assert asked(store) == ["b"]
    store.put_queue(listed)
    assert asked(store) == ["b"]
    assert asked(store, only=frozenset({Only.HELD})) == ["a"]


def test_a_queue_of_an_older_version_is_complete_after_the_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    Store.create(path, KEY).close()
    path.unlink()
    path.touch(mode=0o600)
    old = Database(path, KEY)
    migrations.migrate(old, migrations.STEPS[:1])
    with old.write() as db:
        for one, hidden in ((told("a", claim="a broken gate", danger=True), 0), (told("b"), 1)):
            db.execute("INSERT INTO queue VALUES (?, ?, ?, ?)", (one.item.id, hidden, 7, msgspec.json.encode(one)))
    old.close()
    store = Store.open(path, KEY)
    assert asked(store, words="gate") == asked(store, only=frozenset({Only.DANGER})) == asked(store) == ["a"]
    assert store.queue_entry("b") is not None
    store.check_everything()
    store.close()


def test_no_word_of_the_index_can_be_read_from_the_disk(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store.db", KEY)
    store.put_queue([told(f"i{number}", claim=f"{TYPED} {number}") for number in range(300)])
    store.save_draft(Draft(item_id="i1", rationale=f"my own {TYPED}draft"))
    assert len(asked(store, words=TYPED[:6])) == 300
    for _ in range(2):
        for path in tmp_path.rglob("*"):
            found = path.read_bytes()
            for written in (TYPED, TYPED.casefold(), "broken"):
                assert written.encode() not in found, path.name
        store.check_everything()
        store.close()
        store = Store.open(tmp_path / "store.db", KEY)
        assert asked(store, words=f"{TYPED}draft") == ["i1"]
    with store._database.read() as db:
        assert db.execute("PRAGMA temp_store").fetchone()[0] == 2, "in memory"
    store.close()


def test_the_copies_of_a_stack_are_found_without_reading_the_queue(store: Store) -> None:
    stack = Stack(id="s-1", size=2)
    store.put_queue([
        msgspec.structs.replace(told("a"), stack=stack), told("b"), msgspec.structs.replace(told("c"), stack=stack),
        msgspec.structs.replace(told("d"), stack=Stack(id="s-2", size=1)),
    ])  # fmt: skip
    with store._database.read() as db:
        assert [one.item.id for one in projection.of_stack(db, "s-1")] == ["a", "c"]
