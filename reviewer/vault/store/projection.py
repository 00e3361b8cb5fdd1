"""The queue as last heard from the case system, and what was decided or undone here since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from reviewer.model.cases import QueueEntry, queue_order

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(QueueEntry).decode


@dataclass(frozen=True, slots=True)
class QueueMark:
    """How far the case system had been told when its list was asked for: what it could not know yet it cannot unsay.

    `undelivered` are sequence numbers of the outbox then, `last` the highest number given so far.
    """

    undelivered: frozenset[int]
    last: int

    def unknown_to_list(self, sequence: int) -> bool:
        return sequence in self.undelivered or sequence > self.last


def mark(db: Any, last: int) -> QueueMark:
    return QueueMark(frozenset(sequence for (sequence,) in db.execute("SELECT sequence FROM outbox").fetchall()), last)


def replace_all(db: Any, entries: Iterable[QueueEntry], asked_at: QueueMark) -> None:
    """Take the case system's list, except for items changed here by an event it had not received when it was asked.

    Those stay as they are, shown or hidden. For all others its word counts (it may ask for a second look).
    """
    rows = {entry.item.id: _encode(entry) for entry in entries}
    for item_id, changed_by in db.execute("SELECT item_id, changed_by FROM queue").fetchall():
        if changed_by is not None and asked_at.unknown_to_list(changed_by):
            rows.pop(item_id, None)
        elif item_id in rows:
            continue
        elif changed_by is None:
            db.execute("DELETE FROM queue WHERE item_id = ?", (item_id,))
        else:
            # Answered here: out of sight, but undoing the decision needs to know the item.
            db.execute("UPDATE queue SET hidden = 1 WHERE item_id = ?", (item_id,))
    db.executemany(
        """INSERT INTO queue (item_id, entry) VALUES (?, ?)
           ON CONFLICT (item_id) DO UPDATE SET entry = excluded.entry, hidden = 0, changed_by = NULL""",
        rows.items(),
    )


def put(db: Any, entry: QueueEntry) -> None:
    db.execute(
        """INSERT INTO queue (item_id, entry) VALUES (?, ?)
           ON CONFLICT (item_id) DO UPDATE SET entry = excluded.entry""",
        (entry.item.id, _encode(entry)),
    )


def listed(db: Any) -> list[QueueEntry]:
    rows = db.execute("SELECT entry FROM queue WHERE hidden = 0").fetchall()
    return sorted((_decode(blob) for (blob,) in rows), key=queue_order)


def by_item(db: Any, item_id: str) -> QueueEntry | None:
    row = db.execute("SELECT entry FROM queue WHERE item_id = ?", (item_id,)).fetchone()
    return None if row is None else _decode(row[0])


def hide(db: Any, item_id: str, sequence: int) -> None:
    db.execute("UPDATE queue SET hidden = 1, changed_by = ? WHERE item_id = ?", (sequence, item_id))


def show(db: Any, item_id: str, sequence: int) -> None:
    db.execute("UPDATE queue SET hidden = 0, changed_by = ? WHERE item_id = ?", (sequence, item_id))


def remove(db: Any, item_id: str) -> None:
    db.execute("DELETE FROM queue WHERE item_id = ?", (item_id,))
