"""Nobody rewrites the custody log quietly: each way of tampering is done for real and must be noticed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sampling import some
from vault_samples import NOW, entry, four

from reviewer.model.custody import CustodyEntry, leaf_bytes
from reviewer.model.errors import CustodyBroken, StoreDamaged
from reviewer.model.merkle import verify_consistency
from reviewer.vault import custody, merkle
from reviewer.vault.checkpoint import sign_checkpoint
from reviewer.vault.signed_note import Signer
from reviewer.vault.store import RecordRefused, Store
from reviewer.vault.store.connection import Database

KEY = bytes(range(32))
SIGNER = Signer("reviewer.invalid/custody/ws-1", bytes(32))
ENTRIES = 21


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store with 21 entries, 7 of them of decisions; the last three are covered by no checkpoint."""
    path = tmp_path_factory.mktemp("closed") / "store.db"
    store = Store.create(path, KEY)
    for number in range(ENTRIES):
        if number == ENTRIES - 3:
            store.put_checkpoint(partial(sign_checkpoint, SIGNER), NOW, None)
        if number % 3 == 1:
            store.decide(*four())
        else:
            store.append_custody(entry(exhibit=f"E-{number}"))
    store.close()
    (only,) = path.parent.iterdir()
    return only.read_bytes()


@pytest.fixture
def path(tmp_path: Path, closed: bytes) -> Path:
    """One of its own for each test: all but a few alter it."""
    path = tmp_path / "store.db"
    path.write_bytes(closed)
    return path


def verify(path: Path, anchors: tuple[str, ...] = ()) -> custody.Verified:
    store = Store.open(path, KEY)
    try:
        return custody.verify(store, SIGNER.verifier, anchors)
    finally:
        store.close()


def tamper(path: Path, *statements: str | tuple[str, tuple[Any, ...]]) -> None:
    """As somebody would who has the key and knows the tables, guards and all."""
    database = Database(path, KEY)
    with database.read() as db:
        db.execute("PRAGMA foreign_keys = OFF")
    with database.write() as db:
        for trigger in ("custody_kept", "custody_fixed", "decisions_kept", "decisions_fixed"):
            db.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            db.execute(*((statement,) if isinstance(statement, str) else statement))
    database.close()


def rows(path: Path) -> list[tuple[Any, ...]]:
    database = Database(path, KEY)
    with database.read() as db:
        found = db.execute("SELECT position, id, salt, entry, hashes FROM custody ORDER BY position").fetchall()
    database.close()
    return [tuple(row) for row in found]


def rewrite_from(path: Path, change: Callable[[list[tuple[CustodyEntry, bytes]]], None]) -> None:
    """The thorough forger: changes entries and recomputes every chain link and every hash after them."""
    entries = [(msgspec.json.decode(row[3], type=CustodyEntry), row[2]) for row in rows(path)]
    change(entries)
    edge, previous, fresh = merkle.Edge(), None, []
    for position, (old, salt) in enumerate(entries):
        forged = msgspec.structs.replace(old, previous=previous)
        leaf = leaf_bytes(forged, salt)
        fresh.append((position, forged.id, salt, leaf[32:], b"".join(edge.add(merkle.leaf_hash(leaf)))))
        previous = forged.id
    tamper(
        path,
        "UPDATE decisions SET custody = 0",
        "DELETE FROM custody",
        *[("INSERT INTO custody VALUES (?, ?, ?, ?, ?)", row) for row in fresh],
    )


def test_an_untouched_log_verifies(path: Path) -> None:
    verified = verify(path)
    assert (verified.size, verified.covered) == (ENTRIES, ENTRIES - 3)


@some("position", range(ENTRIES), every=5)
def test_deleting_any_entry_is_noticed(path: Path, position: int) -> None:
    tamper(path, f"DELETE FROM custody WHERE position = {position}")
    with pytest.raises(CustodyBroken):
        verify(path)


@some("position", range(ENTRIES), every=5)
def test_editing_any_entry_is_noticed(path: Path, position: int) -> None:
    was = bytes(rows(path)[position][3])
    now = was.replace(b'"m-07"', b'"m-08"')
    assert now != was
    tamper(path, ("UPDATE custody SET entry = ? WHERE position = ?", (now, position)))
    with pytest.raises(CustodyBroken, match=f"entry {position} was altered"):
        verify(path)


def recent(path: Path) -> custody.Verified:
    store = Store.open(path, KEY)
    try:
        return custody.verify_recent(store, SIGNER.verifier)
    finally:
        store.close()


def test_the_quick_check_covers_the_checkpoint_and_what_follows(path: Path) -> None:
    assert recent(path) == verify(path)
    last = ENTRIES - 1
    tamper(path, f"UPDATE custody SET salt = zeroblob(32) WHERE position = {last}")
    with pytest.raises(CustodyBroken):
        recent(path)


def test_the_quick_check_notices_a_checkpoint_that_does_not_fit(path: Path) -> None:
    tamper(path, ("UPDATE checkpoints SET note = ?", (sign_checkpoint(SIGNER, ENTRIES - 3, bytes(32)),)))
    with pytest.raises(CustodyBroken, match="not those that were signed for"):
        recent(path)


def test_the_quick_check_of_an_empty_log_and_of_one_without_checkpoints(tmp_path: Path) -> None:
    Store.create(tmp_path / "s.db", KEY).close()
    assert recent(tmp_path / "s.db").size == 0
    store = Store.open(tmp_path / "s.db", KEY)
    store.append_custody(entry())
    store.close()
    assert recent(tmp_path / "s.db").size == 1


@pytest.mark.parametrize("column", ["id", "salt", "hashes"])
def test_editing_what_goes_with_an_entry_is_noticed(path: Path, column: str) -> None:
    tamper(path, f"UPDATE custody SET {column} = (SELECT {column} FROM custody WHERE position = 5) WHERE position = 7")
    with pytest.raises(CustodyBroken):
        verify(path)


@some("position", range(ENTRIES - 1), every=5)
def test_swapping_neighbours_is_noticed(path: Path, position: int) -> None:
    tamper(
        path,
        f"UPDATE custody SET position = -1 WHERE position = {position}",
        f"UPDATE custody SET position = {position} WHERE position = {position + 1}",
        f"UPDATE custody SET position = {position + 1} WHERE position = -1",
    )
    with pytest.raises(CustodyBroken):
        verify(path)


@some("left", range(ENTRIES), every=5)
def test_cutting_the_end_off_is_noticed(path: Path, left: int) -> None:
    tamper(path, f"DELETE FROM custody WHERE position >= {left}")
    with pytest.raises((CustodyBroken, StoreDamaged)):
        verify(path)


def test_cutting_off_checkpoints_too_is_noticed(path: Path) -> None:
    tamper(path, "DELETE FROM checkpoints", f"DELETE FROM custody WHERE position >= {ENTRIES - 4}")
    with pytest.raises(CustodyBroken):
        verify(path)


def test_a_forger_who_recomputes_everything_fails_at_the_checkpoint(path: Path) -> None:
    def change(entries: list[tuple[CustodyEntry, bytes]]) -> None:
        entries[2] = (msgspec.structs.replace(entries[2][0], actor="m-99"), entries[2][1])

    rewrite_from(path, change)
    with pytest.raises(CustodyBroken, match="not those that were signed for"):
        verify(path)


def test_reordering_with_everything_recomputed_fails_at_the_checkpoint(path: Path) -> None:
    rewrite_from(path, lambda entries: entries.insert(4, entries.pop(9)))
    with pytest.raises(CustodyBroken, match="not those that were signed for"):
        verify(path)


def test_a_store_put_back_to_an_older_state_fails_at_the_anchor(path: Path) -> None:
    older = path.read_bytes()
    store = Store.open(path, KEY)
    for _ in range(4):
        store.append_custody(entry())
    anchor = store.put_checkpoint(partial(sign_checkpoint, SIGNER), NOW, None)
    store.close()
    assert anchor is not None
    assert verify(path, (anchor,)).covered == ENTRIES + 4
    path.write_bytes(older)
    assert verify(path).size == ENTRIES
    with pytest.raises(CustodyBroken):
        verify(path, (anchor,))


def test_a_checkpoint_signed_by_somebody_else_is_refused(path: Path) -> None:
    forged = sign_checkpoint(Signer(SIGNER.name, b"\1" * 32), ENTRIES - 3, bytes(32))
    tamper(path, ("UPDATE checkpoints SET note = ?", (forged,)))
    with pytest.raises(CustodyBroken):
        verify(path)


def test_entries_are_refused_change_and_deletion_by_the_store_itself(path: Path) -> None:
    for statement in ("DELETE FROM custody", "UPDATE custody SET id = 'x'", "DELETE FROM decisions"):
        database = Database(path, KEY)
        with pytest.raises(RecordRefused), database.write() as db:
            db.execute(statement)
        database.close()


def test_the_same_entry_twice_has_two_different_leaves(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "s.db", KEY)
    same = entry()
    store.append_custody(same)
    store.append_custody(same)
    first, second = store.custody_rows()
    store.close()
    assert first.salt != second.salt
    assert first.hashes[:32] != second.hashes[:32]


def test_consistency_between_two_checkpoints_can_be_shown(path: Path) -> None:
    store = Store.open(path, KEY)
    proof = store.consistency_proof(ENTRIES - 3, ENTRIES)
    assert verify_consistency(ENTRIES - 3, store.custody_root(ENTRIES - 3), ENTRIES, store.custody_root(ENTRIES), proof)
    store.close()


@pytest.fixture
def exported(path: Path) -> Iterator[list[bytes]]:
    store = Store.open(path, KEY)
    note = store.put_checkpoint(partial(sign_checkpoint, SIGNER), NOW, None)
    assert note is not None
    yield list(custody.export(store, note, SIGNER.verifier))
    store.close()


def test_an_export_is_checked_without_the_store(exported: list[bytes]) -> None:
    assert len(exported) == ENTRIES + 1
    assert custody.check_export(iter(exported), SIGNER.verifier).size == ENTRIES


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.pop(),
        lambda lines: lines.pop(3),
        lambda lines: lines.insert(3, lines.pop(5)),
        lambda lines: lines.append(lines[-1]),
        lambda lines: lines.__setitem__(4, lines[4].replace(b"m-07", b"m-08")),
        lambda lines: lines.__setitem__(0, lines[0].replace(b"\\n21\\n", b"\\n20\\n")),
        lambda lines: lines.__setitem__(2, b"{}"),
        lambda lines: lines.__setitem__(2, b"[]"),
        lambda lines: lines.__setitem__(2, b"\xff"),
        lambda lines: lines.clear(),
    ],
)
def test_an_altered_export_is_refused(exported: list[bytes], change: Callable[[list[bytes]], object]) -> None:
    change(exported)
    with pytest.raises(CustodyBroken):
        custody.check_export(iter(exported), SIGNER.verifier)


def test_one_line_of_an_export_and_its_first_are_enough_to_check_an_entry(exported: list[bytes]) -> None:
    first, line = json.loads(exported[0]), json.loads(exported[8])
    leaf = merkle.leaf_hash(bytes.fromhex(line["salt"]) + line["entry"].encode())
    proof = [bytes.fromhex(part) for part in line["proof"]]
    assert merkle.inclusion_holds(line["position"], first["size"], leaf, proof, bytes.fromhex(first["root"]))
