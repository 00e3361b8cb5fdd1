"""Around a pause: the next item without pictures, handing the rest over, and what a supervisor did for this person."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from reviewer.model.cases import QueueEntry, queue_order
from reviewer.model.events import EventType
from reviewer.model.levels import Kind
from reviewer.model.payloads import MOST_HANDED_OVER, WorkHandedOver
from reviewer.model.queue_view import Only, QueueAsk
from reviewer.model.supervision import Relief
from reviewer.sync.client import CaseSystem
from reviewer.vault.owner import StoreThread
from reviewer.workstation.batch_deciding import BatchDeciding
from reviewer.workstation.journal import Journal
from reviewer.workstation.local_queue import LocalQueue
from reviewer.workstation.opening import ItemOpener
from reviewer.workstation.syncing import Syncing

# Words alone; and what a list knows, which waits at its facts and can be decided without looking.
_WITHOUT_PICTURES = (
    QueueAsk(kind=Kind.TEXT),
    QueueAsk(kind=Kind.CHAT),
    QueueAsk(kind=Kind.EMAIL),
    QueueAsk(only=frozenset({Only.KNOWN})),
)
_SEEN = "reliefs_seen"
_MOST_SEEN = 1000


class Pausing:
    """Blocking. Only `reliefs` asks the network; StoreUnavailable where the store does not answer."""

    def __init__(
        self,
        *,
        store: StoreThread,
        case_system: CaseSystem,
        queue: LocalQueue,
        items: ItemOpener,
        batches: BatchDeciding,
        journal: Journal,
        sync: Syncing,
    ) -> None:
        self._store = store
        self._case_system = case_system
        self._queue = queue
        self._items = items
        self._batches = batches
        self._journal = journal
        self._sync = sync

    def next_without_pictures(self, besides: frozenset[str]) -> QueueEntry | None:
        """The most urgent entry that can be worked on without looking at a picture, none of the ids in `besides`.

        Also among what earlier viewers left notes about, as far as it is among the next that would be offered.
        """
        offered = [entry for ask in _WITHOUT_PICTURES for entry in self._wanted(ask)]
        offered += [entry for entry in self._wanted(QueueAsk()) if entry.known_unseen]
        return min((entry for entry in offered if entry.item.id not in besides), key=queue_order, default=None)

    def _wanted(self, ask: QueueAsk) -> list[QueueEntry]:
        """Not what they would rather not get: it is offered on its own, when nothing else waits."""
        listing = self._queue.listing(ask)
        return [entry for entry in listing.offered if entry.item.id not in listing.reluctant]

    def hand_over(self) -> int:
        """What waits for this person by name is for whoever is next, and leases of what is not on the desk end.

        How many items that were. Durable when it returns; the case system hears of it when it next answers. Drafts,
        and what was set aside, stay.
        """
        lines = self._queue.listing(QueueAsk(only=frozenset({Only.MINE}))).lines
        mine = [entry.item.id for _, entry in self._queue.entries_of(lines)]
        told = [
            self._journal.event(
                EventType.WORK_HANDED_OVER, WorkHandedOver(item_ids=tuple(mine[at : at + MOST_HANDED_OVER]))
            )
            for at in range(0, len(mine), MOST_HANDED_OVER)
        ]
        if told:
            self._journal.durably(lambda store: [store.put_event(event) for event in told])
        with self._batches.running:
            self._items.let_all_go()
        self._sync.wake()
        return len(mine)

    def reliefs(self) -> Sequence[Relief]:
        """What a supervisor did for this person and they were not told here yet, oldest first. SyncError."""
        done = self._case_system.own_relief()
        seen = self._seen()
        return [relief for relief in reversed(done) if relief.id not in seen]

    def relief_seen(self, relief_id: str) -> None:
        seen = [*self._seen(), relief_id][-_MOST_SEEN:]
        self._store.call(lambda s: s.put_setting(_SEEN, msgspec.json.encode(seen)))

    def _seen(self) -> list[str]:
        kept = self._store.call(lambda s: s.get_setting(_SEEN))
        return msgspec.json.decode(kept, type=list[str]) if kept is not None else []
