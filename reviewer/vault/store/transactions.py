"""Write transactions of the open store, and the ends of its log and its outbox, kept in memory between them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reviewer.vault.store import custody_table, integrity, migrations, outbox, projection
from reviewer.vault.store.connection import Database


def opened(path: Path, key: bytes | bytearray | memoryview) -> Database:
    """Brought forward to this version's schema and quickly checked. StoreTooNew, StoreDamaged, StoreUnavailable."""
    database = Database(path, key)
    try:
        migrations.migrate(database)
        integrity.check_quickly(database)
        _complete_queue(database)
    except BaseException:
        database.close()
        raise
    return database


class Transactions:
    """Of one open database, used by its one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._log_end: custody_table.LogEnd | None = None
        self._outbox_end: outbox.OutboxEnd | None = None

    @contextlib.contextmanager
    def write(self) -> Iterator[Any]:
        """All of it durable when it ends, or nothing of it."""
        try:
            with self._database.write() as db:
                yield db
        except BaseException:
            # What was rolled back may have moved them on: read them from the tables next time.
            self._log_end = self._outbox_end = None
            raise

    def log(self, db: Any) -> custody_table.LogEnd:
        if self._log_end is None:
            self._log_end = custody_table.LogEnd(db)
        return self._log_end

    def events(self, db: Any) -> outbox.OutboxEnd:
        if self._outbox_end is None:
            self._outbox_end = outbox.OutboxEnd(db)
        return self._outbox_end


def _complete_queue(database: Database) -> None:
    with database.read() as db:
        lines = projection.incomplete(db)
    if lines:
        with database.write() as db:
            projection.complete(db, lines)
