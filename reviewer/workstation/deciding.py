"""From a draft to a decision that stands, and back: each step one durable transaction, written once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import msgspec

from reviewer.model.answers import out_of_range
from reviewer.model.cases import Item, QueueEntry
from reviewer.model.clock import Clock
from reviewer.model.completeness import missing, settled
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Change, Decision, Draft, ViewingRecord, as_draft
from reviewer.model.errors import AnswersOutOfRange, DecisionIncomplete, LeaseLost, NothingToAmend, SegmentsOutOfRange
from reviewer.model.events import EventType
from reviewer.model.ids import uuid7
from reviewer.model.payloads import DecisionRecorded, ItemPassedOn
from reviewer.model.policy import Policy
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
        # Decisions made with another one are undone with it: item ids by the batch they were made in.
        self._together: dict[str, str] = {}
        self._taken_back: set[str] = set()
        self._writing = threading.Lock()
        self._undoing = threading.Lock()

    def save_draft(self, draft: Draft) -> None:
        self._store.call(lambda s: s.save_draft(draft))

    def decide(self, taken: Taken, draft: Draft, *, from_notes: bool) -> Decision:
        """DecisionIncomplete, SegmentsOutOfRange, StoreUnavailable, LeaseLost. Asked again it answers the same."""
        self.refuse_unfinished(draft)
        with self._writing:
            item_id = taken.entry.item.id
            made = self._made.get(item_id)
            if made is not None and item_id in self._together:
                # A batch came first, with other words: these are not to look as if they had been written down.
                raise LeaseLost("This item has been decided.")
            if made is None:
                record = self._viewing.record(taken, from_notes=from_notes)
                made = self._write_down(taken.entry, draft, record, taken.started_at)
        # Asked twice, or again after something failed behind the commit: it was decided, and is not decided twice.
        self._after_deciding(taken)
        return made

    def decide_unopened(
        self, entry: QueueEntry, draft: Draft, record: Callable[[], ViewingRecord], *, batch: str
    ) -> Decision:
        """As `decide`, for an item that is not on the desk. Those of one `batch` are undone together.

        `record` is asked at the moment of writing. Whoever calls wakes sync when all of the batch are done.
        """
        self.refuse_unfinished(draft)
        item_id = entry.item.id
        with self._writing:
            made = self._made.get(item_id)
            if made is None:
                made = self._write_down(entry, draft, record(), self._clock.now())
                self._together[item_id] = batch
        return made

    def made(self, item_id: str) -> Decision | None:
        """This session's decision on it that stands."""
        return self._made.get(item_id)

    def replace_own(self, decision: Decision, write: Callable[[], None]) -> None:
        """`write` makes it durable. It replaces an own decision, of this session or an earlier one: it is the last
        then, and undone by itself. NothingToAmend, and nothing is written, where this session took that one back.
        """
        with self._undoing, self._writing:
            made = self._made.get(decision.item_id)
            if decision.replaces in self._taken_back or (made is not None and made.id != decision.replaces):
                raise NothingToAmend()
            write()
            self._made.pop(decision.item_id, None)
            self._together.pop(decision.item_id, None)
            self._made[decision.item_id] = decision

    def made_with(self, item_id: str) -> str:
        """What the decision on it is undone with: the batch it was made in, else the item itself."""
        return self._together.get(item_id, item_id)

    @property
    def last(self) -> Decision | None:
        """This session's last decision that stands: the one that `undo` voids and `amend` changes."""
        with self._writing:
            return next(reversed(self._made.values()), None)

    def amend(self, old: Decision, draft: Draft) -> Decision:
        """A decision of this session becomes another; the one before stays in the record, named by the new one.

        DecisionIncomplete, SegmentsOutOfRange, AnswersOutOfRange; NothingToAmend when `old` does not stand any more.
        Asked again it answers the same. The item is not opened for it: the viewing record is of what was seen before.
        """
        self.refuse_unfinished(draft)
        with self._undoing, self._writing:
            made = self._made.get(old.item_id)
            if made is not None and made.replaces == old.id:
                return made
            if made is None or made.id != old.id:
                raise NothingToAmend()
            entry = self._queue.entry(old.item_id)
            record = self._viewing.record_unopened(old.item_id, from_notes=False)
            amended = self._write_down(entry, draft, record, self._clock.now(), replaces=old.id)
        self._wake()
        return amended

    def refuse_unfinished(self, draft: Draft) -> None:
        """DecisionIncomplete, SegmentsOutOfRange, AnswersOutOfRange."""
        if missing(draft, self._policy):
            raise DecisionIncomplete()
        field = out_of_range(draft)
        if field is not None:
            raise SegmentsOutOfRange() if field == "segments" else AnswersOutOfRange()

    def _write_down(
        self,
        entry: QueueEntry,
        draft: Draft,
        record: ViewingRecord,
        started_at: datetime,
        *,
        replaces: str | None = None,
    ) -> Decision:
        """One durable transaction; `_writing` is held. `replaces`: an amendment of that decision."""
        evidence = entry.item
        answers = settled(draft, self._policy)
        decision = _decision(answers, evidence, self._member_id, self._clock.now(), self._policy.version)
        action = CustodyAction.DECIDED
        if replaces is not None:
            decision = msgspec.structs.replace(decision, change=Change.AMEND, replaces=replaces)
            action = CustodyAction.AMENDED
        custody = self._journal.entry(action, evidence, started_at=started_at, reason=decision.policy_version)
        event = self._journal.event(
            EventType.DECISION_RECORDED, DecisionRecorded(decision=decision, viewing_record=record)
        )
        self._journal.durably(lambda store: store.decide(decision, record, custody, event), evidence)
        self._made[evidence.id] = decision
        return decision

    def pass_on(self, taken: Taken) -> None:
        evidence = taken.entry.item
        custody = self._journal.entry(CustodyAction.PASSED_ON, evidence, started_at=taken.started_at)
        event = self._journal.event(EventType.ITEM_PASSED_ON, ItemPassedOn(item_id=evidence.id))
        self._journal.durably(lambda store: store.pass_on(evidence.id, custody, event), evidence)
        self._after_deciding(taken)

    def undo(self) -> Decision | None:
        """Voids this session's last decision that stands, if there is one, and all that were made with it."""
        with self._undoing, self._writing:
            if not self._made:
                return None
            # A batch counts from its first decision: others may have been made while it was being written down.
            batch = list(dict.fromkeys(self._together.get(item_id, item_id) for item_id in self._made))[-1]
            # The last first: what is not undone yet when the store refuses is undone when it is asked again.
            together = [item_id for item_id in reversed(self._made) if self._together.get(item_id, item_id) == batch]
            try:
                voids = [self._void(self._made[item_id]) for item_id in together]
            finally:
                self._wake()
            return voids[-1]

    def _void(self, last: Decision) -> Decision:
        entry = self._queue.entry(last.item_id)
        void = _void(last, self._member_id, self._clock.now(), self._policy.version)
        record = ViewingRecord(item_id=last.item_id, viewer=self._member_id)
        custody = self._journal.entry(CustodyAction.VOIDED, entry.item)
        event = self._journal.event(EventType.DECISION_RECORDED, DecisionRecorded(decision=void, viewing_record=record))
        # What was written is not lost by undoing: it comes back as the draft, in the same transaction.
        draft = as_draft(last)
        self._journal.durably(lambda store: store.decide(void, record, custody, event, draft), entry.item)
        self._taken_back.add(last.id)
        del self._made[last.item_id]
        self._together.pop(last.item_id, None)
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


def _decision(draft: Draft, evidence: Item, actor: str, decided_at: datetime, policy_version: str) -> Decision:
    """`draft` is complete."""
    assert draft.imminence is not None
    assert draft.category is not None
    assert draft.severity is not None
    assert draft.confidence is not None
    assert draft.action is not None
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
