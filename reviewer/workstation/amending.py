"""One's own last decision, taken up again to be changed. The item itself stays closed: it was seen once."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision, Draft, as_draft
from reviewer.model.errors import BeingChanged
from reviewer.model.levels import Level
from reviewer.ui.item_ports import TakenItem
from reviewer.vault.owner import StoreThread
from reviewer.workstation.deciding import Deciding
from reviewer.workstation.local_queue import LocalQueue
from reviewer.workstation.opening import Taken
from reviewer.workstation.viewing import Viewing


@dataclass(frozen=True, eq=False)
class Reopened:
    """`reviewer.ui.item_ports.TakenItem` without a worker and without a lease: only the words of a decision."""

    entry: QueueEntry
    decision: Decision
    draft: Draft
    seen: Level
    opened: None = None
    first: None = None
    trouble: tuple[str, str, str] = (
        "You are changing your last decision.",
        "The decision before stays in the record. The item is not opened again.",
        "To look at it again, undo the decision (U) and take the item.",
    )


class Amending:
    """Of one session. Every write is durable when its method returns."""

    def __init__(self, *, store: StoreThread, queue: LocalQueue, viewing: Viewing, deciding: Deciding) -> None:
        self._store = store
        self._queue = queue
        self._viewing = viewing
        self._deciding = deciding

    def reopen(self) -> Reopened | None:
        """The last decision of this session that stands, with what was written since; None when there is none."""
        last = self._deciding.last
        if last is None:
            return None
        entry = self._queue.entry(last.item_id)
        kept = self._store.call(lambda s: s.load_draft(last.item_id))
        draft = kept if kept is not None else as_draft(last)
        return Reopened(entry, last, draft, self._viewing.seen(last.item_id))

    def amend(self, reopened: Reopened, draft: Draft) -> Decision:
        """As `Deciding.amend`."""
        return self._deciding.amend(reopened.decision, draft)


def leased(item: TakenItem) -> Taken:
    """BeingChanged for an item that was reopened to change one's own decision: it has no lease."""
    if isinstance(item, Reopened):
        raise BeingChanged
    if not isinstance(item, Taken):
        raise TypeError("an item that this session did not hand out")
    return item
