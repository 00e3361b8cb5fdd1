"""The store as the rest of the vault sees it: what can be asked and recorded, each write one durable transaction.

Used by one thread (`vault.owner`). Every method may raise StoreUnavailable (nothing was written) or StoreDamaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.model.cases import QueueEntry
from reviewer.model.choosing import NO_WISHES, Wishes
from reviewer.model.custody import CustodyEntry
from reviewer.model.decisions import Change, Decision, Draft, ViewingRecord
from reviewer.model.events import EventAnswer, OutboxEvent
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.vault import merkle
from reviewer.vault.store import (
    custody_table,
    decisions,
    drafts,
    integrity,
    migrations,
    outbox,
    projection,
    queue_beginning,
    settings,
    waiting,
)
from reviewer.vault.store.connection import Database, check_file, create_file
from reviewer.vault.store.conversations import Conversations
from reviewer.vault.store.kept_exposure import KeptExposure
from reviewer.vault.store.transactions import Transactions, opened

if TYPE_CHECKING:
    from reviewer.vault.store.queue_order import QueueOrder


class Store:
    """`Store.create` or `Store.open`, then `close`. `key` is 32 raw bytes and is not kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._txn = Transactions(database)
        self._write = self._txn.write
        self._queue_revision = 0
        self._queue_order: QueueOrder | None = None

    @classmethod
    def create(cls, path: Path, key: bytes | bytearray | memoryview) -> Store:
        create_file(path)
        return cls(opened(path, key))

    @classmethod
    def open(cls, path: Path, key: bytes | bytearray | memoryview) -> Store:
        """Checks what can be checked quickly (see `integrity`); StoreTooNew for a newer schema."""
        check_file(path)
        return cls(opened(path, key))

    def close(self) -> None:
        self._database.close()

    def decide(
        self,
        decision: Decision,
        record: ViewingRecord,
        custody: CustodyEntry,
        event: OutboxEvent,
        draft: Draft | None = None,
    ) -> OutboxEvent:
        """Decision, viewing record, custody entry and outbox event: all four or none. Returns the event as numbered.

        The item leaves the queue and its draft goes; a void brings the item back, with `draft` if one is given.
        AlreadyRecorded for a known id.
        """
        with self._write() as db:
            position, _ = self._txn.log(db).append_for_decision(db, custody)
            decisions.insert(db, decision, record, position)
            stamped = self._txn.events(db).append(db, event)
            drafts.remove(db, decision.item_id)
            if draft is not None:
                drafts.put(db, draft)
            if decision.change is Change.VOID:
                projection.show(db, decision.item_id, stamped.sequence)
                projection.write_draft_down(db, decision.item_id)
            else:
                projection.hide(db, decision.item_id, stamped.sequence)
        self._queue_revision += 1
        return stamped

    def pass_on(self, item_id: str, custody: CustodyEntry, event: OutboxEvent) -> OutboxEvent:
        """The item goes to somebody else: custody entry and event in one; its draft is kept."""
        with self._write() as db:
            self._txn.log(db).append(db, custody)
            stamped = self._txn.events(db).append(db, event)
            projection.hide(db, item_id, stamped.sequence)
        self._queue_revision += 1
        return stamped

    def hold(self, item_id: str, held: bool, custody: CustodyEntry, event: OutboxEvent) -> OutboxEvent:
        """The item is set aside or taken up again: custody entry and event in one; its draft is kept."""
        with self._write() as db:
            self._txn.log(db).append(db, custody)
            stamped = self._txn.events(db).append(db, event)
            projection.set_held(db, item_id, stamped.sequence, held)
        self._queue_revision += 1
        return stamped

    def decisions(self, *, after: int = 0, limit: int = 1000) -> list[tuple[int, Decision]]:
        """(number, decision) in the order they were made, from the one after number `after`."""
        with self._database.read() as db:
            return decisions.every(db, after=after, limit=limit)

    def decision(self, decision_id: str) -> tuple[Decision, ViewingRecord] | None:
        with self._database.read() as db:
            return decisions.by_id(db, decision_id)

    def decisions_of(self, item_id: str) -> list[Decision]:
        with self._database.read() as db:
            return decisions.of_item(db, item_id)

    def decision_count(self) -> int:
        with self._database.read() as db:
            return decisions.count(db)

    def last_decision(self, actor: str) -> Decision | None:
        """The newest one of this person that still stands (neither a void, nor amended or voided)."""
        with self._database.read() as db:
            return decisions.last_standing(db, actor)

    def save_draft(self, draft: Draft) -> None:
        with self._write() as db:
            drafts.put(db, draft)
            projection.write_draft_down(db, draft.item_id)

    def load_draft(self, item_id: str) -> Draft | None:
        with self._database.read() as db:
            return drafts.by_item(db, item_id)

    def draft_count(self) -> int:
        with self._database.read() as db:
            return drafts.count(db)

    def remove_draft(self, item_id: str) -> None:
        with self._write() as db:
            drafts.remove(db, item_id)

    def queue_mark(self) -> projection.QueueMark:
        """Taken before the case system is asked for its list, and given to `put_queue` with the answer."""
        with self._database.read() as db:
            return projection.mark(db, self._txn.events(db).last)

    def put_queue(self, entries: Iterable[QueueEntry], asked_at: projection.QueueMark | None = None) -> None:
        """Replace the projection by the case system's list, asked for at `asked_at` (None: just now).

        What was decided or undone here and had not reached the case system by then keeps its state.
        """
        with self._write() as db:
            changed = projection.replace_all(db, entries, asked_at or projection.mark(db, self._txn.events(db).last))
        self._queue_revision += changed

    def put_queue_part(
        self,
        entries: Iterable[QueueEntry],
        after: projection.Key,
        until: projection.Key | None,
        asked_at: projection.QueueMark,
    ) -> bool:
        """As `put_queue`, for what comes after `after` and before `until`. Whether anything changed."""
        with self._write() as db:
            changed = projection.replace_between(db, entries, after, until, asked_at)
        self._queue_revision += changed
        return changed

    def put_queue_entry(self, entry: QueueEntry) -> None:
        with self._write() as db:
            projection.put(db, entry)
        self._queue_revision += 1

    def queue(self) -> list[QueueEntry]:
        """All of it: for small queues, and for those who must see each entry."""
        with self._database.read() as db:
            return projection.listed(db)

    def list_queue(self, ask: QueueAsk, member_id: str, wishes: Wishes = NO_WISHES) -> QueueListing:
        """The first of a member walks the whole order, unless `ask.beginning` or `walk_queue` did; later ones read what
        changed."""
        with self._database.read() as db:
            if ask.beginning:
                return queue_beginning.beginning(db, member_id, self._queue_revision, wishes)
            # Not before it is needed: NumPy takes longer to be imported than the beginning takes to be read.
            from reviewer.vault.store.queue_listing import listing

            return listing(db, ask, self._order_of(member_id), self._queue_revision, wishes)

    def walk_queue(self, member_id: str) -> bool:
        """One step of what `list_queue` and `case_queue` have to read first; whether nothing is left of it."""
        with self._database.read() as db:
            return self._order_of(member_id).walk(db)

    def case_queue(self, case_id: str, most: int, member_id: str) -> tuple[list[QueueEntry], int]:
        """The first `most` entries of a case in the order of the queue, and how many there are."""
        with self._database.read() as db:
            from reviewer.vault.store.queue_listing import of_case

            return of_case(db, self._order_of(member_id), case_id, most)

    def _order_of(self, member_id: str) -> QueueOrder:
        from reviewer.vault.store.queue_order import QueueOrder

        if self._queue_order is None or self._queue_order.member_id != member_id:
            self._queue_order = QueueOrder(member_id)
        return self._queue_order

    @property
    def queue_revision(self) -> int:
        """Another number after every change of the queue."""
        return self._queue_revision

    def queue_entries(self, lines: Iterable[int]) -> list[tuple[int, QueueEntry]]:
        """(line, entry) of those still known here, in the order asked for."""
        with self._database.read() as db:
            return projection.by_lines(db, lines)

    def queue_entry(self, item_id: str) -> QueueEntry | None:
        """Also finds an entry that is hidden because it was decided."""
        with self._database.read() as db:
            return projection.by_item(db, item_id)

    def waiting_among(self, item_ids: Iterable[str]) -> list[QueueEntry]:
        """Those of `item_ids` that wait in the queue, in their order; what was decided here is left out."""
        with self._database.read() as db:
            return waiting.waiting_among(db, item_ids)

    def copies_waiting(self, item_id: str) -> list[QueueEntry]:
        """The other items of its stack that wait in the queue."""
        with self._database.read() as db:
            return waiting.copies_waiting(db, item_id)

    def remove_from_queue(self, item_id: str) -> None:
        with self._write() as db:
            projection.remove(db, item_id)
        self._queue_revision += 1

    def put_event(self, event: OutboxEvent) -> OutboxEvent:
        with self._write() as db:
            return self._txn.events(db).append(db, event)

    def pending(self, limit: int, *, now: datetime) -> list[OutboxEvent]:
        """Events due for sending, oldest first."""
        with self._database.read() as db:
            return outbox.pending(db, limit, now)

    def answered(self, answers: Iterable[EventAnswer], *, retry_at: datetime) -> None:
        with self._write() as db:
            outbox.take_answers(db, answers, retry_at)

    def parked(self) -> list[outbox.ParkedEvent]:
        with self._database.read() as db:
            return outbox.parked(db)

    def send_again(self, event_id: str, payload: dict[str, Any] | None = None) -> bool:
        """A parked event goes back in line, corrected if `payload` is given. False when it is not parked."""
        with self._write() as db:
            return outbox.send_again(db, event_id, payload)

    def counts(self) -> outbox.OutboxCounts:
        with self._database.read() as db:
            return outbox.counts(db)

    def append_custody(self, entry: CustodyEntry, event: OutboxEvent | None = None) -> CustodyEntry:
        """Returns the entry as logged, with `previous` filled in."""
        with self._write() as db:
            logged = self._txn.log(db).append(db, entry)
            if event is not None:
                self._txn.events(db).append(db, event)
        return logged

    def custody_head(self) -> custody_table.CustodyHead:
        with self._database.read() as db:
            return custody_table.head(db)

    def custody_rows(self, start: int = 0, limit: int = 1000, case_id: str = "") -> list[custody_table.CustodyRow]:
        with self._database.read() as db:
            return custody_table.rows(db, start, limit, case_id)

    def cases_in_custody(self, start: int, end: int) -> list[str]:
        with self._database.read() as db:
            return custody_table.cases_between(db, start, end)

    def custody_root(self, size: int) -> bytes:
        with self._database.read() as db:
            return merkle.root(size, custody_table.lookup(db))

    def custody_edge(self, size: int) -> merkle.Edge:
        """The tree of the first `size` entries by the stored hashes. CustodyBroken when one is missing."""
        with self._database.read() as db:
            return custody_table.edge(db, size)

    def inclusion_proof(self, position: int, size: int) -> list[bytes]:
        with self._database.read() as db:
            return merkle.inclusion_proof(position, size, custody_table.lookup(db))

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        with self._database.read() as db:
            return merkle.consistency_proof(old, new, custody_table.lookup(db))

    def put_checkpoint(
        self, sign: Callable[[int, bytes], str], made_at: datetime, announce: Callable[[int, str], OutboxEvent] | None
    ) -> str | None:
        """Sign the log as it stands, keep the note, and queue the event `announce(size, note)` makes: one transaction.

        None when nothing was logged since the last checkpoint.
        """
        with self._write() as db:
            size = custody_table.head(db).size
            last = custody_table.last_checkpoint(db)
            if size == (0 if last is None else last[0]):
                return None
            note = sign(size, merkle.root(size, custody_table.lookup(db)))
            custody_table.put_checkpoint(db, size, note, made_at)
            if announce is not None:
                self._txn.events(db).append(db, announce(size, note))
        return note

    def checkpoints(self, *, last: int | None = None) -> list[tuple[int, str]]:
        """(size, signed note), oldest first; all of them, or the last few."""
        with self._database.read() as db:
            return custody_table.checkpoints(db, last)

    @property
    def exposure(self) -> KeptExposure:
        return KeptExposure(self._database, self._txn)

    @property
    def conversations(self) -> Conversations:
        """The threads of cases, and what stands around them."""
        return Conversations(self._write, self._database.read, lambda db, event: self._txn.events(db).append(db, event))

    def put_setting(self, key: str, value: bytes) -> None:
        with self._write() as db:
            settings.put(db, key, value)

    def settle(
        self,
        settings_now: Mapping[str, bytes | None],
        entries: Iterable[CustodyEntry],
        *,
        used_draft: str = "",
        draft_again: Draft | None = None,
    ) -> None:
        """Settings (None: removed), custody entries, the draft that became of it gone, and the one that it became again
        there, unless there is a newer one: all in one transaction."""
        with self._write() as db:
            settings.put_all(db, settings_now)
            for entry in entries:
                self._txn.log(db).append(db, entry)
            if used_draft:
                drafts.remove(db, used_draft)
            drafts.put_back(db, draft_again)

    def get_setting(self, key: str) -> bytes | None:
        with self._database.read() as db:
            return settings.by_key(db, key)

    def remove_setting(self, key: str) -> None:
        with self._write() as db:
            settings.remove(db, key)

    def put_case_key(self, case_id: str, sealed: bytes) -> None:
        with self._write() as db:
            settings.put_case_key(db, case_id, sealed)

    def case_key(self, case_id: str) -> bytes | None:
        with self._database.read() as db:
            return settings.case_key(db, case_id)

    def cases_with_keys(self) -> list[str]:
        """Ids of the cases whose sealed key is kept here."""
        with self._database.read() as db:
            return settings.cases_with_keys(db)

    def destroy_case_key(self, case_id: str, custody: CustodyEntry) -> bool:
        """Gone from the table, the freed page, the write-ahead log and the copies kept at upgrades.

        The custody entry says so.
        """
        with self._write() as db:
            found = settings.remove_case_key(db, case_id)
            self._txn.log(db).append(db, custody)
        self._database.fold()
        migrations.remove_copies(self._database.path)
        return found

    def check_everything(self) -> None:
        """Every page's HMAC, every index, every reference. StoreDamaged; takes seconds for a large store."""
        integrity.check_everything(self._database)
