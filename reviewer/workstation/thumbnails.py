"""Veiled thumbnails of many items: each opened in a sealed worker, asked for one small frame, and closed at once.

Two at a time, whoever asks. Nothing is kept here: the frame belongs to the caller, who wipes it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.media.link import ItemClosed
from reviewer.media.opened import OpenedItem
from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import MediaError, ReviewerError
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy
from reviewer.workstation.journal import Journal
from reviewer.workstation.unsealing import Unsealer
from reviewer.workstation.veiling import veils_of
from reviewer.workstation.watched import as_registered

AT_ONCE = 2
# A film's very first picture is often black.
_INTO_A_FILM = 0.2

# The reasons in the custody log. Opened for a cell of the gallery, not on the desk; or printed, unseen.
THUMBNAIL = "thumbnail"
REPORT = "report"


class NoThumbnail(MediaError):
    """It has no picture, or the policy shows none of its kind."""

    code = "M011"
    happened = "There is no veiled picture of this item."
    to_do = "Decide from the facts, or open the item."


class Thumbnails:
    """Methods may be called from any thread; `thumbnail` blocks, `drop` does not.

    `broke` is told of an item that could not be opened, on the thread that asked.
    """

    def __init__(
        self,
        *,
        broker: Broker,
        unsealer: Unsealer,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        broke: Callable[[Item, ReviewerError], None],
    ) -> None:
        self._broker = broker
        self._unsealer = unsealer
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._broke = broke
        self._free = threading.Condition()
        self._running = 0
        self._dropped = 0
        self._ended = False
        self._sealed: bool | None = None
        self._open: set[OpenedItem] = set()

    def for_report(self, item: Item) -> Frame:
        """As `thumbnail`, to be printed in a report."""
        return self.thumbnail(item, REPORT)

    def thumbnail(self, item: Item, reason: str = THUMBNAIL) -> Frame:
        """Small, grey, BLURRED; long side at most the policy's `blurred_long_side`. The caller wipes it.

        NoThumbnail; ItemClosed when `drop` came before it was there; else what opening an item raises.
        """
        if self._policy.harm_type(item.harm_type).highest_level < Level.BLURRED:
            raise NoThumbnail
        with self._turn() as generation:
            started_at = self._clock.now()
            try:
                frame = self._shown(item, generation)
            except (NoThumbnail, ItemClosed):
                raise
            except ReviewerError as error:
                if generation != self._dropped:
                    raise ItemClosed from None
                self._broke(item, error)
                raise
            self._journal.note(CustodyAction.OPENED, item, started_at=started_at, reason=reason)
        return frame

    @property
    def sealed(self) -> bool | None:
        """Whether the last worker was sealed; None while none has been asked."""
        return self._sealed

    def drop(self) -> None:
        """End every worker that is at it, and turn away who waits."""
        with self._free:
            self._dropped += 1
            opened = list(self._open)
            self._free.notify_all()
        for item in opened:
            item.close()

    def close(self) -> None:
        """As `drop`, and for good."""
        with self._free:
            self._ended = True
        self.drop()

    @contextmanager
    def _turn(self) -> Iterator[int]:
        with self._free:
            generation = self._dropped
            self._free.wait_for(lambda: self._running < AT_ONCE or generation != self._dropped or self._ended)
            if generation != self._dropped or self._ended:
                raise ItemClosed
            self._running += 1
        try:
            yield generation
        finally:
            with self._free:
                self._running -= 1
                self._free.notify()

    def _shown(self, item: Item, generation: int) -> Frame:
        with as_registered():
            reader = self._unsealer.reader(item)
            try:
                opened = self._broker.open(
                    reader, declared_format=item.facts.declared_format, veils=veils_of(self._policy)
                )
                try:
                    return self._frame(item, opened, generation)
                finally:
                    opened.close()
                    with self._free:
                        self._open.discard(opened)
            finally:
                reader.close()

    def _frame(self, item: Item, opened: OpenedItem, generation: int) -> Frame:
        with self._free:
            if generation != self._dropped:
                raise ItemClosed
            self._open.add(opened)
            self._sealed = opened.sandbox.sealed
        if not opened.viewable:
            raise NoThumbnail
        length = opened.facts.duration_s if opened.facts.kind is Kind.VIDEO else None
        frame = opened.blurred(at_s=(length or 0.0) * _INTO_A_FILM, quick=True)
        if generation != self._dropped:
            frame.wipe()
            raise ItemClosed
        return frame
