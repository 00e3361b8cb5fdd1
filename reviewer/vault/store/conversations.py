"""Threads of cases as last heard, what was written to them here and is on its way, drafts, and what stands around.

A message written here is in `thread_outgoing` from the transaction that queued its event until it has come back in the
thread; whether it waits or was rejected is the outbox's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.payloads import MessageWritten, as_payload, read_payload
from reviewer.model.related import CaseRelated, ThreadHead, ThreadMessage
from reviewer.vault.store import outbox

_encode = msgspec.json.Encoder().encode
_message = msgspec.json.Decoder(ThreadMessage).decode
_related = msgspec.json.Decoder(CaseRelated).decode


class Sending(Enum):
    WAITING = "waiting"
    SENT = "sent"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of this person that has not come back in the thread yet. `reason` is why it was rejected, or empty."""

    event_id: str
    text: str
    written_at: datetime
    sending: Sending
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoredThread:
    """`unread` is how many of `messages` are by others and newer than what this person has read."""

    messages: tuple[ThreadMessage, ...]
    outgoing: tuple[Outgoing, ...]
    draft: str
    unread: int


@dataclass(frozen=True, slots=True)
class Unread:
    case_id: str
    case_number: str
    count: int


class Conversations:
    """Part of one `Store`; each write is one durable transaction."""

    def __init__(
        self,
        write: Callable[[], AbstractContextManager[Any]],
        read: Callable[[], AbstractContextManager[Any]],
        append: Callable[[Any, OutboxEvent], OutboxEvent],
    ) -> None:
        self._write = write
        self._read = read
        self._append = append

    def thread(self, case_id: str) -> StoredThread:
        with self._read() as db:
            rows = db.execute("SELECT message FROM thread WHERE case_id = ? ORDER BY number", (case_id,)).fetchall()
            messages = tuple(_message(blob) for (blob,) in rows)
            draft = db.execute("SELECT text FROM thread_drafts WHERE case_id = ?", (case_id,)).fetchone()
            outgoing = _outgoing(db, case_id)
            unread = _unread(db).get(case_id, 0)
        return StoredThread(messages, outgoing, draft[0] if draft is not None else "", unread)

    def send(self, case_id: str, event: OutboxEvent) -> OutboxEvent:
        """Queue the message's event, keep its words, and drop the draft they came from: all or nothing."""
        with self._write() as db:
            stamped = self._append(db, event)
            db.execute("INSERT INTO thread_outgoing VALUES (?, ?, ?)", (event.id, case_id, stamped.sequence))
            db.execute("DELETE FROM thread_drafts WHERE case_id = ?", (case_id,))
        return stamped

    def send_again(self, event_id: str, text: str) -> bool:
        """A rejected message goes back in line with these words, under its old id. False when it is not rejected."""
        with self._write() as db:
            row = db.execute(
                "SELECT event FROM outbox WHERE id = ? AND state = ?", (event_id, outbox.PARKED)
            ).fetchone()
            if row is None:
                return False
            written = msgspec.structs.replace(_written(row[0]), text=text)
            return outbox.send_again(db, event_id, as_payload(written))

    def save_draft(self, case_id: str, text: str) -> None:
        """Empty words remove it."""
        with self._write() as db:
            if text:
                db.execute(
                    """INSERT INTO thread_drafts VALUES (?, ?)
                       ON CONFLICT (case_id) DO UPDATE SET text = excluded.text""",
                    (case_id, text),
                )
            else:
                db.execute("DELETE FROM thread_drafts WHERE case_id = ?", (case_id,))

    def lasts(self) -> dict[str, int]:
        """Case id to the number of the newest message kept here."""
        with self._read() as db:
            return dict(db.execute("SELECT case_id, max(number) FROM thread GROUP BY case_id").fetchall())

    def put_messages(self, head: ThreadHead, messages: Iterable[ThreadMessage]) -> None:
        """Those known before change nothing. What was on its way and is among them has arrived."""
        with self._write() as db:
            for message in messages:
                db.execute(
                    "INSERT OR IGNORE INTO thread VALUES (?, ?, ?, ?)",
                    (head.case_id, message.number, int(message.mine), _encode(message)),
                )
                db.execute("DELETE FROM thread_outgoing WHERE event_id = ?", (message.id,))
            db.execute(
                "INSERT INTO thread_cases VALUES (?, ?, 0) ON CONFLICT (case_id) DO UPDATE SET case_number = ?",
                (head.case_id, head.case_number, head.case_number),
            )

    def read_up_to(self, case_id: str, number: int) -> None:
        """Reading never goes back."""
        with self._write() as db:
            db.execute(
                "UPDATE thread_cases SET seen = max(seen, ?) WHERE case_id = ?",
                (number, case_id),
            )

    def unread(self) -> list[Unread]:
        """Cases with messages of others that this person has not read, by case number."""
        with self._read() as db:
            counts = _unread(db)
            rows = db.execute("SELECT case_id, case_number FROM thread_cases ORDER BY case_number, case_id").fetchall()
        return [Unread(case_id, number, counts[case_id]) for case_id, number in rows if case_id in counts]

    def put_related(self, related: CaseRelated, at: datetime) -> None:
        with self._write() as db:
            db.execute(
                """INSERT INTO related VALUES (?, ?, ?)
                   ON CONFLICT (case_id) DO UPDATE SET at = excluded.at, body = excluded.body""",
                (related.case_id, at.timestamp(), _encode(related)),
            )

    def related(self, case_id: str) -> tuple[CaseRelated, float] | None:
        """(as last heard, when: Unix seconds)."""
        with self._read() as db:
            row = db.execute("SELECT body, at FROM related WHERE case_id = ?", (case_id,)).fetchone()
        return None if row is None else (_related(row[0]), row[1])

    def forget(self, case_id: str) -> None:
        """What colleagues said and what stood around a case that is not this person's any more.

        Own words that are not delivered stay: they are nobody's to throw away.
        """
        with self._write() as db:
            for table in ("thread", "thread_cases", "related"):
                db.execute(f"DELETE FROM {table} WHERE case_id = ?", (case_id,))  # noqa: S608  names of ours


def _outgoing(db: Any, case_id: str) -> tuple[Outgoing, ...]:
    rows = db.execute(
        """SELECT o.event_id, coalesce(b.event, s.event), b.state, b.reason FROM thread_outgoing o
           LEFT JOIN outbox b ON b.id = o.event_id LEFT JOIN sent s ON s.sequence = o.sequence
           WHERE o.case_id = ? ORDER BY o.event_id""",
        (case_id,),
    ).fetchall()
    return tuple(_one(*row) for row in rows)


def _one(event_id: str, event: bytes, state: int | None, reason: str | None) -> Outgoing:
    written = _written(event)
    sending = {None: Sending.SENT, outbox.WAITING: Sending.WAITING, outbox.PARKED: Sending.REJECTED}[state]
    return Outgoing(event_id, written.text, written.written_at, sending, reason or "")


def _written(event: bytes) -> MessageWritten:
    written = read_payload(EventType.CASE_MESSAGE, msgspec.json.decode(event, type=OutboxEvent).payload)
    assert isinstance(written, MessageWritten)
    return written


def _unread(db: Any) -> dict[str, int]:
    """Case id to how many, where there are any."""
    return dict(
        db.execute(
            """SELECT t.case_id, count(*) FROM thread t JOIN thread_cases c ON c.case_id = t.case_id
               WHERE t.mine = 0 AND t.number > c.seen GROUP BY t.case_id"""
        ).fetchall()
    )
