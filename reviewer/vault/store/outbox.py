"""Events on their way to the case system: waiting, parked with a reason, or delivered. None is ever dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reviewer.model.events import AnswerStatus, EventAnswer, EventType, OutboxEvent

WAITING, PARKED = 0, 1
MAX_REASON = 500

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(OutboxEvent).decode


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    event: OutboxEvent
    reason: str


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    waiting: int
    parked: int
    delivered: int


class OutboxEnd:
    """The last sequence number given, kept in memory. Void as soon as a transaction failed."""

    def __init__(self, db: Any) -> None:
        self.last = _last(db)

    def append(self, db: Any, event: OutboxEvent) -> OutboxEvent:
        """Assigns the next sequence number of this workstation and returns the event as it will be sent."""
        self.last += 1
        stamped = msgspec.structs.replace(event, sequence=self.last)
        db.execute("INSERT INTO outbox (sequence, id, event) VALUES (?, ?, ?)", (self.last, event.id, _encode(stamped)))
        return stamped


def _last(db: Any) -> int:
    row = db.execute(
        "SELECT max(coalesce((SELECT max(sequence) FROM outbox), 0), coalesce((SELECT max(sequence) FROM sent), 0))"
    ).fetchone()
    return int(row[0])


def pending(db: Any, limit: int, now: datetime) -> list[OutboxEvent]:
    rows = db.execute(
        "SELECT event FROM outbox WHERE state = 0 AND retry_at <= ? ORDER BY sequence LIMIT ?", (now.timestamp(), limit)
    ).fetchall()
    return [_decode(blob) for (blob,) in rows]


def waiting_of(db: Any, kind: EventType) -> list[OutboxEvent]:
    """Those of one type that wait or were put off, oldest first."""
    rows = db.execute(
        "SELECT event FROM outbox WHERE state = 0 AND instr(event, ?) > 0 ORDER BY sequence", (_encode(kind.value),)
    )
    # Those letters may stand in words somebody typed as well.
    return [event for (blob,) in rows.fetchall() if (event := _decode(blob)).type is kind]


def take_answers(db: Any, answers: Iterable[EventAnswer], retry_at: datetime) -> None:
    """Answers to events we do not know, or that were delivered before, change nothing."""
    open_events = {
        event_id: sequence for sequence, event_id in db.execute("SELECT sequence, id FROM outbox").fetchall()
    }
    for answer in answers:
        sequence = open_events.get(answer.id)
        if sequence is None:
            continue
        match answer.status:
            case AnswerStatus.ACCEPTED | AnswerStatus.DUPLICATE:
                db.execute("INSERT INTO sent SELECT sequence, event FROM outbox WHERE sequence = ?", (sequence,))
                db.execute("DELETE FROM outbox WHERE sequence = ?", (sequence,))
            case AnswerStatus.RETRY:
                db.execute(
                    "UPDATE outbox SET attempts = attempts + 1, retry_at = ? WHERE sequence = ?",
                    (retry_at.timestamp(), sequence),
                )
            case AnswerStatus.REJECTED:
                db.execute(
                    "UPDATE outbox SET state = 1, attempts = attempts + 1, reason = ? WHERE sequence = ?",
                    (answer.reason[:MAX_REASON], sequence),
                )


def parked(db: Any) -> list[ParkedEvent]:
    rows = db.execute("SELECT event, reason FROM outbox WHERE state = 1 ORDER BY sequence").fetchall()
    return [ParkedEvent(_decode(blob), reason) for blob, reason in rows]


def send_again(db: Any, event_id: str, payload: dict[str, Any] | None) -> bool:
    """Put a parked event back in line under its old id and number, with a corrected payload if one is given."""
    row = db.execute("SELECT sequence, event FROM outbox WHERE state = 1 AND id = ?", (event_id,)).fetchone()
    if row is None:
        return False
    event = _decode(row[1])
    if payload is not None:
        event = msgspec.structs.replace(event, payload=payload)
    db.execute(
        "UPDATE outbox SET state = 0, retry_at = 0, reason = '', event = ? WHERE sequence = ?", (_encode(event), row[0])
    )
    return True


def counts(db: Any) -> OutboxCounts:
    open_states = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
    waiting, held = int(open_states.get(WAITING, 0)), int(open_states.get(PARKED, 0))
    return OutboxCounts(waiting=waiting, parked=held, delivered=_last(db) - waiting - held)
