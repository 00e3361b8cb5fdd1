"""From a draft to a decision that stands, and back: each step one durable transaction, written once."""

from __future__ import annotations

import threading
from datetime import datetime

from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Change, Decision, Draft, ViewingRecord, as_draft, missing
from reviewer.model.errors import DecisionIncomplete, SegmentsOutOfRange
from reviewer.model.events import EventType
from reviewer.model.ids import uuid7
from reviewer.model.payloads import DecisionRecorded, ItemPassedOn
from reviewer.model.policy import Policy
from reviewer.model.segments import usable
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.going_on import going_on
from reviewer.workstation.journal import Journal
from reviewer.workstation.local_queue import LocalQueue
from reviewer.workstation.opening import ItemOpener, Taken
from reviewer.workstation.syncing import Syncing
from reviewer.workstation.viewing import Viewing


class Deciding:
    """One session's drafts and decisions. Every write is durable when its method returns."""

    def __init__(
        self,
        *,
        vault: OpenVault,
        policy: Policy,
        clock: Clock,
        queue: LocalQueue,
        items: ItemOpener,
        journal: Journal,
        viewing: Viewing,
        sync: Syncing,
    ) -> None:
        self._store = vault.store
        self._member_id = vault.member.id
        self._policy = policy
        self._clock = clock
        self._queue = queue
        self._items = items
        self._journal = journal
        self._viewing = viewing
        self._sync = sync
        # Decisions of this session that stand, oldest first, by item.
        self._made: dict[str, Decision] = {}
        self._undoing = threading.Lock()

    def save_draft(self, draft: Draft) -> None:
        self._store.call(lambda s: s.save_draft(draft))

    def decide(self, taken: Taken, draft: Draft, *, from_notes: bool) -> Decision:
        """DecisionIncomplete, SegmentsOutOfRange, StoreUnavailable. Asked again it answers what was decided."""
        if missing(draft):
            raise DecisionIncomplete()
        if not usable(draft.segments):
            raise SegmentsOutOfRange()
        evidence = taken.entry.item
        made = self._made.get(evidence.id)
        if made is not None:
            # Asked twice, or again after something failed behind the commit: it was decided, and is not decided twice.
            self._after_deciding(taken)
            return made
        decision = _decision(draft, taken, self._member_id, self._clock.now(), self._policy.version)
        record = self._viewing.record(taken, from_notes=from_notes)
        custody = self._journal.entry(
            CustodyAction.DECIDED, evidence, started_at=taken.started_at, reason=decision.policy_version
        )
        event = self._journal.event(
            EventType.DECISION_RECORDED, DecisionRecorded(decision=decision, viewing_record=record)
        )
        self._journal.durably(lambda store: store.decide(decision, record, custody, event), evidence)
        self._made[evidence.id] = decision
        self._after_deciding(taken)
        return decision

    def pass_on(self, taken: Taken) -> None:
        evidence = taken.entry.item
        custody = self._journal.entry(CustodyAction.PASSED_ON, evidence, started_at=taken.started_at)
        event = self._journal.event(EventType.ITEM_PASSED_ON, ItemPassedOn(item_id=evidence.id))
        self._journal.durably(lambda store: store.pass_on(evidence.id, custody, event), evidence)
        self._after_deciding(taken)

    def undo(self) -> Decision | None:
        """Voids this session's last decision that stands, if there is one."""
        with self._undoing:
            return self._undo_last()

    def _undo_last(self) -> Decision | None:
        last = next(reversed(self._made.values()), None)
        if last is None:
            return None
        entry = self._queue.entry(last.item_id)
        void = _void(last, self._member_id, self._clock.now(), self._policy.version)
        record = ViewingRecord(item_id=last.item_id, viewer=self._member_id)
        custody = self._journal.entry(CustodyAction.VOIDED, entry.item)
        event = self._journal.event(EventType.DECISION_RECORDED, DecisionRecorded(decision=void, viewing_record=record))
        # What was written is not lost by undoing: it comes back as the draft, in the same transaction.
        draft = as_draft(last)
        self._journal.durably(lambda store: store.decide(void, record, custody, event, draft), entry.item)
        del self._made[last.item_id]
        self._wake()
        return void

    def _after_deciding(self, taken: Taken) -> None:
        """The write is durable: nothing that fails from here on may look like a decision that was not made."""
        with going_on("leaving an item"):
            self._viewing.left(taken)
        with going_on("closing an item"):
            self._items.finished(taken)
        self._wake()

    def _wake(self) -> None:
        with going_on("waking sync"):
            self._sync.wake()


def _decision(draft: Draft, taken: Taken, actor: str, decided_at: datetime, policy_version: str) -> Decision:
    """`draft` is complete."""
    assert draft.imminence is not None
    assert draft.category is not None
    assert draft.severity is not None
    assert draft.confidence is not None
    assert draft.action is not None
    evidence = taken.entry.item
    return Decision(
        id=uuid7(),
        item_id=evidence.id,
        case_id=evidence.case_id,
        actor=actor,
        decided_at=decided_at,
        imminence=draft.imminence,
        category=draft.category,
        severity=draft.severity,
        confidence=draft.confidence,
        action=draft.action,
        rationale=draft.rationale,
        labels=draft.labels,
        segments=draft.segments,
        grounds=draft.grounds,
        classification=draft.classification,
        age_group=draft.age_group,
        messages=draft.messages,
        policy_version=policy_version,
    )


def _void(last: Decision, actor: str, decided_at: datetime, policy_version: str) -> Decision:
    """Decisions are append-only: the void is one more, which names the one it replaces."""
    return Decision(
        id=uuid7(),
        item_id=last.item_id,
        case_id=last.case_id,
        actor=actor,
        decided_at=decided_at,
        imminence=last.imminence,
        category=last.category,
        severity=last.severity,
        confidence=last.confidence,
        action=last.action,
        policy_version=policy_version,
        change=Change.VOID,
        replaces=last.id,
    )
