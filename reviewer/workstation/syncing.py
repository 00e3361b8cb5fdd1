"""Joins the outbox to the case system: batches, answers, leases kept alive, checkpoints anchored, custody told, outages
recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import ReviewerError
from reviewer.model.events import EventAnswer, OutboxEvent
from reviewer.sync.client import CaseSystem
from reviewer.sync.worker import SyncWorker
from reviewer.ui.ports import SyncState
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.workstation.custody_author import CustodyAuthor
from reviewer.workstation.custody_told import CustodyTelling

_RENEW_EVERY_S = 60.0
_RETRY_AFTER = timedelta(seconds=20)

# A decision is followed by the next item: showing that comes first, telling the case system a moment later.
_GATHER_S = 0.4


class Syncing:
    """The running sync of one session. `renew_leases` is called about once a minute on a thread of this class."""

    def __init__(
        self,
        vault: OpenVault,
        case_system: CaseSystem,
        clock: Clock,
        author: CustodyAuthor,
        renew_leases: Callable[[], None],
    ) -> None:
        self._vault = vault
        self._store = vault.store
        self._case_system = case_system
        self._clock = clock
        self._author = author
        self._renew_leases = renew_leases
        self._counted = (0, 0)
        self._heard_at: datetime | None = None
        self._store.call(self._count)
        self._worker = SyncWorker(
            case_system.post_events,
            self._pending,
            self._answered,
            clock,
            counts=lambda: self._counted,
            gather_s=_GATHER_S,
            troubled=self._record_trouble,
        )
        self._telling = CustodyTelling(vault, case_system, clock, self._worker.wake)
        self._stopping = threading.Event()
        self._renewals = threading.Thread(target=self._keep_leases, name="lease-renewal", daemon=True)

    def start(self) -> None:
        self._worker.start()
        self._telling.start()
        self._renewals.start()

    def wake(self) -> None:
        """Something was written: count it, and send it soon. Does not wait."""
        self._store.submit(self._count)
        self._worker.wake()

    def now(self) -> SyncState:
        """Send everything that is due, once. Does not raise: trouble is in the state."""
        self._vault.checkpoint(self._clock.now())
        self._worker.drain_once()
        self._telling.soon()
        self._store.call(self._count)
        return self.state()

    def state(self) -> SyncState:
        """From memory: the window asks once a second on its own thread."""
        state = self._worker.state()
        contacts = [at for at in (state.last_contact, self._heard_at) if at is not None]
        return SyncState(
            waiting=state.waiting, parked=state.parked, last_contact=max(contacts, default=None), trouble=state.trouble
        )

    def heard(self) -> None:
        """The case system gave a sensible answer to something other than a batch."""
        self._heard_at = self._clock.now()

    def stop(self) -> None:
        self._stopping.set()
        self._telling.halt()
        self._worker.stop()
        self._telling.stop()
        if self._renewals.is_alive():
            self._renewals.join()

    def _pending(self, limit: int) -> Sequence[OutboxEvent]:
        return self._store.call(lambda s: s.pending(limit, now=self._clock.now()))

    def _answered(self, answers: Sequence[EventAnswer]) -> None:
        retry_at = self._clock.now() + _RETRY_AFTER

        def job(store: Store) -> None:
            store.answered(answers, retry_at=retry_at)
            self._count(store)

        self._store.call(job)

    def _count(self, store: Store) -> None:
        counts = store.counts()
        self._counted = (counts.waiting, counts.parked)

    def _record_trouble(self, error: ReviewerError) -> None:
        # Called when trouble begins or changes, so a case system that is down for a night is one entry.
        self._store.call(lambda s: s.append_custody(self._author.entry(CustodyAction.SYNC_FAILED, reason=error.code)))

    def _keep_leases(self) -> None:
        while not self._stopping.wait(_RENEW_EVERY_S):
            try:
                self._renew_leases()
            except ReviewerError:
                continue
