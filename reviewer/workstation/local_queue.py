"""The queue as this workstation knows it: a projection in the store, refreshed from the case system page by page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from reviewer.model.cases import QueueEntry, queue_order
from reviewer.model.choosing import NO_WISHES, Wishes
from reviewer.model.clock import Clock
from reviewer.model.errors import NoSuchItem
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.destroying import obey_tombstones
from reviewer.workstation.pulling import QueuePull
from reviewer.workstation.syncing import Syncing


class LocalQueue:
    """Only `refresh` and `pull` ask the network; everything else reads the store."""

    def __init__(
        self,
        vault: OpenVault,
        case_system: CaseSystem,
        clock: Clock,
        sync: Syncing,
        wishes: Callable[[], Wishes] = lambda: NO_WISHES,
    ) -> None:
        """`wishes` is what bends the order in which items are offered, asked anew for every listing."""
        self._vault = vault
        self._store = vault.store
        self._case_system = case_system
        self._clock = clock
        self._sync = sync
        self._wishes = wishes
        self._stopping = threading.Event()
        self._pulling = threading.Lock()
        self._pull = QueuePull(vault.store, case_system, self._stopping)

    def entries(self) -> Sequence[QueueEntry]:
        """All of them, most urgent first: for queues that are not large."""
        return sorted(self._store.call(lambda s: s.queue()), key=queue_order)

    def listing(self, ask: QueueAsk) -> QueueListing:
        if not ask.beginning:
            self._walk()
        wishes = self._wishes()
        return self._store.call(lambda s: s.list_queue(ask, self._vault.member.id, wishes))

    def of_case(self, case_id: str, most: int) -> tuple[Sequence[QueueEntry], int]:
        """The first `most` entries of a case, most urgent first, and how many there are."""
        self._walk()
        return self._store.call(lambda s: s.case_queue(case_id, most, self._vault.member.id))

    def _walk(self) -> None:
        """In steps, each a turn of the store: what else is asked of it meanwhile waits for one step at most."""
        while not self._store.call(lambda s: s.walk_queue(self._vault.member.id)):
            pass

    def entries_of(self, lines: Sequence[int]) -> Sequence[tuple[int, QueueEntry]]:
        return self._store.call(lambda s: s.queue_entries(lines))

    def pull(self) -> int:
        """Pull assignments, obey what was destroyed meanwhile. SyncError; what was pulled before it is kept.

        How many entries could not be read.
        """
        with self._pulling:
            unreadable = self._pull.some()
        self._sync.heard()
        obey_tombstones(self._vault, self._case_system, self._clock)
        return unreadable

    def refresh(self) -> Sequence[QueueEntry]:
        """As `pull`, then all of them."""
        self.pull()
        return self.entries()

    def stop(self) -> None:
        """A pull under way ends after its page."""
        self._stopping.set()

    def entry(self, item_id: str) -> QueueEntry:
        """NoSuchItem for an item that is not known here."""
        entry = self._store.call(lambda s: s.queue_entry(item_id))
        if entry is None:
            raise NoSuchItem()
        return entry
