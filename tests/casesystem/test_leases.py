"""Two people never get the same item, and a workstation that dies gives back what it held."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from house import ONE, TWO, House, a_decision, decided

from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused, LeaseLost
from reviewer.model.events import Lease
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def test_one_lease_an_item_and_the_queue_says_who_has_it(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    lease = as_member(ONE).lease("item-1")
    assert (lease.item_id, lease.holder) == ("item-1", ONE)
    with pytest.raises(LeaseLost) as lost:
        as_member(TWO).lease("item-1")
    assert lost.value.what_happened == "A colleague has this item."
    assert [entry.leased_to for entry in as_member(TWO).queue()] == [ONE]


def test_the_same_person_at_another_desk_is_somebody_else(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(ONE, "desk-1").lease("item-1")
    with pytest.raises(LeaseLost):
        as_member(ONE, "desk-2").lease("item-1")


def test_asking_again_from_the_same_desk_renews(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in()
    first = as_member(ONE).lease("item-1")
    house.clock.advance(30)
    again = as_member(ONE).lease("item-1")
    assert again.id == first.id
    assert (again.expires_at - first.expires_at).total_seconds() == 30


def test_a_lease_dies_without_renewal_and_lives_with_it(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in()
    one, two = as_member(ONE), as_member(TWO)
    lease = one.lease("item-1")
    for _ in range(5):
        house.clock.advance(50)
        lease = one.renew(lease)
    house.clock.advance(59.9)
    with pytest.raises(LeaseLost):
        two.lease("item-1")
    house.clock.advance(0.1)
    taken_over = two.lease("item-1")
    assert taken_over.holder == TWO
    assert taken_over.id != lease.id
    with pytest.raises(LeaseLost):
        one.renew(lease)


def test_an_expired_lease_cannot_be_renewed_even_when_nobody_took_it(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    taken_in()
    lease = as_member(ONE).lease("item-1")
    house.clock.advance(60)
    with pytest.raises(LeaseLost):
        as_member(ONE).renew(lease)


def test_releasing_frees_it_and_may_be_repeated(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one = as_member(ONE)
    lease = one.lease("item-1")
    one.release(lease)
    one.release(lease)
    assert as_member(TWO).lease("item-1").holder == TWO


def test_only_the_holder_releases_or_renews(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    lease = as_member(ONE).lease("item-1")
    for other in (as_member(TWO), as_member(ONE, "desk-2")):
        other.release(lease)
        with pytest.raises(LeaseLost):
            other.renew(lease)
    assert as_member(ONE).renew(lease).id == lease.id


def test_what_is_decided_or_unknown_cannot_be_leased(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one = as_member(ONE)
    one.post_events([decided(a_decision())])
    with pytest.raises(LeaseLost) as lost:
        one.lease("item-1")
    assert lost.value.what_happened == "This item has been decided."
    with pytest.raises(CaseSystemRefused) as refused:
        one.lease("item-9")
    assert refused.value.status == 404


def test_a_decision_made_offline_counts_although_its_lease_ran_out(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    taken_in()
    as_member(ONE).lease("item-1")
    house.clock.advance(3600)
    held = as_member(TWO).lease("item-1")
    as_member(ONE).post_events([decided(a_decision(ONE))])
    assert as_member(ONE).decision_count() == 1
    with pytest.raises(LeaseLost):
        as_member(TWO).renew(held)


def test_of_many_desks_racing_exactly_one_wins(house: House) -> None:
    import io

    from house import GATE, SEALED, a_case, an_item, ciphertext

    contested = [f"item-{attempt}" for attempt in range(5)]
    with house.on_loopback() as url:
        with CaseSystem(url, house.tokens[GATE], "gate") as intake:
            container = ciphertext(5000)
            intake.register_case(a_case(), SEALED)
            for item_id in contested:
                intake.register_item(an_item(item_id, container=container))
                intake.upload_container(item_id, io.BytesIO(container))
        won: dict[str, list[Lease]] = {item_id: [] for item_id in contested}
        lost: dict[str, list[LeaseLost]] = {item_id: [] for item_id in contested}
        start = threading.Barrier(6)

        def race(member: str, desk: str) -> None:
            with CaseSystem(url, house.tokens[member], desk) as client:
                client.me()
                for item_id in contested:
                    start.wait()
                    try:
                        won[item_id].append(client.lease(item_id))
                    except LeaseLost as error:
                        lost[item_id].append(error)

        racers = [
            threading.Thread(target=race, args=(member, desk)) for member in (ONE, TWO) for desk in ("a", "b", "c")
        ]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert [(len(won[item_id]), len(lost[item_id])) for item_id in contested] == [(1, 5)] * 5
