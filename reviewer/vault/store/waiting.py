"""Which of some items wait in the queue, whole: asked before one decision is applied to all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reviewer.model.cases import QueueEntry
from reviewer.vault.store import projection


def waiting_among(db: Any, item_ids: Iterable[str]) -> list[QueueEntry]:
    """In their order, one look-up each; what was decided or given away here is left out."""
    found = []
    for item_id in item_ids:
        if db.execute("SELECT 1 FROM queue WHERE item_id = ? AND hidden = 0", (item_id,)).fetchone() is not None:
            entry = projection.by_item(db, item_id)
            if entry is not None:
                found.append(entry)
    return found


def copies_waiting(db: Any, item_id: str) -> list[QueueEntry]:
    """The other items of its stack, by the case system's word."""
    entry = projection.by_item(db, item_id)
    if entry is None or entry.stack is None:
        return []
    return [other for other in projection.of_stack(db, entry.stack.id) if other.item.id != item_id]
