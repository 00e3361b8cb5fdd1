"""An unlocked workstation: `reviewer.ui.ports.Session` over the vault, the case system, the broker and the meter."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from reviewer.media.broker import Broker
from reviewer.model.cases import Item, QueueEntry, queue_order
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Change, Decision, Draft, ViewingRecord, as_draft, missing
from reviewer.model.errors import (
    DecisionIncomplete,
    LeaseLost,
    NoSuchItem,
    ReviewerError,
    SegmentsOutOfRange,
    StoreUnavailable,
)
from reviewer.model.events import EventType, OutboxEvent, TeamExposure
from reviewer.model.ids import uuid7
from reviewer.model.levels import LEVEL_BY_KEY, Level
from reviewer.model.payloads import DecisionRecorded, ItemPassedOn, Payload, as_payload
from reviewer.model.policy import Policy
from reviewer.model.roles import Member
from reviewer.model.segments import usable
from reviewer.sync.client import CaseSystem
from reviewer.ui.ports import PostureLine, SyncState, TakenItem
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.wellbeing.meter import ExposureFigures
from reviewer.wellbeing.prompts import Prompt
from reviewer.workstation.custody_author import CustodyAuthor
from reviewer.workstation.custody_debts import CustodyDebts
from reviewer.workstation.destroying import obey_tombstones
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.opening import ItemOpener, Taken
from reviewer.workstation.posture import posture
from reviewer.workstation.syncing import Syncing

_log = logging.getLogger(__name__)


class WorkSession:
    """One person, from unlock to lock. Every write is durable when its method returns."""

    def __init__(
        self,
        *,
        vault: OpenVault,
        case_system: CaseSystem,
        broker: Broker,
        policy: Policy,
        clock: Clock,
        protection_missing: bool = False,
    ) -> None:
        self._vault = vault
        self._store = vault.store
        self._case_system = case_system
        self._broker = broker
        self._policy = policy
        self._protection_missing = protection_missing
        self._clock = clock
        self._author = CustodyAuthor(clock, vault.scribe)
        self._exposure = ExposureKeeper(clock, policy, vault)
        self._items = ItemOpener(
            case_system=case_system,
            broker=broker,
            vault=vault,
            policy=policy,
            clock=clock,
            broke=self._item_broke,
        )
        self._sync = Syncing(vault, case_system, clock, self._author, self._items.renew_leases)
        self._locked = threading.Event()
        self._debts = CustodyDebts(self._store)
        self._harm_types: dict[str, str] = {}
        # Decisions of this session that stand, oldest first, by item.
        self._made: dict[str, Decision] = {}
        self._undoing = threading.Lock()
        self._farewell: threading.Thread | None = None
        self._record(CustodyAction.UNLOCKED)
        self._sync.start()

    @property
    def member(self) -> Member:
        return self._vault.member

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def protection_missing(self) -> bool:
        return self._protection_missing

    # the queue

    def queue(self) -> Sequence[QueueEntry]:
        return sorted(self._store.call(lambda s: s.queue()), key=queue_order)

    def refresh_queue(self) -> Sequence[QueueEntry]:
        asked_at = self._store.call(lambda s: s.queue_mark())
        entries = self._case_system.queue()
        self._sync.heard()
        self._store.call(lambda s: s.put_queue(entries, asked_at))
        obey_tombstones(self._vault, self._case_system, self._clock)
        return self.queue()

    def take(self, item_id: str) -> Taken:
        entry = self._entry(item_id)
        try:
            taken = self._lease_and_open(entry)
        except ReviewerError as error:
            self._item_broke(entry.item, error)
            raise
        item = taken.entry.item
        self._harm_types[item.id] = item.harm_type
        taken.seen = self._seen(item.id)
        self._exposure.busy(taken.entry.case.referral.danger)
        if taken.code is not None:
            self._debts.write(
                self._author.entry(CustodyAction.COULD_NOT_OPEN, item, started_at=taken.started_at, reason=taken.code)
            )
        else:
            self._debts.write(self._author.entry(CustodyAction.OPENED, item, started_at=taken.started_at))
        return taken

    def _lease_and_open(self, entry: QueueEntry) -> Taken:
        try:
            return self._items.take(entry)
        except LeaseLost:
            # To the case system an item undone here is decided until the void has reached it: send first, ask again.
            if not self._store.call(lambda s: s.counts()).waiting:
                raise
            self._sync.now()
            return self._items.take(entry)

    def prefetch(self, item_id: str) -> None:
        self._items.prefetch(self._entry(item_id))

    def put_back(self, item: TakenItem) -> None:
        taken = _ours(item)
        self._leave(taken)
        self._items.release(taken)

    def hide_everything(self) -> None:
        self._items.hide_everything()

    # deciding

    def save_draft(self, draft: Draft) -> None:
        self._store.call(lambda s: s.save_draft(draft))

    def decide(self, item: TakenItem, draft: Draft, *, from_notes: bool) -> Decision:
        taken = _ours(item)
        if missing(draft):
            raise DecisionIncomplete()
        if not usable(draft.segments):
            raise SegmentsOutOfRange()
        made = self._made.get(taken.entry.item.id)
        if made is not None:
            # Asked twice, or again after something failed behind the commit: it was decided, and is not decided twice.
            self._after_deciding(taken)
            return made
        assert draft.imminence is not None
        assert draft.category is not None
        assert draft.severity is not None
        assert draft.confidence is not None
        assert draft.action is not None
        evidence = taken.entry.item
        decision = Decision(
            id=uuid7(),
            item_id=evidence.id,
            case_id=evidence.case_id,
            actor=self.member.id,
            decided_at=self._clock.now(),
            imminence=draft.imminence,
            category=draft.category,
            severity=draft.severity,
            confidence=draft.confidence,
            action=draft.action,
            rationale=draft.rationale,
            labels=draft.labels,
            segments=draft.segments,
            policy_version=self._policy.version,
        )
        self._write_decision(decision, self._viewing_record(taken, from_notes), taken, CustodyAction.DECIDED)
        self._made[evidence.id] = decision
        self._after_deciding(taken)
        return decision

    def pass_on(self, item: TakenItem) -> None:
        taken = _ours(item)
        evidence = taken.entry.item
        custody = self._author.entry(CustodyAction.PASSED_ON, evidence, started_at=taken.started_at)
        event = self._event(EventType.ITEM_PASSED_ON, ItemPassedOn(item_id=evidence.id))
        self._durably(lambda store: store.pass_on(evidence.id, custody, event), evidence)
        self._after_deciding(taken)

    def undo(self) -> Decision | None:
        with self._undoing:
            return self._undo_last()

    def _undo_last(self) -> Decision | None:
        last = next(reversed(self._made.values()), None)
        if last is None:
            return None
        entry = self._entry(last.item_id)
        void = Decision(
            id=uuid7(),
            item_id=last.item_id,
            case_id=last.case_id,
            actor=self.member.id,
            decided_at=self._clock.now(),
            imminence=last.imminence,
            category=last.category,
            severity=last.severity,
            confidence=last.confidence,
            action=last.action,
            policy_version=self._policy.version,
            change=Change.VOID,
            replaces=last.id,
        )
        record = ViewingRecord(item_id=last.item_id, viewer=self.member.id)
        custody = self._author.entry(CustodyAction.VOIDED, entry.item)
        event = self._event(EventType.DECISION_RECORDED, DecisionRecorded(decision=void, viewing_record=record))
        # What was written is not lost by undoing: it comes back as the draft, in the same transaction.
        draft = as_draft(last)
        self._durably(lambda store: store.decide(void, record, custody, event, draft), entry.item)
        del self._made[last.item_id]
        self._wake()
        return void

    # exposure

    def showing(self, item_id: str | None, level: Level, *, sound: bool = False, full_screen: bool = False) -> None:
        if self._locked.is_set():
            return
        harm_type = self._harm_types.get(item_id, "") if item_id is not None else ""
        self._exposure.showing(item_id, harm_type, level, sound=sound, full_screen=full_screen)

    def exposure(self) -> ExposureFigures:
        return self._exposure.figures()

    def prompt(self) -> Prompt | None:
        return self._exposure.prompt()

    def break_started(self, minutes: float) -> None:
        self._exposure.break_started()

    def break_ended(self) -> None:
        self._exposure.break_ended()

    def break_postponed(self) -> None:
        self._exposure.postponed()

    # sync, posture, supervision

    def sync_state(self) -> SyncState:
        return self._sync.state()

    def sync_now(self) -> SyncState:
        self._exposure.keep()
        return self._sync.now()

    def posture(self) -> Sequence[PostureLine]:
        return posture(self._broker, self._policy, self._case_system.base_url)

    def team_exposure(self) -> TeamExposure:
        return self._case_system.team_exposure()

    def lock(self) -> None:
        """Evidence and keys first, whatever fails; then the network, without waiting for it (`farewell`)."""
        if self._locked.is_set():
            return
        self._locked.set()
        try:
            with _told("hiding"):
                self._items.hide_everything()
            with _told("closing the log"):
                self._exposure.stop()
                self._record(CustodyAction.LOCKED)
                # The log at rest is covered by a signature; it is anchored at the next sync.
                self._vault.checkpoint(self._clock.now())
        finally:
            self._vault.lock()
            self._farewell = threading.Thread(target=self._say_farewell, name="farewell", daemon=True)
            self._farewell.start()

    def farewell(self, timeout_s: float) -> None:
        """Wait until leases are given back and the connection is closed, at most `timeout_s`."""
        if self._farewell is not None:
            self._farewell.join(timeout_s)

    def _say_farewell(self) -> None:
        for step, part in (
            ("sync", self._sync.stop),
            ("leases", self._items.close),
            ("client", self._case_system.close),
        ):
            with _told(step):
                part()

    def _write_decision(self, decision: Decision, record: ViewingRecord, taken: Taken, action: CustodyAction) -> None:
        custody = self._author.entry(
            action, taken.entry.item, started_at=taken.started_at, reason=decision.policy_version
        )
        event = self._event(EventType.DECISION_RECORDED, DecisionRecorded(decision=decision, viewing_record=record))
        self._durably(lambda store: store.decide(decision, record, custody, event), taken.entry.item)

    def _durably(self, write: Callable[[Store], object], item: Item) -> None:
        """What is owed first, then `write`; a store that refuses gets an entry about it as soon as it can."""
        try:
            self._debts.pay()
            self._store.call(write)
        except StoreUnavailable:
            self._debts.owe(self._author.entry(CustodyAction.STORE_FAILED, item, reason=StoreUnavailable.code))
            raise

    def _after_deciding(self, taken: Taken) -> None:
        """The write is durable: nothing that fails from here on may look like a decision that was not made."""
        with _told("leaving an item"):
            self._leave(taken)
        with _told("closing an item"):
            self._items.finished(taken)
        self._wake()

    def _wake(self) -> None:
        with _told("waking sync"):
            self._sync.wake()

    def _viewing_record(self, taken: Taken, from_notes: bool) -> ViewingRecord:
        viewing = self._exposure.viewing(taken.entry.item.id)
        return ViewingRecord(
            item_id=taken.entry.item.id,
            viewer=self.member.id,
            opened_at=viewing.opened_at,
            closed_at=viewing.closed_at,
            seconds=viewing.seconds,
            sound_seconds=viewing.sound_seconds,
            # Looked at before it was hidden and taken up again: then it was not decided from the notes alone.
            decided_from_notes=from_notes and self._seen(taken.entry.item.id) is Level.FACTS,
            could_not_open=taken.code,
        )

    def _seen(self, item_id: str) -> Level:
        shown = self._exposure.viewing(item_id).seconds
        return max((LEVEL_BY_KEY[key] for key, seconds in shown.items() if seconds > 0), default=Level.FACTS)

    def _leave(self, taken: Taken) -> None:
        item = taken.entry.item
        self._exposure.showing(None, item.harm_type, Level.FACTS, sound=False, full_screen=False)
        self._exposure.item_closed(item.id, item.harm_type)
        self._exposure.busy(False)
        self._exposure.keep()

    def _entry(self, item_id: str) -> QueueEntry:
        entry = self._store.call(lambda s: s.queue_entry(item_id))
        if entry is None:
            raise NoSuchItem()
        return entry

    def _event(self, kind: EventType, payload: Payload) -> OutboxEvent:
        return OutboxEvent(
            id=uuid7(),
            sequence=0,  # the store numbers it
            type=kind,
            workstation=self._vault.workstation,
            actor=self.member.id,
            at=self._clock.now(),
            payload=as_payload(payload),
        )

    def _item_broke(self, item: Item, error: ReviewerError) -> None:
        if not self._locked.is_set():
            self._debts.write(self._author.entry(CustodyAction.COULD_NOT_OPEN, item, reason=error.code))

    def _record(self, action: CustodyAction) -> None:
        self._debts.write(self._author.entry(action))


@contextmanager
def _told(step: str) -> Iterator[None]:
    """Go on after a failure that must not stop what follows; the log says which step and what kind, no more."""
    try:
        yield
    except Exception as error:
        _log.error("%s failed with %s", step, type(error).__name__)


def _ours(item: TakenItem) -> Taken:
    if not isinstance(item, Taken):
        raise TypeError("an item that this session did not hand out")
    return item
