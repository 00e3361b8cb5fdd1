"""The queue as last heard from the case system, and what was decided or undone here since.

`queue` is slim: its order, what it is filtered by, what happened to it here. `queue_entries` has the entries whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from reviewer.model.cases import QueueEntry
from reviewer.vault.store import drafts, queue_words

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(QueueEntry).decode

NOTED, MATCHED, SECOND = 1, 2, 4
Key = tuple[int, int, float, float]
# From here on all lines are read at once instead of one by one.
_MANY = 500
FIRST_KEY: Key = (-1, 0, 0.0, 0.0)

_PUT = """INSERT INTO queue (item_id, etag, calm, no_deadline, due_at, received_at, held, source, kind, harm, flags,
        assigned_to, leased_to, case_key, person_key, stack_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (item_id) DO UPDATE SET etag = excluded.etag, calm = excluded.calm, no_deadline = excluded.no_deadline,
        due_at = excluded.due_at, received_at = excluded.received_at, held = excluded.held, source = excluded.source,
        kind = excluded.kind, harm = excluded.harm, flags = excluded.flags, assigned_to = excluded.assigned_to,
        leased_to = excluded.leased_to, case_key = excluded.case_key, person_key = excluded.person_key,
        stack_key = excluded.stack_key"""
_ORDER = "calm, no_deadline, due_at, received_at, line"


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


def key_of(entry: QueueEntry) -> Key:
    """`queue_order` of the model, as the columns have it."""
    referral = entry.case.referral
    due = referral.due_at.timestamp() if referral.due_at is not None else 0.0
    return (int(not referral.danger), int(referral.due_at is None), due, referral.received_at.timestamp())


def replace_all(db: Any, entries: Iterable[QueueEntry], asked_at: QueueMark) -> bool:
    """Take the case system's list, except for items changed here by an event it had not received when it was asked.

    Those stay as they are, shown or hidden. For all others its word counts (it may ask for a second look). Only what
    differs is written; whether anything did.
    """
    here = db.execute("SELECT item_id, etag, hidden, changed_by FROM queue").fetchall()
    return _reconcile(db, entries, here, asked_at)


def replace_between(db: Any, entries: Iterable[QueueEntry], after: Key, until: Key | None, asked_at: QueueMark) -> bool:
    """As `replace_all`, for the part of the queue that comes after `after` and before `until` (None: to its end)."""
    columns = "(calm, no_deadline, due_at, received_at)"
    within, limits = f"{columns} > (?, ?, ?, ?)", [*after]
    if until is not None:
        within, limits = f"{within} AND {columns} < (?, ?, ?, ?)", [*limits, *until]
    here = db.execute(f"SELECT item_id, etag, hidden, changed_by FROM queue WHERE {within}", limits).fetchall()  # noqa: S608
    return _reconcile(db, entries, here, asked_at)


def _reconcile(
    db: Any, entries: Iterable[QueueEntry], here: list[tuple[str, str, int, int | None]], asked_at: QueueMark
) -> bool:
    changed = False
    new = {entry.item.id: entry for entry in entries}
    for item_id, etag, hidden, changed_by in here:
        if changed_by is not None and asked_at.unknown_to_list(changed_by):
            new.pop(item_id, None)
        elif item_id in new:
            if changed_by is None and not hidden and etag == _etag(new[item_id]):
                del new[item_id]
        elif changed_by is None:
            remove(db, item_id)
            changed = True
        elif not hidden:
            # Answered here: out of sight, but undoing the decision needs to know the item.
            db.execute("UPDATE queue SET hidden = 1 WHERE item_id = ?", (item_id,))
            changed = True
    put_all(db, new.values())
    db.executemany("UPDATE queue SET hidden = 0, changed_by = NULL WHERE item_id = ?", ((item_id,) for item_id in new))
    return changed or bool(new)


def _etag(entry: QueueEntry) -> str:
    """The case system's, or one of our own where it gave none."""
    return entry.etag or hashlib.sha256(_encode(entry)).hexdigest()[:32]


def put(db: Any, entry: QueueEntry) -> None:
    put_all(db, (entry,))


def put_all(db: Any, entries: Collection[QueueEntry]) -> None:
    """Their lines are the same as long as the items are known here.

    Few statements, each run many times: memory security makes every new one cost more than what it does.
    """
    db.executemany(_PUT, map(_columns, entries))
    lines = _lines_of(db, entries)
    blobs = ((lines[entry.item.id], _encode(entry)) for entry in entries)
    db.executemany("INSERT OR REPLACE INTO queue_entries VALUES (?, ?)", blobs)
    own = drafts.every(db)
    queue_words.index(db, ((lines[entry.item.id], entry, own.get(entry.item.id)) for entry in entries))


def _lines_of(db: Any, entries: Collection[QueueEntry]) -> dict[str, int]:
    if len(entries) > _MANY:
        return dict(db.execute("SELECT item_id, line FROM queue").fetchall())
    asked = "SELECT line FROM queue WHERE item_id = ?"
    return {entry.item.id: int(db.execute(asked, (entry.item.id,)).fetchone()[0]) for entry in entries}


def _columns(entry: QueueEntry) -> tuple[object, ...]:
    item, referral = entry.item, entry.case.referral
    flags = NOTED * bool(entry.notes) | MATCHED * bool(entry.matches) | SECOND * (entry.round > 1)
    return (
        item.id, _etag(entry), *key_of(entry), int(entry.held), referral.source.value, item.facts.kind.value,
        item.harm_type, flags, entry.assigned_to, entry.leased_to, number_of(entry.case.id),
        number_of(referral.account), number_of(entry.stack.id) if entry.stack is not None else 0,
    )  # fmt: skip


def number_of(name: str) -> int:
    """A short name for grouping: 62 bits of SHA-256, 0 for no name."""
    name = " ".join(name.split()).casefold()
    return int.from_bytes(hashlib.sha256(name.encode(errors="replace")).digest()[:8]) >> 2 if name else 0


def incomplete(db: Any) -> list[int]:
    """Lines kept by an older version, which have neither their columns nor their words yet."""
    return [line for (line,) in db.execute("SELECT line FROM queue WHERE etag IS NULL").fetchall()]


def complete(db: Any, lines: Iterable[int]) -> None:
    put_all(db, [entry for _line, entry in by_lines(db, lines)])


def listed(db: Any) -> list[QueueEntry]:
    asked = f"SELECT entry FROM queue JOIN queue_entries USING (line) WHERE hidden = 0 ORDER BY {_ORDER}"  # noqa: S608
    return [_decode(blob) for (blob,) in db.execute(asked).fetchall()]


def by_item(db: Any, item_id: str) -> QueueEntry | None:
    asked = "SELECT entry FROM queue JOIN queue_entries USING (line) WHERE item_id = ?"
    row = db.execute(asked, (item_id,)).fetchone()
    return None if row is None else _decode(row[0])


def of_stack(db: Any, stack_id: str) -> list[QueueEntry]:
    """Those of one stack that wait, most urgent first."""
    asked = f"""SELECT entry FROM queue JOIN queue_entries USING (line)
        WHERE stack_key = ? AND stack_key <> 0 AND hidden = 0 ORDER BY {_ORDER}"""  # noqa: S608
    found = (_decode(blob) for (blob,) in db.execute(asked, (number_of(stack_id),)).fetchall())
    return [entry for entry in found if entry.stack is not None and entry.stack.id == stack_id]


def by_lines(db: Any, lines: Iterable[int]) -> list[tuple[int, QueueEntry]]:
    """(line, entry) of those that are still known, in the order asked for."""
    asked = "SELECT entry FROM queue_entries WHERE line = ?"
    found = ((line, db.execute(asked, (line,)).fetchone()) for line in lines)
    return [(line, _decode(row[0])) for line, row in found if row is not None]


def hide(db: Any, item_id: str, sequence: int) -> None:
    db.execute("UPDATE queue SET hidden = 1, changed_by = ? WHERE item_id = ?", (sequence, item_id))


def show(db: Any, item_id: str, sequence: int) -> None:
    db.execute("UPDATE queue SET hidden = 0, changed_by = ? WHERE item_id = ?", (sequence, item_id))


def set_held(db: Any, item_id: str, sequence: int, held: bool) -> None:
    """Set aside here, or taken up again; the item stays in the queue."""
    entry = by_item(db, item_id)
    if entry is not None:
        put(db, msgspec.structs.replace(entry, held=held))
        db.execute("UPDATE queue SET changed_by = ? WHERE item_id = ?", (sequence, item_id))


def write_draft_down(db: Any, item_id: str) -> None:
    """The words of its draft can be found as well."""
    row = db.execute("SELECT line FROM queue WHERE item_id = ?", (item_id,)).fetchone()
    entry = by_item(db, item_id)
    if row is not None and entry is not None:
        queue_words.index(db, [(row[0], entry, drafts.by_item(db, item_id))])


def remove(db: Any, item_id: str) -> None:
    row = db.execute("SELECT line FROM queue WHERE item_id = ?", (item_id,)).fetchone()
    if row is not None:
        queue_words.forget(db, row[0])
        db.execute("DELETE FROM queue_entries WHERE line = ?", row)
        db.execute("DELETE FROM queue WHERE line = ?", row)
