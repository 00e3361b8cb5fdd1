"""The schema, step by numbered step. Forward only; an encrypted copy is kept before any step but the first."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from reviewer.model.errors import StoreDamaged, StoreTooNew, StoreUnavailable
from reviewer.vault.files import sync_folder
from reviewer.vault.store.connection import Database
from reviewer.vault.store.custody_table import CASE

APPLICATION_ID = 0x52565731  # "RVW1"

_FIRST = (
    # `hashes`: the RFC 6962 hashes of all subtrees this leaf completes, lowest first, 32 bytes each.
    """CREATE TABLE custody (
        position INTEGER PRIMARY KEY, id TEXT NOT NULL, salt BLOB NOT NULL, entry BLOB NOT NULL,
        hashes BLOB NOT NULL)""",
    "CREATE TRIGGER custody_kept BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER custody_fixed BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'append only'); END",
    # The log is at least this long, so cutting its end off shows even before the next checkpoint. Entries that come
    # with a decision need no note of it here: the decision's row names its entry.
    "CREATE TABLE custody_floor (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL)",
    "INSERT INTO custody_floor VALUES (1, 0)",
    "CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL, made_at REAL NOT NULL)",
    """CREATE TABLE decisions (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, item_id TEXT NOT NULL, actor TEXT NOT NULL,
        replaces TEXT REFERENCES decisions (id), custody INTEGER NOT NULL REFERENCES custody (position),
        decision BLOB NOT NULL, viewing BLOB NOT NULL)""",
    "CREATE INDEX decisions_replaced ON decisions (replaces) WHERE replaces IS NOT NULL",
    "CREATE TRIGGER decisions_kept BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER decisions_fixed BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'append only'); END",
    # Only what is not delivered, so it stays small; state 0 waiting, 1 parked. `sent` keeps what was, for a case
    # system that must be put back to an older state.
    """CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0,
        retry_at REAL NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
        event BLOB NOT NULL)""",
    "CREATE TABLE sent (sequence INTEGER PRIMARY KEY, event BLOB NOT NULL)",
    # changed_by: the sequence number of the event that hid the item or brought it back.
    """CREATE TABLE queue (
        item_id TEXT PRIMARY KEY, hidden INTEGER NOT NULL DEFAULT 0, changed_by INTEGER,
        entry BLOB NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE drafts (item_id TEXT PRIMARY KEY, draft BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE exposure (
        id TEXT PRIMARY KEY, started_at REAL NOT NULL, seconds REAL NOT NULL, weighted_s REAL NOT NULL,
        episode BLOB NOT NULL, finished INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    "CREATE INDEX exposure_started ON exposure (started_at)",
    "CREATE INDEX exposure_running ON exposure (id) WHERE finished = 0",
    "CREATE TABLE case_keys (case_id TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
)

# The queue is read by the screenful: what it is ordered and filtered by, beside the entries; and what is searched in.
# `line` is never given again. `etag` is empty for what an older version kept, until `projection.complete`.
_QUEUE_BY_THE_SCREENFUL = (
    "ALTER TABLE queue RENAME TO queue_before",
    """CREATE TABLE queue (
        line INTEGER PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL UNIQUE, hidden INTEGER NOT NULL DEFAULT 0,
        changed_by INTEGER, etag TEXT, held INTEGER NOT NULL DEFAULT 0, calm INTEGER NOT NULL DEFAULT 0,
        no_deadline INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL DEFAULT 0, received_at REAL NOT NULL DEFAULT 0,
        source TEXT, kind TEXT, harm TEXT, flags INTEGER NOT NULL DEFAULT 0, assigned_to TEXT, leased_to TEXT,
        case_key INTEGER NOT NULL DEFAULT 0, person_key INTEGER NOT NULL DEFAULT 0,
        stack_key INTEGER NOT NULL DEFAULT 0)""",
    "CREATE TABLE queue_entries (line INTEGER PRIMARY KEY REFERENCES queue (line), entry BLOB NOT NULL)",
    "INSERT INTO queue (item_id, hidden, changed_by) SELECT item_id, hidden, changed_by FROM queue_before",
    "INSERT INTO queue_entries SELECT line, entry FROM queue JOIN queue_before USING (item_id)",
    "DROP TABLE queue_before",
    """CREATE INDEX queue_order ON queue (
        hidden, held, calm, no_deadline, due_at, received_at, line, flags, source, kind, harm, assigned_to, leased_to,
        case_key, person_key)""",
    "CREATE INDEX queue_stacks ON queue (stack_key) WHERE stack_key <> 0",
    "CREATE INDEX queue_incomplete ON queue (line) WHERE etag IS NULL",
    """CREATE VIRTUAL TABLE queue_words USING fts5 (
        words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2',
        prefix = '2 3')""",
    # What leaves the queue leaves the index as well, not only its list of what is valid.
    "INSERT INTO queue_words (queue_words, rank) VALUES ('secure-delete', 1)",
)

# What was seen of an item as a veiled cell of a gallery.
_CELL_VIEWS = (
    """CREATE TABLE cell_views (
        item_id TEXT PRIMARY KEY, seconds REAL NOT NULL, opened_at REAL NOT NULL, closed_at REAL NOT NULL)
        WITHOUT ROWID""",
)

# What colleagues say about a case, as last heard; what was written here and has not come back in the thread; drafts;
# what stands around a case.
_COLLEAGUES = (
    """CREATE TABLE thread (
        case_id TEXT NOT NULL, number INTEGER NOT NULL, mine INTEGER NOT NULL, message BLOB NOT NULL,
        PRIMARY KEY (case_id, number)) WITHOUT ROWID""",
    """CREATE TABLE thread_cases (
        case_id TEXT PRIMARY KEY, case_number TEXT NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE thread_outgoing (
        event_id TEXT PRIMARY KEY, case_id TEXT NOT NULL, sequence INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE thread_drafts (case_id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE related (case_id TEXT PRIMARY KEY, at REAL NOT NULL, body BLOB NOT NULL) WITHOUT ROWID",
)

# Items of which the case system is or will be told that this person saw them.
_SEEN_TOLD = ("CREATE TABLE seen_told (item_id TEXT PRIMARY KEY) WITHOUT ROWID",)

# A case's custody entries are told and packed without reading the others'. The expression is `custody_table.CASE`.
_CUSTODY_OF_CASE = (f"CREATE INDEX custody_of_case ON custody ({CASE}, position)",)

# Step n takes schema n to schema n + 1.
STEPS: tuple[tuple[str, ...], ...] = (
    _FIRST,
    _COLLEAGUES,
    _CELL_VIEWS,
    _QUEUE_BY_THE_SCREENFUL,
    _SEEN_TOLD,
    _CUSTODY_OF_CASE,
)


def schema_of(database: Database) -> int:
    with database.read() as db:
        application = int(db.execute("PRAGMA application_id").fetchone()[0])
        schema = int(db.execute("PRAGMA user_version").fetchone()[0])
    if schema and application != APPLICATION_ID:
        raise StoreDamaged("The file is not a store of reviewer.")
    return schema


def migrate(database: Database, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Bring the schema forward, each step in one transaction, a new store in a single one.

    StoreTooNew when it is ahead of this version.
    """
    schema = schema_of(database)
    if schema > len(steps):
        raise StoreTooNew()
    if schema == 0:
        _take(database, steps, len(steps))
        return
    if schema < len(steps):
        keep_copy(database, schema)
    for number in range(schema, len(steps)):
        _take(database, steps[number : number + 1], number + 1)


def _take(database: Database, steps: Sequence[Sequence[str]], schema: int) -> None:
    with database.write() as db:
        for statement in itertools.chain.from_iterable(steps):
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {schema}")


def copy_path(path: Path, schema: int) -> Path:
    return path.with_name(f"{path.name}.schema-{schema}")


def remove_copies(path: Path) -> None:
    """The copies kept at upgrades: what is destroyed in the store must not live on in them."""
    try:
        for copy in path.parent.glob(f"{path.name}.schema-*"):
            copy.unlink()
    except OSError as error:
        raise StoreUnavailable("An older copy of the store could not be removed.") from error


def keep_copy(database: Database, schema: int) -> Path:
    """The file as it is, ciphertext and all, beside the store. Whole or not there at all, whenever the power goes."""
    database.fold()
    target = copy_path(database.path, schema)
    part = target.with_name(target.name + ".part")
    try:
        with database.path.open("rb") as source:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreUnavailable("The store could not be copied before its upgrade, so it was not upgraded.") from error
    return target
