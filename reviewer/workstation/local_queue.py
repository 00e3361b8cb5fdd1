"""The queue as this workstation knows it: a projection in the store, refreshed from the case system."""

from __future__ import annotations

from collections.abc import Sequence

from reviewer.model.cases import QueueEntry, queue_order
from reviewer.model.clock import Clock
from reviewer.model.errors import NoSuchItem
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.destroying import obey_tombstones
from reviewer.workstation.syncing import Syncing


class LocalQueue:
    """`entries` and `entry` read the store; only `refresh` asks the network."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, clock: Clock, sync: Syncing) -> None:
        self._vault = vault
        self._store = vault.store
        self._case_system = case_system
        self._clock = clock
        self._sync = sync

    def entries(self) -> Sequence[QueueEntry]:
        """Most urgent first."""
        return sorted(self._store.call(lambda s: s.queue()), key=queue_order)

    def refresh(self) -> Sequence[QueueEntry]:
        """Pull assignments, obey what was destroyed meanwhile. SyncError; the projection is kept."""
        asked_at = self._store.call(lambda s: s.queue_mark())
        entries = self._case_system.queue()
        self._sync.heard()
        self._store.call(lambda s: s.put_queue(entries, asked_at))
        obey_tombstones(self._vault, self._case_system, self._clock)
        return self.entries()

    def entry(self, item_id: str) -> QueueEntry:
        """NoSuchItem for an item that is not known here."""
        entry = self._store.call(lambda s: s.queue_entry(item_id))
        if entry is None:
            raise NoSuchItem()
        return entry
