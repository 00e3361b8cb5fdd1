"""A person's preferences, in the encrypted store of their vault."""

from __future__ import annotations

from reviewer.model.preferences import Preferences, read_preferences, write_preferences
from reviewer.vault.owner import StoreThread

_SETTING = "preferences"


class Preferring:
    """Blocking; StoreUnavailable when the store does not answer."""

    def __init__(self, store: StoreThread) -> None:
        self._store = store

    def read(self) -> Preferences | None:
        """None when the person has not chosen anything yet."""
        return read_preferences(self._store.call(lambda s: s.get_setting(_SETTING)))

    def keep(self, preferences: Preferences) -> None:
        self._store.call(lambda s: s.put_setting(_SETTING, write_preferences(preferences)))
