"""What lies on the disk: ciphertext only, openable by others with the key, refused without it, never half-written."""

from __future__ import annotations

import io
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import apsw
import msgspec
import pyrage
import pytest
from vault_samples import NOW, entry, event, four, queue_entry

from reviewer.model.decisions import Change, Decision, Draft
from reviewer.model.errors import StoreDamaged, StoreTooNew, StoreUnavailable
from reviewer.model.levels import Level
from reviewer.model.roles import Role
from reviewer.vault import age
from reviewer.vault.store import AlreadyRecorded, RecordRefused, Store, StoredEpisode, migrations
from reviewer.vault.store.connection import Database
from reviewer.vault.vault import Vault

KEY = bytes(range(32))
WORD = "unmistakable-marker"


def filled(path: Path, decisions: int = 30) -> None:
    store = Store.create(path, KEY)
    store.put_queue([queue_entry(f"{WORD}-item")])
    store.save_draft(Draft(item_id="i", rationale=WORD * 3))
    store.put_setting("token", WORD.encode())
    store.put_case_key(WORD, WORD.encode())
    for _ in range(decisions):
        store.decide(*four(rationale=WORD * 9))
    store.close()


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_no_word_of_the_contents_is_on_disk_while_open_or_closed(tmp_path: Path) -> None:
    filled(tmp_path / "store.db")
    store = Store.open(tmp_path / "store.db", KEY)
    store.decide(*four(rationale=WORD * 50))
    store.append_custody(entry(reason=WORD), event(words=WORD))
    seen = on_disk(tmp_path)
    assert (tmp_path / "store.db-wal").stat().st_size > 0
    store.close()
    for part in (seen, on_disk(tmp_path)):
        for word in (WORD.encode(), b"SQLite format", b"decisions", b"m-07", KEY, KEY.hex().encode()):
            assert word not in part


def test_sorting_much_more_than_the_cache_makes_no_temporary_file(tmp_path: Path) -> None:
    database = Database(_empty(tmp_path / "s.db"), KEY)
    with database.write() as db:
        db.execute("CREATE TABLE t (a BLOB)")
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
            "INSERT INTO t SELECT randomblob(1000) FROM n"
        )
    with database.read() as db:
        cursor = db.execute("SELECT a FROM t ORDER BY a")
        cursor.fetchone()
        files = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        assert not [name for name in files if "etilqs" in name]
        del cursor
    database.close()


def _empty(path: Path) -> Path:
    path.touch()
    return path


def test_the_settings_that_keep_it_safe_are_in_force(tmp_path: Path) -> None:
    database = Database(_empty(tmp_path / "s.db"), KEY)
    wanted = {
        "cipher_memory_security": "1",
        "journal_mode": "wal",
        "synchronous": 2,
        "temp_store": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "locking_mode": "exclusive",
        "cipher_page_size": "4096",
        "cipher_use_hmac": "1",
        "cipher_hmac_algorithm": "HMAC_SHA512",
        "mmap_size": None,
    }
    with database.read() as db:
        found = {name: (db.execute(f"PRAGMA {name}").fetchone() or [None])[0] for name in wanted}
    database.close()
    assert found == wanted or found == {**wanted, "mmap_size": 0}


def vault_with_one_decision(folder: Path, escrow: age.HybridRecipient | age.X25519Recipient) -> Decision:
    vault = Vault(folder)
    vault.create("a long passphrase", escrow, member_id="m", name="n", role=Role.REVIEWER, work_factor=2)
    opened = vault.open("a long passphrase")
    records = four(rationale=WORD)
    opened.store.call(lambda store: store.decide(*records))
    opened.lock()
    return records[0]


def decisions_by_apsw(path: Path, key: bytes) -> list[Decision]:
    """Read by SQLite3 Multiple Ciphers, which shares no cipher code with SQLCipher."""
    connection = apsw.Connection(str(path))
    for pragma in ("cipher = 'sqlcipher'", "legacy = 4", f"key = \"x'{key.hex()}'\""):
        connection.execute(f"PRAGMA {pragma}")
    blobs = connection.execute("SELECT decision FROM decisions").fetchall()
    connection.close()
    return [msgspec.json.decode(blob, type=Decision) for (blob,) in blobs]


def test_an_independent_implementation_opens_the_store_with_the_recovered_key(tmp_path: Path) -> None:
    escrow = age.generate_identity()
    decided = vault_with_one_decision(tmp_path, escrow.recipient())
    slot = tmp_path / "vault" / "slots" / "recovery.age"
    with age.open(io.BytesIO(slot.read_bytes()), [escrow]) as plain:
        key = plain.readall()
    assert decisions_by_apsw(tmp_path / "vault" / "store.db", key) == [decided]


@pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")
def test_recovery_with_standard_tools_alone(tmp_path: Path) -> None:
    escrow = age.generate_x25519_identity()
    decided = vault_with_one_decision(tmp_path, escrow.recipient())
    (tmp_path / "escrow.txt").write_text(escrow.secret_text() + "\n")
    command = ["age", "-d", "-i", "escrow.txt", "vault/slots/recovery.age"]
    key = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert len(key) == 32
    assert decisions_by_apsw(tmp_path / "vault" / "store.db", key) == [decided]


def test_the_passphrase_slot_is_a_plain_age_file_with_the_key(tmp_path: Path) -> None:
    decided = vault_with_one_decision(tmp_path, age.generate_identity().recipient())
    slot = (tmp_path / "vault" / "slots" / "passphrase.age").read_bytes()
    key = pyrage.passphrase.decrypt(slot, "a long passphrase")
    assert decisions_by_apsw(tmp_path / "vault" / "store.db", key) == [decided]


def test_a_wrong_key_opens_nothing_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    filled(path)
    before = path.read_bytes()
    for key in (bytes(32), KEY[:-1] + b"\xff"):
        with pytest.raises(StoreDamaged):
            Store.open(path, key)
    assert path.read_bytes() == before
    for key in (b"", KEY[:-1], KEY + b"x"):
        with pytest.raises(ValueError):
            Store.open(path, key)


def test_a_newer_schema_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    filled(path)
    database = Database(path, KEY)
    with database.write() as db:
        db.execute("PRAGMA user_version = 99")
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew):
        Store.open(path, KEY)
    assert path.read_bytes() == before


def test_a_store_of_another_program_is_refused(tmp_path: Path) -> None:
    database = Database(_empty(tmp_path / "s.db"), KEY)
    with database.write() as db:
        db.execute("PRAGMA user_version = 1")
    database.close()
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path / "s.db", KEY)


# Each page is sealed by itself: one place or two of every page, and all over a page when the pages are taken together.
@pytest.mark.parametrize("step", [3989, pytest.param(977, marks=pytest.mark.matrix)])
def test_any_flipped_byte_is_noticed_on_opening_a_store_of_ordinary_size(tmp_path: Path, step: int) -> None:
    path = tmp_path / "store.db"
    filled(path)
    whole = path.read_bytes()
    for at in range(0, len(whole), step):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        with pytest.raises(StoreDamaged):
            Store.open(path, KEY)
    path.write_bytes(whole)
    Store.open(path, KEY).close()


@pytest.mark.parametrize("left", [0, 1, 4095, 4096, 3 * 4096, -4096, -1])
def test_a_file_cut_short_is_noticed(tmp_path: Path, left: int) -> None:
    path = tmp_path / "store.db"
    filled(path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(StoreDamaged):
        Store.open(path, KEY)


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path / "store.db", KEY)
    assert not list(tmp_path.iterdir())


def test_a_second_connection_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    filled(path, 1)
    store = Store.open(path, KEY)
    with pytest.raises(StoreUnavailable):
        Store.open(path, KEY)
    store.close()
    with pytest.raises(StoreUnavailable):
        Store.create(path, KEY)


def test_a_migration_keeps_an_encrypted_copy_that_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    filled(path)
    database = Database(path, KEY)
    migrations.migrate(database, (*migrations.STEPS, ("CREATE TABLE extra (a)",)))
    assert migrations.schema_of(database) == len(migrations.STEPS) + 1
    database.close()
    copy = migrations.copy_path(path, len(migrations.STEPS))
    assert WORD.encode() not in copy.read_bytes()
    store = Store.open(copy, KEY)
    assert store.decision_count() == 30
    store.close()


def test_a_failing_migration_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    filled(path)
    database = Database(path, KEY)
    with pytest.raises(StoreDamaged):
        migrations.migrate(database, (*migrations.STEPS, ("CREATE TABLE extra (a)", "no such statement")))
    database.close()
    store = Store.open(path, KEY)
    assert store.decision_count() == 30
    store.close()


def full_disk(path: Path, work: Callable[[Store], None]) -> None:
    """Run `work` in a child whose files may not grow any more: every write beyond fails as on a full disk."""
    child = os.fork()
    if child == 0:
        try:
            store = Store.open(path, KEY)
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            limit = path.stat().st_size + 30_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            work(store)
            os._exit(0)
        except BaseException as error:
            sys.__stderr__.write(repr(error))
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_full_disk_loses_nothing_acknowledged_and_writes_no_half(tmp_path: Path) -> None:
    path, done = tmp_path / "store.db", tmp_path / "done"
    filled(path)

    def work(store: Store) -> None:
        for acknowledged in range(400):
            before = store.decision_count()
            records = four(rationale="x" * 800)
            try:
                store.decide(*records)
            except StoreUnavailable:
                assert store.decision_count() == before
                assert store.decision(records[0].id) is None
                os.link(path, done.with_name(f"acknowledged-{acknowledged}"))
                with pytest.raises(StoreUnavailable):
                    store.save_draft(Draft(item_id="x", rationale="y" * 50_000))
                return
        raise AssertionError("the disk never filled up")

    full_disk(path, work)
    (marker,) = tmp_path.glob("acknowledged-*")
    store = Store.open(path, KEY)
    store.check_everything()
    assert store.decision_count() == 30 + int(marker.name.split("-")[1])
    store.decide(*four())
    assert store.counts().waiting == store.decision_count()
    store.close()


def test_after_a_failed_transaction_numbers_and_log_go_on_without_a_gap(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "s.db", KEY)
    first = four()
    store.decide(*first)
    with pytest.raises(AlreadyRecorded):
        store.decide(*first)
    with pytest.raises(RecordRefused):
        store.decide(*four(change=Change.AMEND, of="no such decision"))
    again = four()
    assert store.decide(*again).sequence == 2
    assert store.custody_head().size == 2
    store.close()


def test_exposure_survives(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store.create(path, KEY)
    episode = StoredEpisode(
        id="e1", item_id="i", harm_type="violence", level=Level.BLURRED, started_at=NOW, seconds=3.0, weight=2.0
    )
    store.exposure.keep_running(episode)
    store.exposure.keep_running(msgspec.structs.replace(episode, seconds=7.5))
    store.close()
    store = Store.open(path, KEY)
    total = store.exposure.seconds_since(NOW - timedelta(hours=1))
    assert (total.seconds, total.weighted_s, total.episodes) == (7.5, 15.0, 1)
    assert store.exposure.episodes_since(NOW)[0].seconds == 7.5
    (running,) = store.exposure.unfinished_episodes()
    for _ in range(2):
        store.exposure.finish_episodes([(running, event())])
    assert store.exposure.unfinished_episodes() == []
    assert store.counts().waiting == 1
    assert store.exposure.episodes_since(NOW + timedelta(seconds=1)) == []
    store.close()
