"""The store: durable decisions a second beside plain SQLite, and what opening a full vault takes.

`rows()` returns (name, value, unit, ratio or None). A decision is one transaction with its viewing record, custody
entry and outbox event, acknowledged after the write-ahead log was flushed (synchronous FULL). Plain SQLite runs those
statements with the same settings, only without the cipher; the two take turns, and each counts its best round.
"flush limit" is how often the disk can make one appended page durable.

REVIEWER_BENCH_SCALE=1 adds the vault with 1,000,000 decisions (2.5 GB in the temp folder, some minutes to fill).
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.decisions import Action, Confidence, Decision, Imminence, ViewingRecord
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.vault import age, custody, slots
from reviewer.vault.checkpoint import sign_checkpoint
from reviewer.vault.secrets import Secret
from reviewer.vault.signed_note import Signer
from reviewer.vault.store import Store, connection, custody_table, decisions, migrations, outbox
from reviewer.vault.store.connection import Database

Row = tuple[str, float, str, float | None]

ROUNDS, PER_ROUND = 5, 600
MANY = int(os.environ.get("REVIEWER_BENCH_DECISIONS", "1000000"))
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SCRIBE = custody.Scribe(actor="m-07", role="reviewer", workstation="bench")
SIGNER = Signer("reviewer.invalid/custody/bench", bytes(32))
_WITHOUT_CIPHER = ("cipher_", "trusted_schema")


class PlainDatabase(Database):
    """The same connection, settings and statements on Python's own SQLite: no cipher, no memory security."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw: Any = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in connection._AFTER_KEY:
            if not any(word in pragma for word in _WITHOUT_CIPHER):
                self._raw.execute(pragma).fetchall()


Four = tuple[Decision, ViewingRecord, CustodyEntry, OutboxEvent]


def four() -> Four:
    decision = Decision(
        id=uuid7(),
        item_id=uuid7(),
        case_id=uuid7(),
        actor="m-07",
        decided_at=NOW,
        imminence=Imminence.NO_SIGN,
        category="other",
        severity=1,
        confidence=Confidence.HIGH,
        action=Action.PRESERVE,
        rationale="a sentence or two of the usual length, written once and read later " * 2,
        policy_version="2026-11-default",
    )
    record = ViewingRecord(
        item_id=decision.item_id, viewer="m-07", opened_at=NOW, closed_at=NOW, seconds={"blurred": 8.1, "lens": 2.4}
    )
    entry = SCRIBE.entry(CustodyAction.DECIDED, NOW, case_id=decision.case_id, exhibit="E-1")
    event = OutboxEvent(
        id=uuid7(),
        sequence=0,
        type=EventType.DECISION_RECORDED,
        workstation="bench",
        actor="m-07",
        at=NOW,
        payload=msgspec.json.decode(msgspec.json.encode({"decision": decision, "record": record})),
    )
    return decision, record, entry, event


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = [*_throughput(folder), *_unlock()]
        if os.environ.get("REVIEWER_BENCH_SCALE") == "1":
            found += _many(folder)
        return found


def _throughput(folder: Path) -> list[Row]:
    flushes = _flushes(folder)
    encrypted = Store.create(folder / "store.db", secrets.token_bytes(32))
    plain_database = PlainDatabase(folder / "plain.db")
    migrations.migrate(plain_database)
    plain = Store(plain_database)
    best = {"encrypted": 0.0, "plain": 0.0}
    for _ in range(ROUNDS):
        for name, store in (("encrypted", encrypted), ("plain", plain)):
            best[name] = max(best[name], _rate(store))
    encrypted.close()
    plain.close()
    return [
        ("durable decisions", best["encrypted"], "/s, ratio to plain SQLite", best["encrypted"] / best["plain"]),
        ("durable decisions", best["encrypted"], "/s, ratio to the disk's flush limit", best["encrypted"] / flushes),
        ("the same on plain SQLite", best["plain"], "/s", None),
        ("flush limit of this disk", flushes, "/s", None),
    ]


def _rate(store: Store) -> float:
    batch = [four() for _ in range(PER_ROUND)]
    start = time.perf_counter()
    for records in batch:
        store.decide(*records)
    return PER_ROUND / (time.perf_counter() - start)


def _flushes(folder: Path) -> float:
    page, best = bytes(4096), 0.0
    with (folder / "flushes").open("wb", buffering=0) as file:
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for _ in range(PER_ROUND):
                file.write(page)
                os.fdatasync(file.fileno())
            best = max(best, PER_ROUND / (time.perf_counter() - start))
    return best


def _unlock() -> list[Row]:
    sealed, words = io.BytesIO(), "a passphrase of ordinary length"
    with Secret(32) as key:
        age.encrypt(io.BytesIO(key.view), sealed, [slots.passphrase(words)])
    best = min(_timed(lambda: age.open(sealed, [age.Passphrase(words)]).close()) for _ in range(3))
    return [(f"passphrase to store key, scrypt 2^{slots.WORK_FACTOR}", best * 1000, "ms", None)]


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _many(folder: Path) -> list[Row]:
    path, key = folder / "many.db", secrets.token_bytes(32)
    fill(path, key, MANY)
    opened: list[Store] = []
    found: list[Row] = []
    for name in ("open, files not in memory", "open, files in memory"):
        if "not" in name:
            _forget(path)
        took = _timed(lambda: opened.append(Store.open(path, key)))
        store = opened.pop()
        found.append((f"{name}, {MANY:,} decisions", took * 1000, "ms", None))
        took = _timed(lambda store=store: custody.verify_recent(store, SIGNER.verifier))
        found.append(("custody check of every unlock", took * 1000, "ms", None))
        assert store.decision_count() == MANY
        store.close()
    store = Store.open(path, key)
    found.append(("custody check, all of it", _timed(lambda: custody.verify(store, SIGNER.verifier)), "s", None))
    found.append(("integrity check, all of it", _timed(store.check_everything), "s", None))
    store.close()
    return found


def fill(path: Path, key: bytes, count: int) -> None:
    """`count` delivered decisions, written in large transactions because only the result matters here."""
    Store.create(path, key).close()
    database = Database(path, key)
    left = count
    while left:
        with database.write() as db:
            log, number = custody_table.LogEnd(db), decisions.count(db)
            for _ in range(min(left, 20_000)):
                decision, record, entry, event = four()
                position, _ = log.append_for_decision(db, entry)
                decisions.insert(db, decision, record, position)
                number += 1
                sent = msgspec.structs.replace(event, sequence=number)
                db.execute("INSERT INTO sent VALUES (?, ?)", (number, outbox._encode(sent)))
        left -= min(left, 20_000)
    database.close()
    store = Store.open(path, key)
    store.put_checkpoint(partial(sign_checkpoint, SIGNER), NOW, None)
    store.close()


def _forget(path: Path) -> None:
    """Ask the system to drop the file from its memory, so that opening reads the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        with contextlib.suppress(AttributeError, OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _lines() -> Iterator[str]:
    for name, value, unit, ratio in rows():
        yield f"{name:50} {value:12.1f} {unit:36} {'' if ratio is None else f'{ratio:.2f}'}"


if __name__ == "__main__":
    for line in _lines():
        sys.stdout.write(line + "\n")
