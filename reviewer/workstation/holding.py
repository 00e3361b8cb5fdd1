"""Setting an item aside, taking it up again, and giving it to a colleague by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from reviewer.model.cases import Item
from reviewer.model.custody import CustodyAction
from reviewer.model.events import EventType
from reviewer.model.payloads import ItemHeld
from reviewer.sync.client import CaseSystem
from reviewer.workstation.going_on import going_on
from reviewer.workstation.journal import Journal
from reviewer.workstation.opening import ItemOpener, Taken
from reviewer.workstation.syncing import Syncing
from reviewer.workstation.viewing import Viewing


class Holding:
    """Holding is durable here and works without the network; giving to a colleague asks the case system."""

    def __init__(
        self, *, case_system: CaseSystem, items: ItemOpener, journal: Journal, viewing: Viewing, sync: Syncing
    ) -> None:
        self._case_system = case_system
        self._items = items
        self._journal = journal
        self._viewing = viewing
        self._sync = sync

    def hold(self, taken: Taken) -> None:
        """Set aside; the draft is kept. StoreUnavailable: it stays on the desk."""
        self._say(taken.entry.item, held=True)
        self._leave(taken)

    def take_up(self, item: Item, take: Callable[[], Taken]) -> Taken:
        """`take` it, and only then is it set aside no more: where it cannot be had now it waits where it was put.

        As `take`; StoreUnavailable: it is given back and stays set aside. What was held while offline is sent first,
        so that it cannot come after the lease.
        """
        self._sync.now()
        taken = take()
        try:
            self._say(item, held=False)
        except BaseException:
            self._viewing.left(taken)
            self._items.release(taken)
            raise
        taken.entry = msgspec.structs.replace(taken.entry, held=False)
        self._sync.wake()
        return taken

    def colleagues(self, item_id: str) -> Sequence[tuple[str, str]]:
        """(id, name). SyncError."""
        return [(one.id, one.name) for one in self._case_system.can_be_given_to(item_id)]

    def assign(self, taken: Taken, member_id: str) -> None:
        """The draft is kept here. SyncError, and CaseSystemRefused with the reason: the item stays on the desk."""
        self._case_system.assign(taken.entry.item.id, member_id)
        self._journal.note(CustodyAction.GIVEN, taken.entry.item, started_at=taken.started_at, reason=member_id)
        self._leave(taken)

    def _say(self, item: Item, *, held: bool) -> None:
        custody = self._journal.entry(CustodyAction.HELD if held else CustodyAction.TAKEN_UP, item)
        event = self._journal.event(EventType.ITEM_HELD, ItemHeld(item_id=item.id, held=held))
        self._journal.durably(lambda store: store.hold(item.id, held, custody, event), item)

    def _leave(self, taken: Taken) -> None:
        with going_on("leaving an item"):
            self._viewing.left(taken)
        with going_on("closing an item"):
            self._items.finished(taken)
        with going_on("waking sync"):
            self._sync.wake()
