"""Unfinished decisions, one per item."""

from __future__ import annotations

from typing import Any

import msgspec

from reviewer.model.decisions import Draft

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Draft).decode


def put(db: Any, draft: Draft) -> None:
    """One in which nothing is written is none."""
    if draft == Draft(item_id=draft.item_id):
        remove(db, draft.item_id)
        return
    db.execute(
        "INSERT INTO drafts VALUES (?, ?) ON CONFLICT (item_id) DO UPDATE SET draft = excluded.draft",
        (draft.item_id, _encode(draft)),
    )


def put_back(db: Any, draft: Draft | None) -> None:
    """Unless another one is being written by now."""
    if draft is not None and by_item(db, draft.item_id) is None:
        put(db, draft)


def by_item(db: Any, item_id: str) -> Draft | None:
    row = db.execute("SELECT draft FROM drafts WHERE item_id = ?", (item_id,)).fetchone()
    return None if row is None else _decode(row[0])


def every(db: Any) -> dict[str, Draft]:
    return {item_id: _decode(blob) for item_id, blob in db.execute("SELECT item_id, draft FROM drafts").fetchall()}


def count(db: Any) -> int:
    return int(db.execute("SELECT count(*) FROM drafts").fetchone()[0])


def remove(db: Any, item_id: str) -> None:
    db.execute("DELETE FROM drafts WHERE item_id = ?", (item_id,))
