"""A person's preferences, in the encrypted store of their vault, and what of them is in force under the policy.

They are read and written here and nowhere else, and no request and no event is made of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from reviewer.model.cases import QueueEntry
from reviewer.model.choosing import Wishes
from reviewer.model.clock import Clock
from reviewer.model.policy import Policy
from reviewer.model.preferences import Preferences, read_preferences, write_preferences
from reviewer.model.supervision import ViolentShare
from reviewer.model.within import Settings, within
from reviewer.vault.owner import StoreThread

_SETTING = "preferences"


class Preferring:
    """`settings`, `follow`, `rules_for` and `wishes` touch memory only; the others block: StoreUnavailable."""

    def __init__(self, store: StoreThread, policy: Policy, clock: Clock) -> None:
        self._store = store
        self._policy = policy
        self._clock = clock
        self._heard: list[Callable[[Settings], None]] = []
        self._settings = within(policy, self.read())
        self._followed: Preferences | None = None
        self._keeping = threading.Lock()

    @property
    def settings(self) -> Settings:
        """What is in force now."""
        return self._settings

    def tell(self, heard: Callable[[Settings], None]) -> None:
        """`heard` gets what is in force, now and after every change."""
        self._heard.append(heard)
        heard(self._settings)

    def follow(self, preferences: Preferences) -> None:
        """In force from here on, as far as the policy allows."""
        self._followed = preferences
        self._settings = settings = within(self._policy, preferences)
        for heard in self._heard:
            heard(settings)

    def rules_for(self, entry: QueueEntry) -> Policy:
        """How this item may be looked at."""
        return self._settings.for_entry(entry, self._now)

    def wishes(self, share: ViolentShare | None = None) -> Wishes:
        """What bends the order of the queue now."""
        return self._settings.wishes(self._now, share)

    def read(self) -> Preferences | None:
        """None when the person has not chosen anything yet."""
        return read_preferences(self._store.call(lambda s: s.get_setting(_SETTING)))

    def keep(self, preferences: Preferences) -> None:
        """Durable when this returns. Changes that follow fast come here in any order: the newest followed is kept."""
        with self._keeping:
            newest = preferences if self._followed is None else self._followed
            self._store.call(lambda s: s.put_setting(_SETTING, write_preferences(newest)))

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()
