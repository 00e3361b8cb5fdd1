"""The custody log's rows. Each leaf carries the hashes of every subtree it completes, so nothing is rehashed later."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reviewer.model.custody import CustodyEntry, leaf_bytes
from reviewer.model.errors import CustodyBroken
from reviewer.model.merkle import HASH_BYTES
from reviewer.vault import merkle

SALT_SIZE = 32

# Which case an entry is about; SQLite uses the index `custody_of_case` for this very expression only. What was altered
# into something that is not JSON is of no case; that it was altered shows elsewhere.
CASE = "CASE WHEN json_valid(CAST(entry AS TEXT)) THEN json_extract(CAST(entry AS TEXT), '$.case_id') END"


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """`leaf` is what was hashed: salt (32 bytes) and then the entry as JSON. `hashes` as in the schema."""

    position: int
    id: str
    salt: bytes
    entry_json: bytes
    hashes: bytes

    @property
    def leaf(self) -> bytes:
        return self.salt + self.entry_json


@dataclass(frozen=True, slots=True)
class CustodyHead:
    """`floor` is what the log must at least hold, by what the rest of the store remembers of it."""

    size: int
    last: str | None
    floor: int


def head(db: Any) -> CustodyHead:
    size, last = _end(db)
    floor, decided = db.execute(
        "SELECT size, coalesce((SELECT custody + 1 FROM decisions ORDER BY number DESC LIMIT 1), 0) FROM custody_floor"
    ).fetchone()
    return CustodyHead(size, last, max(int(floor), int(decided)))


def _end(db: Any) -> tuple[int, str | None]:
    row = db.execute("SELECT position, id FROM custody ORDER BY position DESC LIMIT 1").fetchone()
    return (0, None) if row is None else (int(row[0]) + 1, row[1])


def lookup(db: Any) -> merkle.Lookup:
    def read(level: int, index: int) -> bytes:
        row = db.execute(
            "SELECT substr(hashes, ?, 32) FROM custody WHERE position = ?", (level * 32 + 1, merkle.place(level, index))
        ).fetchone()
        if row is None or len(row[0]) != HASH_BYTES:
            raise CustodyBroken("A hash of the custody log is missing.")
        return bytes(row[0])

    return read


class LogEnd:
    """Where the log ends, kept in memory so that an entry costs one insert. Void as soon as a transaction failed."""

    def __init__(self, db: Any) -> None:
        size, self.last = _end(db)
        self._edge = merkle.Edge(size, lookup(db))

    def append_for_decision(self, db: Any, entry: CustodyEntry) -> tuple[int, CustodyEntry]:
        """Chains the entry to the one before it, salts it and adds it. Returns its position and the entry as logged."""
        position = self._edge.size
        chained = msgspec.structs.replace(entry, previous=self.last)
        salt = secrets.token_bytes(SALT_SIZE)
        leaf = leaf_bytes(chained, salt)
        hashes = self._edge.add(merkle.leaf_hash(leaf))
        db.execute(
            "INSERT INTO custody VALUES (?, ?, ?, ?, ?)",
            (position, chained.id, salt, leaf[SALT_SIZE:], b"".join(hashes)),
        )
        self.last = chained.id
        return position, chained

    def append(self, db: Any, entry: CustodyEntry) -> CustodyEntry:
        """The same for an entry that no decision's row will name."""
        position, chained = self.append_for_decision(db, entry)
        db.execute("UPDATE custody_floor SET size = ?", (position + 1,))
        return chained


def rows(db: Any, start: int, limit: int, case_id: str = "") -> list[CustodyRow]:
    """From position `start` on, at most `limit`; of one case only where one is named."""
    of_case = f"{CASE} = ? AND" if case_id else ""
    found = db.execute(
        f"SELECT position, id, salt, entry, hashes FROM custody WHERE {of_case} position >= ?"  # noqa: S608
        " ORDER BY position LIMIT ?",
        (*((case_id,) if case_id else ()), start, limit),
    ).fetchall()
    return [CustodyRow(int(p), i, bytes(s), bytes(e), bytes(h)) for p, i, s, e, h in found]


def cases_between(db: Any, start: int, end: int) -> list[str]:
    """Cases that entries from position `start` to before `end` are about."""
    asked = f"SELECT DISTINCT {CASE} FROM custody WHERE position >= ? AND position < ?"  # noqa: S608
    return sorted(case for (case,) in db.execute(asked, (start, end)) if case is not None)


def put_checkpoint(db: Any, size: int, note: str, made_at: datetime) -> None:
    db.execute("INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?)", (size, note, made_at.timestamp()))


def checkpoints(db: Any, last: int | None = None) -> list[tuple[int, str]]:
    rows = db.execute(
        "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT ?", (-1 if last is None else last,)
    ).fetchall()
    return [(int(size), note) for size, note in reversed(rows)]


def edge(db: Any, size: int) -> merkle.Edge:
    return merkle.Edge(size, lookup(db))


def last_checkpoint(db: Any) -> tuple[int, str] | None:
    row = db.execute("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    return None if row is None else (int(row[0]), row[1])
