"""Pulling the queue page by page: the most urgent part each time, the long rest a stretch at a time.

A hundred thousand entries are a thousand pages. The first pull of a session fetches all of them; each page is durable
and in the window at once. Later pulls fetch the first `TOP` pages, and `STRETCH` more from where the one before ended:
what is far down is brought up to date within `entries / 100 / STRETCH` pulls.
"""

from __future__ import annotations

import math
import threading

from reviewer.model.cases import QueueEntry
from reviewer.sync.client import CaseSystem
from reviewer.vault.owner import StoreThread
from reviewer.vault.store.projection import FIRST_KEY, Key, key_of

TOP = 10
STRETCH = 40


class QueuePull:
    """One session's. Not for two threads at once; `stopping` ends a pull after the page it is at."""

    def __init__(self, store: StoreThread, case_system: CaseSystem, stopping: threading.Event) -> None:
        self._store = store
        self._case_system = case_system
        self._stopping = stopping
        self._complete = False  # all of it has been fetched once
        self._rest: _Walk | None = None

    def some(self) -> int:
        """How many entries could not be read. SyncError; what came before it is kept."""
        if not self._complete:
            walk = self._rest = _Walk()
            self._go(walk, None)
            self._complete = walk.ended
            return walk.unreadable
        top = _Walk()
        self._go(top, TOP)
        if top.ended:
            self._rest = None
            return top.unreadable
        if self._rest is None or self._rest.ended:
            self._rest = top
        self._go(self._rest, STRETCH)
        return top.unreadable

    def _go(self, walk: _Walk, pages: int | None) -> None:
        while not walk.ended and not self._stopping.is_set() and (pages is None or pages > 0):
            self._page(walk)
            pages = pages - 1 if pages is not None else None

    def _page(self, walk: _Walk) -> None:
        asked_at = self._store.call(lambda s: s.queue_mark())
        page = self._case_system.queue_page(walk.cursor)
        after, until, entries = walk.take(page.entries, last=page.after is None)
        self._store.call(lambda s: s.put_queue_part(entries, after, until, asked_at))
        walk.went_on(page.after, page.unreadable)


class _Walk:
    """How far down the queue a walk has come.

    Entries of one case have one key. Those of the last key of a page may go on with the next page: they are kept
    back until the key has changed, so that what is missing from a part of the order is truly missing.
    """

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.ended = False
        self.unreadable = 0
        self._after: Key = FIRST_KEY
        self._held_back: list[QueueEntry] = []

    def take(self, entries: tuple[QueueEntry, ...], *, last: bool) -> tuple[Key, Key | None, list[QueueEntry]]:
        """(after, until, entries): what is now known of the order between the two, exclusive; None is its end."""
        known = [*self._held_back, *entries]
        after = self._after
        if last or not known:
            self._held_back = [] if last else known
            return after, (None if last else after), known if last else []
        until = max(map(key_of, known))
        self._held_back = [entry for entry in known if key_of(entry) == until]
        # The key just before `until`: what has `until` itself is not complete yet.
        self._after = (*until[:3], _just_before(until[3]))
        return after, until, [entry for entry in known if key_of(entry) != until]

    def went_on(self, cursor: str | None, unreadable: int) -> None:
        self.cursor = cursor
        self.ended = cursor is None
        self.unreadable += unreadable


def _just_before(seconds: float) -> float:
    return math.nextafter(seconds, -math.inf)
