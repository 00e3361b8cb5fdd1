"""From a queue entry to an open item: lease, case key, authenticated reader, sealed worker, first veiled frame.

The next item is prepared while the present one is looked at, to the same point and no further: a small grey frame.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.model.cases import Item, QueueEntry
from reviewer.model.clock import Clock
from reviewer.model.decisions import Draft
from reviewer.model.errors import CaseSystemUnreachable, LeaseLost, ReviewerError
from reviewer.model.events import Lease
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.unsealing import Unsealer
from reviewer.workstation.veiling import veils_of
from reviewer.workstation.watched import WatchedItem, as_registered

Trouble = tuple[str, str, str]


@dataclass(eq=False)
class Taken:
    """`reviewer.ui.item_ports.TakenItem`. `code` is the stable code of what kept it from opening."""

    entry: QueueEntry
    lease: Lease
    started_at: datetime
    opened: WatchedItem | None = None
    first: Frame | None = None
    draft: Draft = field(default_factory=lambda: Draft(item_id=""))
    seen: Level = Level.FACTS
    trouble: Trouble | None = None
    code: str | None = None

    def close(self) -> None:
        """Ends the worker and zeroes the frame. Idempotent."""
        if self.first is not None:
            self.first.wipe()
            self.first = None
        if self.opened is not None:
            self.opened.close()


class ItemOpener:
    """Holds this workstation's leases and at most one prepared item. Methods block; call them off the Qt thread."""

    def __init__(
        self,
        *,
        case_system: CaseSystem,
        broker: Broker,
        vault: OpenVault,
        rules_for: Callable[[QueueEntry], Policy],
        clock: Clock,
        broke: Callable[[Item, ReviewerError], None],
    ) -> None:
        """`rules_for` says how an item may be looked at by this person now. `broke` is told when an item that was open
        fails, on the thread that asked it for something.
        """
        self._case_system = case_system
        self._broker = broker
        self._broke = broke
        self._unsealer = Unsealer(vault, case_system)
        self._store = vault.store
        self._rules_for = rules_for
        self._clock = clock
        self._lock = threading.Lock()
        self._leases: dict[str, Lease] = {}
        self._prepared: Taken | None = None
        self._current: Taken | None = None
        self._taking: list[str] = []  # being opened for the desk now
        self._hidden = 0
        # The next item does not wait for the end of the last one. Two threads, because a case system that does not
        # answer must not keep a worker alive.
        self._closer = ThreadPoolExecutor(1, "item-closer")
        self._releaser = ThreadPoolExecutor(1, "lease-releaser")
        self._leaving: dict[str, Future[None]] = {}
        self._ended = False

    def take(self, entry: QueueEntry) -> Taken:
        """The item, leased to us. Only a missing lease is an error; what does not open comes back with `trouble`."""
        with self._lock:
            prepared, self._prepared = self._prepared, None
            generation = self._hidden
            self._taking.append(entry.item.id)
        try:
            taken = self._take(entry, prepared)
            try:
                draft = self._store.call(lambda s: s.load_draft(entry.item.id))
            except BaseException:
                taken.close()
                raise
            taken.draft = draft if draft is not None else Draft(item_id=entry.item.id)
        except BaseException:
            with self._lock:
                self._taking.remove(entry.item.id)
            raise
        with self._lock:
            self._taking.remove(entry.item.id)
            hidden = self._ended or generation != self._hidden
            if not self._ended:
                self._current = taken
        if hidden:
            # Hide everything or the lock came while it was being opened: its worker ends before anybody sees it.
            taken.close()
        return taken

    def _take(self, entry: QueueEntry, prepared: Taken | None) -> Taken:
        if prepared is None or prepared.entry.item.id != entry.item.id:
            taken = self._prepare(entry)
            self._give_back(prepared)
            return taken
        # What failed beforehand is tried again: the reason may be gone.
        if prepared.code is None and self._lease_holds(prepared.lease):
            return prepared
        prepared.close()
        return self._prepare(entry)

    def prefetch(self, entry: QueueEntry) -> None:
        """Prepare `entry` in the background. A failure is left for `take` to meet and to tell."""
        with self._lock:
            ready = self._prepared
            generation = self._hidden
        if ready is not None and ready.entry.item.id == entry.item.id:
            return
        try:
            taken = self._prepare(entry)
        except ReviewerError:
            return
        with self._lock:
            # Hide everything may have come while this was opening: then nothing may stay open.
            stale = taken if generation != self._hidden else self._prepared
            if stale is not taken:
                self._prepared = taken
        if stale is taken:
            taken.close()
        else:
            self._give_back(stale)

    def hide_everything(self) -> None:
        """Ends every worker that has evidence in it, at once. Leases and drafts stay."""
        with self._lock:
            self._hidden += 1
            open_items = [taken for taken in (self._prepared, self._current) if taken is not None]
            self._prepared = None
        for taken in open_items:
            taken.close()

    def hold(self, item_id: str) -> None:
        """Lease it without opening it. LeaseLost and what else a lease can meet."""
        self._lease(item_id)

    def decided_unopened(self, item_id: str) -> None:
        """The decision itself ends the lease at the case system; a worker that was prepared for it ends now."""
        with self._lock:
            self._leases.pop(item_id, None)
            prepared = self._prepared
            if prepared is None or prepared.entry.item.id != item_id:
                return
            self._prepared = None
        prepared.close()

    def let_go(self, item_id: str) -> None:
        """Give the lease of an item that is not open back, soon."""
        with self._lock:
            ready = self._prepared is not None and self._prepared.entry.item.id == item_id
            lease = None if ready or self._for_desk(item_id) else self._leases.pop(item_id, None)
            if lease is not None and not self._ended:
                self._leaving[item_id] = self._releaser.submit(self._end_lease, item_id, lease)

    def let_all_go(self) -> None:
        """Give back, soon, all leases but those of what is on the desk or opened for it; what was prepared ends now."""
        with self._lock:
            prepared, self._prepared = self._prepared, None
            for item_id in [item_id for item_id in self._leases if not self._for_desk(item_id)]:
                lease = self._leases.pop(item_id)
                if not self._ended:
                    self._leaving[item_id] = self._releaser.submit(self._end_lease, item_id, lease)
        if prepared is not None:
            prepared.close()

    def on_desk(self, item_id: str) -> bool:
        """On the desk, or being opened for it."""
        with self._lock:
            return self._for_desk(item_id)

    def _for_desk(self, item_id: str) -> bool:
        """With the lock held."""
        here = self._current is not None and self._current.entry.item.id == item_id
        return here or item_id in self._taking

    def release(self, taken: Taken) -> None:
        """Close and give the lease back soon; a case system that does not answer lets it expire."""
        self.finished(taken)
        item_id = taken.entry.item.id
        with self._lock:
            if not self._ended:
                self._leaving[item_id] = self._releaser.submit(self._end_lease, item_id, taken.lease)

    def _end_lease(self, item_id: str, lease: Lease) -> None:
        try:
            self._case_system.release(lease)
        except ReviewerError:
            return
        finally:
            with self._lock:
                self._leaving.pop(item_id, None)

    def _give_back(self, unwanted: Taken | None) -> None:
        """An item that was only prepared: a colleague may want it."""
        if unwanted is not None:
            try:
                self.release(unwanted)
            except ReviewerError:
                return

    def finished(self, taken: Taken) -> None:
        """Close soon; the decision itself ends the lease at the case system."""
        with self._lock:
            self._leases.pop(taken.entry.item.id, None)
            if self._current is taken:
                self._current = None
            if not self._ended:
                self._closer.submit(taken.close)
                return
        taken.close()

    def renew_leases(self) -> None:
        """Called now and then in the background. A lost lease is forgotten; deciding still keeps every word."""
        with self._lock:
            leases = list(self._leases.items())
        for item_id, lease in leases:
            try:
                renewed = self._case_system.renew(lease)
            except LeaseLost:
                with self._lock:
                    self._leases.pop(item_id, None)
            else:
                with self._lock:
                    if item_id in self._leases:
                        self._leases[item_id] = renewed

    def close(self) -> None:
        """Ends workers and gives every lease back, so that a colleague need not wait for it to expire."""
        self.hide_everything()
        with self._lock:
            self._ended = True
            leases = list(self._leases.values())
            self._leases.clear()
            self._current = None
        self._closer.shutdown()
        self._releaser.shutdown()
        for lease in leases:
            try:
                self._case_system.release(lease)
            except CaseSystemUnreachable:
                return
            except ReviewerError:
                continue

    def _prepare(self, entry: QueueEntry) -> Taken:
        started_at = self._clock.now()
        taken = Taken(entry=entry, lease=self._lease(entry.item.id), started_at=started_at)
        try:
            self._open(taken, entry)
        except ReviewerError as error:
            taken.close()
            taken.opened = None
            taken.trouble = (error.what_happened, error.what_was_kept, error.what_to_do)
            taken.code = error.code
        except BaseException:
            taken.close()
            raise
        return taken

    def _open(self, taken: Taken, entry: QueueEntry) -> None:
        item, rules = entry.item, self._rules_for(entry)
        with as_registered():
            reader = self._unsealer.reader(item)
            try:
                opened = self._broker.open(
                    reader,
                    declared_format=item.facts.declared_format,
                    veils=veils_of(rules),
                )
            except BaseException:
                reader.close()
                raise
            taken.opened = WatchedItem(opened, reader, partial(self._broke, item))
            start = rules.harm_type(item.harm_type).start_level
            if opened.viewable and start >= Level.BLURRED and not entry.known_unseen:
                # Asked of the item itself: what fails here is told by `take`.
                taken.first = opened.blurred()

    def _lease(self, item_id: str) -> Lease:
        with self._lock:
            held = self._leases.get(item_id)
            leaving = self._leaving.get(item_id)
        if leaving is not None:
            # Else giving it back would end the lease that is asked for now.
            leaving.result()
        if held is not None and self._lease_holds(held):
            return held
        lease = self._case_system.lease(item_id)
        with self._lock:
            self._leases[item_id] = lease
        return lease

    def _lease_holds(self, lease: Lease) -> bool:
        return lease.expires_at > self._clock.now()
