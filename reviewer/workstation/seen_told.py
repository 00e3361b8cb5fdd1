"""Tells the case system that this person saw an item: once each, without a time, as soon as something of it is shown.

A provider that reports a file has to say whether a person viewed it. A decision's viewing record says so for those who
decide; passing on, putting back, setting aside, giving away, locking and a crash leave no decision. So it is written
down when the look begins, not when it ends: what is killed then has told it already.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from reviewer.model.errors import StoreUnavailable
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.payloads import ItemSeen, Payload
from reviewer.vault.owner import StoreThread
from reviewer.vault.store import Store
from reviewer.wellbeing.episodes import is_exposure
from reviewer.wellbeing.meter import CELLS

_EVER = datetime.fromtimestamp(0, UTC)


class SeenTold:
    """Of one session. `shown` touches memory only; the store's thread writes."""

    def __init__(self, store: StoreThread, event: Callable[[EventType, Payload], OutboxEvent], since: datetime) -> None:
        """`event` makes an outbox event of this person. What was looked at from `since` on, as far as the store knows,
        and was not told is told now; all there ever was where nothing was told before, by an older version."""
        self._store = store
        self._event = event
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._unstored: dict[str, OutboxEvent] = {}
        store.call(lambda s: self._catch_up(s, since))

    def shown(self, item_ids: Iterable[str]) -> None:
        """Pixels, text or sound of these is about to reach the person."""
        with self._lock:
            fresh = [item_id for item_id in item_ids if item_id not in self._known]
            self._known.update(fresh)
            self._unstored |= {item_id: self._made(item_id) for item_id in fresh}
        if fresh:
            self.keep()

    def keep(self) -> None:
        """What could not be stored (a full disk) is handed over again. Does not wait."""
        with self._lock:
            waits = bool(self._unstored)
        if waits:
            with contextlib.suppress(StoreUnavailable):
                self._store.submit(self._write)

    def stop(self) -> None:
        """Everything is durable when this returns."""
        self._store.call(self._write)

    def _write(self, store: Store) -> None:
        with self._lock:
            waiting = dict(self._unstored)
        store.exposure.tell_seen(waiting)
        with self._lock:
            for item_id in waiting:
                self._unstored.pop(item_id, None)

    def _catch_up(self, store: Store, since: datetime) -> None:
        told = store.exposure.seen_told()
        first = since if told else _EVER
        looked = {
            episode.item_id
            for episode in store.exposure.episodes_since(first)
            if episode.seconds > 0 and episode.item_id != CELLS and is_exposure(episode.level, sound=episode.sound)
        }
        looked |= {cell.item_id for cell in store.exposure.cell_views_since(first) if cell.seconds > 0}
        store.exposure.tell_seen({item_id: self._made(item_id) for item_id in sorted(looked - told)})

    def _made(self, item_id: str) -> OutboxEvent:
        return self._event(EventType.ITEM_SEEN, ItemSeen(item_id=item_id))
