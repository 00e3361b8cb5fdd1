"""One person cannot end a case: sets of keys without one's own are refused, and what was replaced can be put back."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from house import BOSS, GATE, NOON, ONE, SEALED, TWO, House, a_case, an_item, ciphertext
from test_case_keys_over_http import change, consent, enrolled, refusal, stage

from reviewer.casesystem.blobs import Arrival, Blobs
from reviewer.casesystem.database import open_database, writing
from reviewer.casesystem.rekeying import discard_blobs
from reviewer.casesystem.restore import NothingToRestore, kept_versions, main, restore
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import discarded_blobs
from reviewer.model.cases import Item
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
__all__ = ["enrolled"]


@pytest.mark.parametrize("keys", [{}, {ONE: b"k"}, {ONE: b"k", BOSS: b"k"}], ids=["nobody", "others", "others too"])
def test_a_set_of_keys_without_ones_own_is_refused(as_member: As, taken_in: TakeIn, keys: dict[str, bytes]) -> None:
    item = taken_in(size=1000)
    gate = as_member(GATE)
    state, etag = gate.keys.state("case-1")
    new = {"item-1": ciphertext(1100)}
    stage(gate, new)
    rekeyed = change([item], new)
    rekeyed.keys.clear()
    rekeyed.keys.update(keys)
    for attempt in (
        lambda: gate.share_case("case-1", keys),
        lambda: gate.keys.rekey("case-1", rekeyed, etag),
        lambda: gate.register_case(a_case("case-2"), keys),
    ):
        assert refusal(attempt) == "keys-without-yours"
    assert gate.keys.state("case-1") == (state, etag)


def test_keys_replaced_by_junk_are_put_back(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in(size=1000)
    as_member(BOSS).share_case("case-1", {BOSS: b"junk"})
    one = as_member(ONE)
    assert one.queue() == ()
    (kept,) = kept_versions(house.url, "case-1")
    assert (kept.replaced_by, kept.holders) == (BOSS, tuple(sorted(SEALED)))
    restore(house.url, "case-1", kept.version, house.clock)
    assert one.case_key("case-1") == b"sealed"
    assert refusal(lambda: as_member(BOSS).case_key("case-1")) == "no-key-for-you"
    # Putting back is itself undone the same way.
    assert [kept.replaced_by for kept in kept_versions(house.url, "case-1")] == [None, BOSS]
    with pytest.raises(NothingToRestore):
        restore(house.url, "case-1", 99)
    with pytest.raises(NothingToRestore):
        restore(house.url, "case-9", 1)


def test_one_key_given_over_another_is_kept_too(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in(size=1000)
    gate = as_member(GATE).keys
    gate.give("case-1", ONE, b"junk", gate.state("case-1")[1])
    gate.give("case-1", BOSS, b"new", gate.state("case-1")[1])
    (kept,) = kept_versions(house.url, "case-1")
    restore(house.url, "case-1", kept.version, house.clock)
    assert as_member(ONE).case_key("case-1") == b"sealed"


def test_containers_replaced_by_junk_are_put_back(as_member: As, taken_in: TakeIn, house: House) -> None:
    items = [taken_in(f"item-{n}", size=1000) for n in range(2)]
    before = {item.id: as_member(ONE).open_container(item.id, 1000).read() for item in items}
    gate = as_member(GATE)
    first = gate.keys.state("case-1")[1]
    for seed in (1, 2):
        junk = {item.id: ciphertext(1100 + seed, seed=seed * 10 + n) for n, item in enumerate(items)}
        stage(gate, junk)
        gate.keys.rekey("case-1", change(list(gate.keys.items("case-1")), junk), gate.keys.state("case-1")[1])
    later = an_item("item-9", container=b"later")
    gate.register_item(later)
    gate.upload_container("item-9", io.BytesIO(b"later"))
    restore(house.url, "case-1", int(first.strip('"').removeprefix("keys-")), house.clock)
    one = as_member(ONE)
    for item in items:
        entry = one.keys.item(item.id)
        assert entry.item == item
        assert one.open_container(item.id, 1000, item.container_sha256).read() == before[item.id]
    assert one.keys.item("item-9").item == later
    # Long after: what is in use stays, what was replaced goes.
    house.clock.advance(house.terms.keep_replaced_s)
    with house.in_loop():
        left = {path.name for path in house.blobs.glob("??/*")}
    assert left == {item.container_sha256 for item in (*items, later)}
    assert kept_versions(house.url, "case-1") == []


def test_what_is_sent_again_while_it_is_being_removed_stays(
    as_member: As, taken_in: TakeIn, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes as a container discarded before: they are not removed between the file and its row."""
    taken_in(size=1000)
    data = ciphertext(1100)
    digest = hashlib.sha256(data).hexdigest()
    gate = as_member(GATE)
    gate.me()
    engine = open_database(house.url)
    service = Service(engine, Blobs(house.blobs), house.clock, house.terms)
    with writing(engine) as connection:
        connection.execute(sa.insert(discarded_blobs).values(sha256=digest, at=0.0))
    remover = threading.Thread(target=discard_blobs, args=(service,))
    keep = Arrival.keep

    def keep_while_removing(arrival: Arrival) -> Path:
        kept = keep(arrival)
        remover.start()
        remover.join(0.5)
        return kept

    monkeypatch.setattr(Arrival, "keep", keep_while_removing)
    gate.keys.stage("item-1", io.BytesIO(data), digest, len(data))
    remover.join(10)
    engine.dispose()
    assert house.blobs.joinpath(digest[:2], digest).read_bytes() == data


def test_two_people_end_what_was_kept_as_well(as_member: As, taken_in: TakeIn, enrolled: None, house: House) -> None:
    taken_in(size=1000)
    secret = b"the sealed key of this case " * 40
    as_member(GATE).share_case("case-1", {ONE: secret, GATE: secret})
    as_member(GATE).share_case("case-1", {TWO: b"sealed", GATE: b"sealed"})
    assert kept_versions(house.url, "case-1")[0].holders == (GATE, ONE)
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    as_member(GATE).keys.consent("case-1", consent(GATE))
    assert not any(b"the sealed key of this case" in path.read_bytes() for path in house.folder.glob("case.db*"))
    assert kept_versions(house.url, "case-1") == []
    with pytest.raises(NothingToRestore):
        restore(house.url, "case-1", 1)


def test_the_administrator_does_it_from_the_command_line(
    as_member: As,
    taken_in: TakeIn,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    taken_in(size=1000)
    as_member(BOSS).share_case("case-1", {BOSS: b"junk"})

    def command(*arguments: str) -> tuple[int, str, str]:
        """In this process; its exit, what it said, and on stderr."""
        monkeypatch.setattr(sys, "argv", ["restore", "--database", house.url, *arguments])
        return main(), *capfd.readouterr()

    ended, told, _ = command("case-1")
    assert ended == 0
    assert told.startswith("1  replaced 2026-11-21T12:00:00+00:00 by supervisor-1; held by intake-1, reviewer-1, ")
    whole = [sys.executable, "-m", "reviewer.casesystem.restore", "--database", house.url, "case-1", "1"]
    assert subprocess.run(whole, capture_output=True, timeout=60, check=False).returncode == 0
    assert as_member(ONE).case_key("case-1") == b"sealed"
    ended, told, error = command("case-1", "77")
    assert (ended, told) == (1, "")
    assert NothingToRestore.happened in error
    assert hashlib.sha256(b"sealed").hexdigest() not in error
    assert kept_versions(house.url, "case-1")[0].replaced_at > NOON - timedelta(1)
