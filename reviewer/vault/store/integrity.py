"""Is the store whole? Quickly at each opening, and completely on demand.

Quickly: SQLCipher authenticates each page when it is read, so a damaged page is never believed, only met later. At
opening we therefore check what must hold of the ends, where a cut shows: the custody log is as long as its last
checkpoint, the decisions and its floor say, and its root can be computed from the stored hashes (at most 64 of them).
A store small enough to be checked completely within the budget for opening is.
"""

from __future__ import annotations

from typing import Any

from reviewer.model.errors import CustodyBroken, StoreDamaged
from reviewer.vault import merkle
from reviewer.vault.store import custody_table
from reviewer.vault.store.connection import PAGE_SIZE, Database

# cipher_integrity_check reads and authenticates about 500 MB a second here, so this much costs some 30 ms.
COMPLETE_UP_TO_BYTES = 16 << 20


def check_quickly(database: Database) -> None:
    with database.read() as db:
        pages = int(db.execute("PRAGMA page_count").fetchone()[0])
        _check_custody_end(db)
    if pages * PAGE_SIZE <= COMPLETE_UP_TO_BYTES:
        _check_pages(database)


def _check_custody_end(db: Any) -> None:
    head = custody_table.head(db)
    signed = custody_table.last_checkpoint(db)
    if head.size < max(head.floor, 0 if signed is None else signed[0]):
        raise CustodyBroken("The custody log in the store is shorter than it was.")
    merkle.root(head.size, custody_table.lookup(db))


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
