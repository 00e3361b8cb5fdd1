"""Custody entries that must be written, though perhaps not now: a full disk must not lose one nor stop the looking."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reviewer.model.custody import CustodyEntry
from reviewer.model.errors import StoreUnavailable
from reviewer.vault.owner import StoreThread
from reviewer.vault.store import Store


class CustodyDebts:
    """Entries owed to the log, oldest first. Each is written once, in order, as soon as the store takes writes."""

    def __init__(self, store: StoreThread) -> None:
        self._store = store
        self._owed: list[CustodyEntry] = []
        self._paying = threading.Lock()

    def owe(self, entry: CustodyEntry) -> None:
        """To be written with the next payment."""
        self._owed.append(entry)

    def write(self, entry: CustodyEntry) -> None:
        """Now if the store takes it, else later."""
        self.owe(entry)
        try:
            self.pay()
        except StoreUnavailable:
            return

    def pay(self) -> None:
        """Write what is owed. StoreUnavailable leaves the rest owed."""
        with self._paying:
            while self._owed:
                self._store.call(_appending(self._owed[0]))
                self._owed.pop(0)


def _appending(entry: CustodyEntry) -> Callable[[Store], CustodyEntry]:
    return lambda store: store.append_custody(entry)
