"""Promise: no decision is lost, doubled or half-recorded, and a slot always opens, whenever the process dies."""

from __future__ import annotations

import random
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from power_cut import Say, killed_while
from vault_samples import NOW, entry, four

from reviewer.model.errors import WrongPassphrase
from reviewer.model.roles import Role
from reviewer.vault import age, custody
from reviewer.vault.checkpoint import sign_checkpoint
from reviewer.vault.signed_note import Signer
from reviewer.vault.slots import PASSPHRASE, open_with_passphrase
from reviewer.vault.store import Store, migrations
from reviewer.vault.store.connection import Database
from reviewer.vault.vault import Vault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

KEY = bytes(range(32))
SIGNER = Signer("reviewer.invalid/custody/ws-1", bytes(32))
ROUNDS = [
    pytest.param(20, id="sample"),
    pytest.param(500, id="full", marks=[pytest.mark.fault, pytest.mark.timeout(900)]),
]


def decide_for_ever(path: Path, say: Say) -> None:
    store = Store.open(path, KEY)
    say("open")
    while True:
        records = four(rationale="words " * 40)
        store.decide(*records)
        say(records[0].id)
        if store.decision_count() % 7 == 0:
            store.append_custody(entry())
            store.put_checkpoint(partial(sign_checkpoint, SIGNER), NOW, None)
        if store.decision_count() % 11 == 0:
            store._database.fold()  # so that kills fall into checkpoints of the write-ahead log too


def check_exactly_once(path: Path, acknowledged: set[str]) -> set[str]:
    """All four records of every decision, each once; everything acknowledged among them. Returns what is stored."""
    store = Store.open(path, KEY)
    store.check_everything()
    custody.verify(store, SIGNER.verifier)
    stored = Counter(decision.id for _, decision in store.decisions(limit=1_000_000))
    events = store.pending(1_000_000, now=NOW)
    log = b"".join(row.entry_json for row in store.custody_rows(0, 1_000_000))
    viewing = [store.decision(decision_id) for decision_id in stored]
    store.close()
    assert acknowledged <= set(stored), "an acknowledged decision is missing"
    assert set(stored.values()) <= {1}, "a decision is there twice"
    assert all(pair is not None and pair[1].viewed for pair in viewing), "a viewing record is missing"
    assert Counter(str(event.payload["decision"]["id"]) for event in events) == stored, "outbox events differ"
    assert [event.sequence for event in events] == [*range(1, len(events) + 1)], "sequence numbers have gaps"
    assert Counter({i: log.count(f"exhibit of {i}".encode()) for i in stored}) == stored, "custody entries differ"
    return set(stored)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_every_acknowledged_decision_is_there_exactly_once(tmp_path: Path, rounds: int) -> None:
    rng = random.Random(rounds)
    path, before = tmp_path / "none", set[str]()
    for number in range(rounds):
        if number % 25 == 0:  # start afresh now and then, so that checking everything stays quick
            path, before = tmp_path / f"{number}.db", set()
            Store.create(path, KEY).close()
        said = killed_while(lambda say, at=path: decide_for_ever(at, say), within_s=0.03, rng=rng)  # type: ignore[misc]
        stored = check_exactly_once(path, before | set(said[1:]))
        assert len(stored) <= len(before) + len(said), "more was recorded than was asked for"
        before = stored
    assert before


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_slot_always_opens_while_the_passphrase_is_changed(tmp_path: Path, rounds: int) -> None:
    rng = random.Random(rounds)
    words = ("first passphrase", "second passphrase")
    vault = Vault(tmp_path)
    vault.create(
        words[0], age.generate_identity().recipient(), member_id="m", name="n", role=Role.REVIEWER, work_factor=2
    )
    slot = tmp_path / "vault" / "slots" / PASSPHRASE

    def work(say: Say) -> None:
        say("open")
        current = opens(slot, words)
        while True:
            vault.change_passphrase(words[current], words[1 - current], work_factor=2)
            current = 1 - current
            say(str(current))

    for _ in range(rounds):
        said = killed_while(work, within_s=0.02, rng=rng)
        current = opens(slot, words)
        if len(said) > 1:
            # The one after the last acknowledged change may have been completed too, but nothing older.
            assert current in (int(said[-1]), 1 - int(said[-1]))
    vault.open(words[opens(slot, words)]).lock()


def opens(slot: Path, words: tuple[str, str]) -> int:
    """Which of the two passphrases opens the slot; exactly one does."""
    found = []
    for number, text in enumerate(words):
        try:
            open_with_passphrase(slot, text).wipe()
        except WrongPassphrase:
            continue
        found.append(number)
    assert len(found) == 1
    return found[0]


SECOND = (
    "CREATE TABLE extra (id INTEGER PRIMARY KEY, words TEXT NOT NULL)",
    "INSERT INTO extra (words) SELECT id FROM decisions",
    "CREATE INDEX extra_words ON extra (words)",
)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_migration_happens_wholly_or_not_at_all(tmp_path: Path, rounds: int) -> None:
    rng = random.Random(rounds)
    path = tmp_path / "store.db"
    store = Store.create(path, KEY)
    ids = []
    for _ in range(60):
        records = four()
        store.decide(*records)
        ids.append(records[0].id)
    store.close()
    whole, seen = path.read_bytes(), Counter[int]()

    def work(say: Say) -> None:
        say("start")
        database = Database(path, KEY)
        migrations.migrate(database, (*migrations.STEPS, SECOND))
        database.close()

    for _ in range(rounds):
        for left in tmp_path.iterdir():
            left.unlink()
        path.write_bytes(whole)
        killed_while(work, within_s=0.02, rng=rng)
        seen[schema_and_extra(path, ids)] += 1
        copy = migrations.copy_path(path, len(migrations.STEPS))
        if copy.exists():
            assert copy.read_bytes() == whole
    assert seen[len(migrations.STEPS)], "no kill fell before the end of the migration: make the window smaller"


def schema_and_extra(path: Path, ids: list[str]) -> int:
    database = Database(path, KEY)
    schema = migrations.schema_of(database)
    migrations.migrate(database, (*migrations.STEPS, SECOND))
    with database.read() as db:
        assert [row[0] for row in db.execute("SELECT words FROM extra ORDER BY id")] == ids
    database.close()
    return schema
