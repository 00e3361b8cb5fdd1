"""What a gallery asks of the workstation: veiled cells one by one, and what of them was looked at.

`reviewer.ui.item_ports.VeiledCells`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from reviewer.media.frames import Frame
from reviewer.model.batch import BATCH_FORM
from reviewer.model.decisions import Draft
from reviewer.vault.owner import StoreThread
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.local_queue import LocalQueue
from reviewer.workstation.thumbnails import Thumbnails
from reviewer.workstation.viewing import Viewing


class Gallery:
    """Of one session. After the lock nothing is opened and nothing is measured."""

    def __init__(
        self,
        queue: LocalQueue,
        thumbnails: Thumbnails,
        exposure: ExposureKeeper,
        viewing: Viewing,
        locked: threading.Event,
        store: StoreThread,
    ) -> None:
        self._queue = queue
        self._thumbnails = thumbnails
        self._exposure = exposure
        self._viewing = viewing
        self._locked = locked
        self._store = store

    @property
    def sealed(self) -> bool | None:
        return self._thumbnails.sealed

    def thumbnail(self, item_id: str) -> Frame:
        return self._thumbnails.thumbnail(self._queue.entry(item_id).item)

    def form(self) -> Draft | None:
        """What was answered in the form of a batch and has not become decisions, also before a lock or a crash."""
        return self._store.call(lambda s: s.load_draft(BATCH_FORM))

    def drop(self) -> None:
        self._thumbnails.drop()

    def showing(self, cells: Mapping[str, str]) -> None:
        if not self._locked.is_set():
            self._exposure.showing_cells(cells)

    def looked_at(self, item_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(item_id for item_id in item_ids if self._viewing.looked_at(item_id))
