"""What is offered next, with wishes and shares: the store's answer is that of the pure choosing over every entry."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from vault_samples import ACTOR, NOW, queue_entry

from reviewer.model.cases import EarlierNote, QueueEntry, queue_order
from reviewer.model.choosing import MOST_PLACES, NO_WISHES, Wishes, in_turn, places_of
from reviewer.model.levels import Kind
from reviewer.model.policy import HarmType, Policy
from reviewer.model.queue_view import QueueAsk
from reviewer.model.supervision import ViolentShare
from reviewer.model.within import within
from reviewer.vault.store import Store
from reviewer.vault.store.queue_beginning import OFFERED

POLICY = Policy(version="1", harm_types=(HarmType(key="violence", words="Violence", violent=True),))
HOUR = NOW.timestamp() + 3600


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path / "store.db", bytes(range(32)))
    yield store
    store.close()


def some(
    item_id: str,
    *,
    harm: str = "other",
    kind: Kind = Kind.IMAGE,
    danger: bool = False,
    due_h: float | None = None,
    expect: tuple[str, ...] = (),
    label: str = "",
    minutes: int = 0,
    leased_to: str | None = None,
    assigned_to: str | None = None,
) -> QueueEntry:
    made = queue_entry(item_id, danger=danger, minutes=minutes)
    due = None if due_h is None else NOW + timedelta(hours=due_h)
    facts = msgspec.structs.replace(made.item.facts, kind=kind)
    note = EarlierNote(author="Reviewer 09", at=NOW, text="a gate", labels=(label,))
    referral = msgspec.structs.replace(made.case.referral, due_at=due)
    return msgspec.structs.replace(
        made,
        item=msgspec.structs.replace(made.item, harm_type=harm, facts=facts, forewarning=expect),
        case=msgspec.structs.replace(made.case, referral=referral),
        notes=(note,) * bool(label),
        leased_to=leased_to,
        assigned_to=assigned_to,
    )


def offered(store: Store, wishes: Wishes = NO_WISHES, **ask: object) -> list[str]:
    return [entry.item.id for entry in store.list_queue(QueueAsk(**ask), ACTOR, wishes).offered]  # type: ignore[arg-type]


class Plain:
    """An entry as `in_turn` wants it, without any of the store's short cuts."""

    def __init__(self, entry: QueueEntry, wishes: Wishes) -> None:
        self.urgent = wishes.urgent(entry)
        self.avoided = wishes.avoids(entry)
        received = entry.case.referral.received_at.timestamp()
        left = entry.assigned_to != ACTOR and received >= wishes.left_since
        self.sharable = entry.item.harm_type in wishes.violent and left


def expected(entries: list[QueueEntry], wishes: Wishes) -> tuple[list[str], set[str]]:
    free = [
        entry
        for entry in sorted(entries, key=queue_order)
        if entry.leased_to in (None, ACTOR) and (entry.assigned_to in (None, ACTOR) or entry.case.referral.danger)
    ]
    seen = [Plain(entry, wishes) for entry in free]
    turns = in_turn(seen, wishes.places, OFFERED)
    left = {free[at].item.id for at in turns if seen[at].avoided and not seen[at].urgent}
    return [free[at].item.id for at in turns], left


@pytest.mark.parametrize("seed", range(12))
def test_the_store_offers_what_the_choosing_says(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    entries = [
        some(
            f"i{number}",
            harm=chance.choice(["violence", "other", "self_harm"]),
            kind=chance.choice([Kind.IMAGE, Kind.VIDEO, Kind.TEXT]),
            danger=chance.random() < 0.05,
            due_h=chance.choice([None, None, 0.5, 5.0, 50.0]),
            expect=chance.choice([(), (), ("possible Weapon",), ("weaponless garden",), ("a gate",)]),
            label=chance.choice(["", "", "", "weapon", "gate"]),
            minutes=number,
            leased_to=chance.choice([None, None, None, ACTOR, "m-9"]),
            assigned_to=chance.choice([None, None, None, ACTOR, "m-9"]),
        )
        for number in range(chance.choice([3, 30, 120]))
    ]
    store.put_queue(entries)
    wishes = Wishes(
        harms=frozenset(chance.sample(["violence", "self_harm", "unheard of"], chance.randrange(3))),
        kinds=frozenset(chance.sample(["video", "text"], chance.randrange(2))),
        labels=(("weapon", "Weapon"),) * chance.randrange(2),
        violent=frozenset({"violence"}),
        places=chance.choice([0, 3, 20]),
        left_since=NOW.timestamp() + chance.choice([-1e9, 0, 1800]),
        urgent_until=HOUR,
    )
    listing = store.list_queue(QueueAsk(), ACTOR, wishes)
    assert ([entry.item.id for entry in listing.offered], set(listing.reluctant)) == expected(entries, wishes)
    assert [line for line, _ in listing.first] == list(listing.lines[:40])  # what is shown does not change


def test_what_somebody_would_rather_not_get_comes_when_nothing_else_waits(store: Store) -> None:
    store.put_queue([some("bad", harm="violence"), some("calm", minutes=5)])
    wishes = Wishes(harms=frozenset({"violence"}), urgent_until=HOUR)
    assert offered(store) == ["bad", "calm"]
    assert offered(store, wishes) == ["calm", "bad"]
    assert store.list_queue(QueueAsk(), ACTOR, wishes).reluctant == {"bad"}
    # It stays where it is in the queue that is shown.
    assert len(store.list_queue(QueueAsk(), ACTOR, wishes).lines) == 2


@pytest.mark.parametrize("urgent", [{"danger": True}, {"due_h": 0.9}, {"due_h": -5.0}])
def test_neither_danger_nor_a_near_deadline_is_put_off(store: Store, urgent: dict[str, float]) -> None:
    store.put_queue([some("near", harm="violence", **urgent), some("calm", due_h=5, minutes=-90)])  # type: ignore[arg-type]
    wishes = Wishes(
        harms=frozenset({"violence"}), violent=frozenset({"violence"}), places=MOST_PLACES, urgent_until=HOUR
    )
    listing = store.list_queue(QueueAsk(), ACTOR, wishes)
    assert [entry.item.id for entry in listing.offered] == ["near", "calm"]
    assert listing.reluctant == set()


def test_a_deadline_that_is_not_near_yet_can_wait_for_a_colleague(store: Store) -> None:
    store.put_queue([some("later", harm="violence", due_h=1.1), some("calm")])
    assert offered(store, Wishes(harms=frozenset({"violence"}), urgent_until=HOUR)) == ["calm", "later"]


def test_whoever_had_more_than_the_even_share_gets_another_first(store: Store) -> None:
    store.put_queue([some(f"v{n}", harm="violence", minutes=n) for n in range(4)] + [some("calm", minutes=50)])
    near = Wishes(violent=frozenset({"violence"}), places=3, urgent_until=HOUR)
    assert offered(store, near)[0] == "v0"  # the other one is further down than this person looks
    assert offered(store, replace(near, places=4)) == ["calm", "v0", "v1", "v2", "v3"]


def test_what_was_given_by_name_is_not_left_to_others_for_evenness(store: Store) -> None:
    store.put_queue([some("mine", harm="violence", assigned_to=ACTOR), some("calm", minutes=5)])
    assert offered(store, Wishes(violent=frozenset({"violence"}), places=9, urgent_until=HOUR)) == ["mine", "calm"]


def test_what_has_waited_long_is_left_to_nobody_else(store: Store) -> None:
    """Whoever had least may be away, and others may come in for ever."""
    store.put_queue([some("old", harm="violence", minutes=-48 * 60 - 1), some("calm", minutes=5)])
    wishes = within(POLICY, None).wishes(NOW.timestamp(), ViolentShare(own_s=9e6, even_s=1000))
    assert wishes.places == MOST_PLACES
    assert offered(store, wishes) == ["old", "calm"]
    assert offered(store, replace(wishes, left_since=wishes.left_since - 120)) == ["calm", "old"]


def test_before_the_whole_queue_was_read_nothing_unwanted_is_offered(store: Store) -> None:
    store.put_queue([some("bad", harm="violence"), some("near", harm="violence", danger=True), some("calm", minutes=5)])
    assert offered(store, Wishes(harms=frozenset({"violence"}), urgent_until=HOUR), beginning=True) == ["near", "calm"]


def test_in_a_long_queue_the_first_other_item_is_found_however_far_down(store: Store) -> None:
    store.put_queue([some(f"v{n}", harm="violence", minutes=n) for n in range(6_000)] + [some("calm", minutes=9_000)])
    wishes = Wishes(harms=frozenset({"violence"}), urgent_until=HOUR)
    offered(store)
    began = time.perf_counter()
    assert offered(store, wishes)[:2] == ["calm", "v0"]
    assert time.perf_counter() - began < 0.25


@pytest.mark.parametrize(
    ("own_s", "even_s", "places"),
    [
        (0, 0, 0),
        (50, 0, 0),
        (600, None, 0),
        (1100, 1000, 0),
        (1159, 1000, 0),
        (1200, 1000, 3),
        (9e9, 1000, MOST_PLACES),
    ],
)
def test_places_grow_with_what_is_above_the_share(own_s: float, even_s: float | None, places: int) -> None:
    assert places_of(ViolentShare(own_s=own_s, even_s=even_s), margin=0.1) == places


def test_offline_the_order_is_plain() -> None:
    assert places_of(None, margin=0.1) == 0
    assert places_of(ViolentShare(own_s=float("nan"), even_s=float("nan")), margin=0.1) == 0
