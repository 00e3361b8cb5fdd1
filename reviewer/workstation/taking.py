"""Taking an item to the desk and putting it back: leased, opened, entered in the custody log."""

from __future__ import annotations

from collections.abc import Callable

from reviewer.model.cases import Item, QueueEntry
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import LeaseLost, ReviewerError
from reviewer.vault.owner import StoreThread
from reviewer.workstation.journal import Journal
from reviewer.workstation.local_queue import LocalQueue
from reviewer.workstation.opening import ItemOpener, Taken
from reviewer.workstation.syncing import Syncing
from reviewer.workstation.viewing import Viewing


class Taking:
    """Methods block; call them off the Qt thread. `broke` is told of an item that could not be had at all."""

    def __init__(
        self,
        *,
        store: StoreThread,
        queue: LocalQueue,
        items: ItemOpener,
        journal: Journal,
        viewing: Viewing,
        sync: Syncing,
        broke: Callable[[Item, ReviewerError], None],
    ) -> None:
        self._store = store
        self._queue = queue
        self._items = items
        self._journal = journal
        self._viewing = viewing
        self._sync = sync
        self._broke = broke

    def take(self, item_id: str) -> Taken:
        """LeaseLost if somebody else has it; NoSuchItem. What does not open comes back with `trouble`."""
        entry = self._queue.entry(item_id)
        try:
            taken = self._lease_and_open(entry)
        except ReviewerError as error:
            self._broke(entry.item, error)
            raise
        item = taken.entry.item
        self._viewing.began(taken)
        if taken.code is not None:
            self._journal.note(CustodyAction.COULD_NOT_OPEN, item, started_at=taken.started_at, reason=taken.code)
        else:
            self._journal.note(CustodyAction.OPENED, item, started_at=taken.started_at)
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
        self._items.prefetch(self._queue.entry(item_id))

    def put_back(self, taken: Taken) -> None:
        """The lease is given back soon; the draft is kept."""
        self._viewing.left(taken)
        self._items.release(taken)
