"""Small secret values by key (docs/formats.md lists the keys), and the sealed case keys kept for work offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def put(db: Any, key: str, value: bytes) -> None:
    db.execute(
        "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
    )


def put_all(db: Any, now: Mapping[str, bytes | None]) -> None:
    """None: removed."""
    for key, value in now.items():
        if value is None:
            remove(db, key)
        else:
            put(db, key, value)


def by_key(db: Any, key: str) -> bytes | None:
    row = db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return None if row is None else bytes(row[0])


def remove(db: Any, key: str) -> None:
    db.execute("DELETE FROM settings WHERE key = ?", (key,))


def put_case_key(db: Any, case_id: str, sealed: bytes) -> None:
    db.execute(
        "INSERT INTO case_keys VALUES (?, ?) ON CONFLICT (case_id) DO UPDATE SET sealed = excluded.sealed",
        (case_id, sealed),
    )


def case_key(db: Any, case_id: str) -> bytes | None:
    row = db.execute("SELECT sealed FROM case_keys WHERE case_id = ?", (case_id,)).fetchone()
    return None if row is None else bytes(row[0])


def cases_with_keys(db: Any) -> list[str]:
    return [row[0] for row in db.execute("SELECT case_id FROM case_keys ORDER BY case_id")]


def remove_case_key(db: Any, case_id: str) -> bool:
    return bool(db.execute("DELETE FROM case_keys WHERE case_id = ?", (case_id,)).rowcount)
