"""Is the store whole? Quickly at each opening, and completely on demand.

Quickly: SQLCipher authenticates each page when it is read, so a damaged page is never believed, only met later. At
opening we therefore check what must hold of the ends, where a cut or a rollback shows: the file has all its pages, the
custody log has exactly as many rows as its head says, the last decision has its viewing record and its custody entry,
and the log's root can be computed from the stored hashes (at most 64 of them). A store small enough to be checked
completely within the budget for opening is.
"""

from __future__ import annotations

from typing import Any

from reviewer.model.errors import StoreDamaged
from reviewer.vault import merkle
from reviewer.vault.store import custody_table
from reviewer.vault.store.connection import PAGE_SIZE, Database

# cipher_integrity_check reads and authenticates about 500 MB a second here, so this much costs some 30 ms.
COMPLETE_UP_TO_BYTES = 16 << 20


def check_quickly(database: Database) -> None:
    with database.read() as db:
        pages = int(db.execute("PRAGMA page_count").fetchone()[0])
        _check_custody_end(db)
        _check_decisions_end(db)
    if pages * PAGE_SIZE <= COMPLETE_UP_TO_BYTES:
        _check_pages(database)


def _check_custody_end(db: Any) -> None:
    head = custody_table.head(db)
    last = db.execute("SELECT max(position) FROM custody").fetchone()[0]
    if head.size != (0 if last is None else int(last) + 1):
        raise StoreDamaged("The custody log in the store is shorter or longer than it should be.")
    try:
        merkle.root(head.size, custody_table.lookup(db))
    except LookupError:
        raise StoreDamaged("The custody log in the store has gaps.") from None


def _check_decisions_end(db: Any) -> None:
    row = db.execute(
        """SELECT viewing.decision IS NULL OR custody.position IS NULL FROM decisions
           LEFT JOIN viewing ON viewing.decision = number LEFT JOIN custody ON custody.position = decisions.custody
           ORDER BY number DESC LIMIT 1"""
    ).fetchone()
    if row is not None and row[0]:
        raise StoreDamaged("The last decision in the store is incomplete.")


def _check_pages(database: Database) -> None:
    with database.read() as db:
        if db.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
            raise StoreDamaged()


def check_everything(database: Database) -> None:
    _check_pages(database)
    with database.read() as db:
        if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise StoreDamaged()
        if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StoreDamaged("Records in the store name others that are missing.")
