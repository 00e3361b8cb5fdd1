"""The custody log's rows. Each leaf carries the hashes of every subtree it completes, so nothing is rehashed later."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reviewer.model.custody import CustodyEntry, leaf_bytes
from reviewer.vault import merkle

SALT_SIZE = 32


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """`leaf` is what was hashed: salt (32 bytes) and then the entry as JSON. `hashes` as in the schema."""

    position: int
    salt: bytes
    entry_json: bytes
    hashes: bytes

    @property
    def leaf(self) -> bytes:
        return self.salt + self.entry_json


@dataclass(frozen=True, slots=True)
class CustodyHead:
    size: int
    last: str | None


def head(db: Any) -> CustodyHead:
    size, last = db.execute("SELECT custody_size, last_custody FROM head").fetchone()
    return CustodyHead(int(size), last)


def lookup(db: Any) -> merkle.Lookup:
    def read(level: int, index: int) -> bytes:
        row = db.execute(
            "SELECT substr(hashes, ?, 32) FROM custody WHERE position = ?", (level * 32 + 1, merkle.place(level, index))
        ).fetchone()
        if row is None or len(row[0]) != merkle.HASH_SIZE:
            raise LookupError("a hash of the custody log is missing")
        return bytes(row[0])

    return read


def append(db: Any, entry: CustodyEntry) -> tuple[int, CustodyEntry]:
    """Chains the entry to the one before it, salts it and adds it. Returns its position and the entry as logged."""
    at = head(db)
    chained = msgspec.structs.replace(entry, previous=at.last)
    salt = secrets.token_bytes(SALT_SIZE)
    leaf = leaf_bytes(chained, salt)
    hashes = merkle.completed(at.size, merkle.leaf_hash(leaf), lookup(db))
    db.execute("INSERT INTO custody VALUES (?, ?, ?, ?)", (at.size, salt, leaf[SALT_SIZE:], b"".join(hashes)))
    db.execute("UPDATE head SET custody_size = ?, last_custody = ?", (at.size + 1, chained.id))
    return at.size, chained


def rows(db: Any, start: int, limit: int) -> list[CustodyRow]:
    found = db.execute(
        "SELECT position, salt, entry, hashes FROM custody WHERE position >= ? ORDER BY position LIMIT ?",
        (start, limit),
    ).fetchall()
    return [CustodyRow(int(p), bytes(s), bytes(e), bytes(h)) for p, s, e, h in found]


def put_checkpoint(db: Any, size: int, note: str, made_at: datetime) -> None:
    db.execute("INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?)", (size, note, made_at.timestamp()))


def checkpoints(db: Any) -> list[tuple[int, str]]:
    return [
        (int(size), note) for size, note in db.execute("SELECT size, note FROM checkpoints ORDER BY size").fetchall()
    ]


def last_checkpoint(db: Any) -> tuple[int, str] | None:
    row = db.execute("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    return None if row is None else (int(row[0]), row[1])
