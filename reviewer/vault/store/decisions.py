"""Decisions and their viewing records. Append-only: a trigger refuses change and deletion."""

from __future__ import annotations

from typing import Any

import msgspec

from reviewer.model.decisions import Change, Decision, ViewingRecord

_encode = msgspec.json.Encoder().encode
_decision = msgspec.json.Decoder(Decision).decode
_record = msgspec.json.Decoder(ViewingRecord).decode


def insert(db: Any, decision: Decision, record: ViewingRecord, custody: int) -> None:
    db.execute(
        """INSERT INTO decisions (id, item_id, actor, replaces, custody, decision, viewing)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            decision.id,
            decision.item_id,
            decision.actor,
            decision.replaces,
            custody,
            _encode(decision),
            _encode(record),
        ),
    )


def every(db: Any, *, after: int, limit: int) -> list[tuple[int, Decision]]:
    rows = db.execute(
        "SELECT number, decision FROM decisions WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
    ).fetchall()
    return [(int(number), _decision(blob)) for number, blob in rows]


def count(db: Any) -> int:
    # Rows are never deleted and numbers never skipped, so the last number is the count, however many there are.
    return int(db.execute("SELECT coalesce(max(number), 0) FROM decisions").fetchone()[0])


def of_item(db: Any, item_id: str) -> list[Decision]:
    # No index: it would cost each decision a page to be written, for a question asked a few times a day.
    rows = db.execute("SELECT decision FROM decisions WHERE item_id = ? ORDER BY number", (item_id,)).fetchall()
    return [_decision(blob) for (blob,) in rows]


def by_id(db: Any, decision_id: str) -> tuple[Decision, ViewingRecord] | None:
    row = db.execute("SELECT decision, viewing FROM decisions WHERE id = ?", (decision_id,)).fetchone()
    return None if row is None else (_decision(row[0]), _record(row[1]))


def last_standing(db: Any, actor: str) -> Decision | None:
    """The newest decision of this person that is not a void and that nothing replaces."""
    for (blob,) in db.execute(
        """SELECT decision FROM decisions AS d WHERE actor = ?
           AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.replaces = d.id) ORDER BY number DESC""",
        (actor,),
    ):
        decision = _decision(blob)
        if decision.change is not Change.VOID:
            return decision
    return None
