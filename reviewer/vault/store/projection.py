"""The queue as last heard from the case system, minus what was decided here since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from reviewer.model.cases import QueueEntry, queue_order

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(QueueEntry).decode


def replace_all(db: Any, entries: Iterable[QueueEntry]) -> None:
    """Take the case system's list. An item stays hidden while the event that answered it is still undelivered:
    the case system cannot know yet. Once delivered, its word counts again (it may ask for a second look)."""
    rows = [(entry.item.id, _encode(entry)) for entry in entries]
    db.execute(
        """UPDATE queue SET hidden_by = NULL WHERE hidden_by IS NOT NULL
           AND hidden_by NOT IN (SELECT id FROM outbox)"""
    )
    kept = {item_id for item_id, _ in rows}
    for (item_id,) in db.execute("SELECT item_id FROM queue WHERE hidden_by IS NULL").fetchall():
        if item_id not in kept:
            db.execute("DELETE FROM queue WHERE item_id = ?", (item_id,))
    db.executemany(
        """INSERT INTO queue (item_id, entry) VALUES (?, ?)
           ON CONFLICT (item_id) DO UPDATE SET entry = excluded.entry""",
        rows,
    )


def put(db: Any, entry: QueueEntry) -> None:
    db.execute(
        """INSERT INTO queue (item_id, entry) VALUES (?, ?)
           ON CONFLICT (item_id) DO UPDATE SET entry = excluded.entry""",
        (entry.item.id, _encode(entry)),
    )


def listed(db: Any) -> list[QueueEntry]:
    rows = db.execute("SELECT entry FROM queue WHERE hidden_by IS NULL").fetchall()
    return sorted((_decode(blob) for (blob,) in rows), key=queue_order)


def by_item(db: Any, item_id: str) -> QueueEntry | None:
    row = db.execute("SELECT entry FROM queue WHERE item_id = ?", (item_id,)).fetchone()
    return None if row is None else _decode(row[0])


def hide(db: Any, item_id: str, event_id: str) -> None:
    db.execute("UPDATE queue SET hidden_by = ? WHERE item_id = ?", (event_id, item_id))


def show(db: Any, item_id: str) -> None:
    db.execute("UPDATE queue SET hidden_by = NULL WHERE item_id = ?", (item_id,))


def remove(db: Any, item_id: str) -> None:
    db.execute("DELETE FROM queue WHERE item_id = ?", (item_id,))
