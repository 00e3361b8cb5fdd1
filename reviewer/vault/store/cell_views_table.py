"""What was seen of items as veiled cells of a gallery: seconds in all, by item. Kept beside the exposure episodes.

A look at a gallery is one episode for the person; for each item that was in view it is time of its own, and a viewing
record made after a restart must still have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec


class CellView(msgspec.Struct, frozen=True, kw_only=True):
    """`seconds` at BLURRED in all, from the first to the last moment it was in view."""

    item_id: str
    seconds: float
    opened_at: datetime
    closed_at: datetime


def keep(db: Any, views: Iterable[CellView]) -> None:
    """Totals only grow: an older one that comes late changes nothing."""
    db.executemany(
        """INSERT INTO cell_views VALUES (?, ?, ?, ?) ON CONFLICT (item_id) DO UPDATE SET
           seconds = max(seconds, excluded.seconds), opened_at = min(opened_at, excluded.opened_at),
           closed_at = max(closed_at, excluded.closed_at)""",
        [(view.item_id, view.seconds, view.opened_at.timestamp(), view.closed_at.timestamp()) for view in views],
    )


def since(db: Any, start: datetime) -> list[CellView]:
    rows = db.execute(
        "SELECT item_id, seconds, opened_at, closed_at FROM cell_views WHERE closed_at >= ?", (start.timestamp(),)
    ).fetchall()
    return [
        CellView(
            item_id=item_id,
            seconds=seconds,
            opened_at=datetime.fromtimestamp(opened, UTC),
            closed_at=datetime.fromtimestamp(closed, UTC),
        )
        for item_id, seconds, opened, closed in rows
    ]
