"""Exposure in the store: the episodes of looking, the one that runs, and what was seen of items as cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from reviewer.model.events import EventType, OutboxEvent
from reviewer.vault.store import cell_views_table, exposure_table, outbox, settings
from reviewer.vault.store.connection import Database
from reviewer.vault.store.transactions import Transactions

_STRETCH_TOLD = "stretch_told"


class KeptExposure:
    """Used by the store's thread, as the store itself. StoreUnavailable (nothing was written) or StoreDamaged."""

    def __init__(self, database: Database, transactions: Transactions) -> None:
        self._database = database
        self._txn = transactions

    def keep_running(self, episode: exposure_table.StoredEpisode) -> None:
        """The heartbeat of an episode that goes on: a crash loses what came after it, nothing more."""
        with self._txn.write() as db:
            exposure_table.keep_running(db, episode)

    def tell_stretch(self, event: OutboxEvent, quarter_hours: int) -> None:
        """The event in the outbox, and its value for `stretch_told`, in one transaction."""
        with self._txn.write() as db:
            self._txn.events(db).append(db, event)
            settings.put(db, _STRETCH_TOLD, str(quarter_hours).encode())

    def stretch_told(self) -> int | None:
        """What was told last of a stretch without a break; None where nothing ever was."""
        with self._database.read() as db:
            value = settings.by_key(db, _STRETCH_TOLD)
        return None if value is None else int(value)

    def stretches_waiting(self, limit: int) -> list[OutboxEvent]:
        """What of stretches without a break was not answered yet, oldest first: the newest `limit`."""
        with self._database.read() as db:
            return outbox.waiting_of(db, EventType.WITHOUT_BREAK)[-limit:]

    def finish_episodes(self, finished: Iterable[tuple[exposure_table.StoredEpisode, OutboxEvent]]) -> None:
        """Each episode with the event that announces it, in one transaction. One already finished changes nothing."""
        with self._txn.write() as db:
            for episode, event in finished:
                if exposure_table.finish(db, episode):
                    self._txn.events(db).append(db, event)

    def unfinished_episodes(self) -> list[exposure_table.StoredEpisode]:
        with self._database.read() as db:
            return exposure_table.unfinished(db)

    def episodes_since(self, start: datetime) -> list[exposure_table.StoredEpisode]:
        with self._database.read() as db:
            return exposure_table.since(db, start)

    def keep_cell_views(self, views: Iterable[cell_views_table.CellView]) -> None:
        with self._txn.write() as db:
            cell_views_table.keep(db, views)

    def cell_views_since(self, start: datetime) -> list[cell_views_table.CellView]:
        with self._database.read() as db:
            return cell_views_table.since(db, start)

    def tell_seen(self, events: Mapping[str, OutboxEvent]) -> None:
        """Item ids with the events that say they were seen, in one transaction; none for what was told before."""
        with self._txn.write() as db:
            for item_id, event in events.items():
                if db.execute("INSERT OR IGNORE INTO seen_told VALUES (?)", (item_id,)).rowcount:
                    self._txn.events(db).append(db, event)

    def seen_told(self) -> frozenset[str]:
        """Items of which it was told that this person saw them."""
        with self._database.read() as db:
            return frozenset(item_id for (item_id,) in db.execute("SELECT item_id FROM seen_told"))

    def seconds_since(self, start: datetime) -> exposure_table.ExposureSum:
        with self._database.read() as db:
            return exposure_table.total_since(db, start)
