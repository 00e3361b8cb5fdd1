"""One decision applied to many items that nobody opens: each gets its own decision, with its own truthful record.

One durable transaction for each item, not one for all: a batch of hundreds must not keep drafts and heartbeats waiting,
can be stopped between two, and after a crash every item is either wholly decided or wholly undecided, which is all that
was promised of each. A decision needs no lease at the case system, but without one a colleague could be looking at the
item right now, for nothing: so each is leased first, and skipped where that is not granted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from reviewer.model.batch import BatchOutcome, BatchResult, for_item
from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Draft, ViewingRecord
from reviewer.model.errors import (
    CaseSystemNonsense,
    CaseSystemUnreachable,
    LeaseLost,
    ReviewerError,
    StoreDamaged,
    StoreUnavailable,
)
from reviewer.model.ids import uuid7
from reviewer.model.roles import Member
from reviewer.vault.owner import StoreThread
from reviewer.workstation.deciding import Deciding
from reviewer.workstation.going_on import going_on
from reviewer.workstation.opening import ItemOpener
from reviewer.workstation.syncing import Syncing
from reviewer.workstation.viewing import Viewing

Progress = Callable[[int, int], None]
FIRST_ROUND = 1


class BatchDeciding:
    """One batch at a time. `running` is held while one is written down: an undo waits for it."""

    def __init__(
        self,
        *,
        store: StoreThread,
        member: Member,
        items: ItemOpener,
        viewing: Viewing,
        deciding: Deciding,
        sync: Syncing,
    ) -> None:
        self._store = store
        self._member_id = member.id
        self._items = items
        self._viewing = viewing
        self._deciding = deciding
        self._sync = sync
        self._stopped = threading.Event()
        self.running = threading.Lock()

    def stop(self) -> None:
        """For good, before the lock: what has had no turn yet stays in the queue."""
        self._stopped.set()

    def copies(self, item_id: str) -> tuple[str, ...]:
        """As `reviewer.ui.ports.Session.copies`."""
        found = self._store.call(lambda s: s.copies_waiting(item_id))
        return tuple(
            entry.item.id
            for entry in found
            if self._refusal(entry.item.id, entry) is None and entry.leased_to in (None, self._member_id)
        )

    def decide_many(
        self,
        draft: Draft,
        item_ids: Sequence[str],
        *,
        viewed_with: str | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[BatchResult, ...]:
        """As `reviewer.ui.ports.Session.decide_many`."""
        self._deciding.refuse_unfinished(draft)
        with self.running:
            wanted = tuple(dict.fromkeys(item_ids))
            lead, entries = self._store.call(
                lambda s: (
                    s.queue_entry(viewed_with) if viewed_with is not None else None,
                    {entry.item.id: entry for entry in s.waiting_among(wanted)},
                )
            )
            # A stack is undone with the item it was decided with, and with the batch that was decided in.
            made = viewed_with is not None and self._deciding.made(viewed_with) is not None
            batch = self._deciding.made_with(viewed_with) if viewed_with is not None and made else uuid7()
            results = []
            try:
                for result in self._each(draft, wanted, entries, lead, batch, cancelled):
                    results.append(result)
                    if progress is not None:
                        progress(len(results), len(wanted))
            finally:
                with going_on("waking sync"):
                    self._sync.wake()
        return tuple(results)

    def _each(
        self,
        draft: Draft,
        wanted: Sequence[str],
        entries: dict[str, QueueEntry],
        lead: QueueEntry | None,
        batch: str,
        cancelled: Callable[[], bool],
    ) -> Iterator[BatchResult]:
        # One case system and one store for all: once it does not answer, the next need not wait for that as well.
        for_the_rest: BatchResult | None = None
        for item_id in wanted:
            if self._stopped.is_set() or cancelled():
                yield BatchResult(item_id=item_id, outcome=BatchOutcome.STOPPED)
            elif for_the_rest is not None:
                yield BatchResult(item_id=item_id, outcome=for_the_rest.outcome, code=for_the_rest.code)
            else:
                result = self._one(draft, item_id, entries.get(item_id), lead, batch)
                if result.outcome in (BatchOutcome.NOT_REACHED, BatchOutcome.NOT_KEPT):
                    for_the_rest = result
                yield result

    def _one(
        self, draft: Draft, item_id: str, entry: QueueEntry | None, lead: QueueEntry | None, batch: str
    ) -> BatchResult:
        made = self._deciding.made(item_id)
        if made is not None:
            return BatchResult(item_id=item_id, outcome=BatchOutcome.DECIDED, decision=made)
        refusal = self._refusal(item_id, entry)
        if refusal is not None:
            return BatchResult(item_id=item_id, outcome=refusal)
        try:
            self._items.hold(item_id)
        except ReviewerError as error:
            return BatchResult(item_id=item_id, outcome=_not_leased(error), code=error.code)
        try:
            # A batch takes minutes: by its turn a colleague may have decided an item, which then waits for second eyes.
            entry = next(iter(self._store.call(lambda s: s.waiting_among([item_id]))), None)
            refusal = self._refusal(item_id, entry)
            if refusal is not None or entry is None:
                self._items.let_go(item_id)
                return BatchResult(item_id=item_id, outcome=refusal or BatchOutcome.GONE)
            decision = self._deciding.decide_unopened(
                entry,
                for_item(draft, item_id, same_bytes=lead is not None and _same_bytes(lead, entry)),
                lambda: self._record(entry, lead),
                batch=batch,
            )
        except (StoreDamaged, StoreUnavailable) as error:
            self._items.let_go(item_id)
            return BatchResult(item_id=item_id, outcome=BatchOutcome.NOT_KEPT, code=error.code)
        with going_on("leaving an item"):
            self._items.decided_unopened(item_id)
        return BatchResult(item_id=item_id, outcome=BatchOutcome.DECIDED, decision=decision)

    def _refusal(self, item_id: str, entry: QueueEntry | None) -> BatchOutcome | None:
        if entry is None:
            return BatchOutcome.GONE
        if self._items.on_desk(item_id):
            return BatchOutcome.ON_DESK
        if entry.round != FIRST_ROUND:
            # A second look that nobody takes would be none.
            return BatchOutcome.ONE_BY_ONE
        if entry.held or entry.assigned_to not in (None, self._member_id):
            return BatchOutcome.ELSEWHERE
        return None

    def _record(self, entry: QueueEntry, lead: QueueEntry | None) -> ViewingRecord:
        """Copies of each other by the case system's word only; of anything else none is said to be."""
        copy_of = lead if lead is not None and lead.item.id != entry.item.id and _stacked(lead, entry) else None
        from_notes = entry.known_unseen
        if copy_of is not None:
            # Of what its copy showed, or, where nobody looked at that one either, of what is known of both.
            seen = self._viewing.looked_at(copy_of.item.id)
            from_notes = not seen and (from_notes or copy_of.known_unseen)
        return self._viewing.record_unopened(
            entry.item.id, from_notes=from_notes, with_stack_of=copy_of.item.id if copy_of is not None else None
        )


def _stacked(one: QueueEntry, other: QueueEntry) -> bool:
    return one.stack is not None and other.stack is not None and one.stack.id == other.stack.id


def _same_bytes(one: QueueEntry, other: QueueEntry) -> bool:
    return one.item.fingerprints.sha256 == other.item.fingerprints.sha256


def _not_leased(error: ReviewerError) -> BatchOutcome:
    if isinstance(error, LeaseLost):
        return BatchOutcome.ELSEWHERE
    unheard = isinstance(error, (CaseSystemUnreachable, CaseSystemNonsense))
    return BatchOutcome.NOT_REACHED if unheard else BatchOutcome.GONE
