"""The tour's look at one item of each kind, the way a reviewer goes about it: veiled first, no more than needed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from reviewer.demo.hands import CTRL, Hands
from reviewer.model.levels import Kind, Level
from reviewer.ui.item_ports import TakenItem


class Kinds:
    """`show(item)` shows an item that is on the desk if it is the first of its sort; a video and a picture have their
    own places in the tour."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self.shown: list[str] = []

    def show(self, item: TakenItem) -> None:
        facts = item.entry.item.facts
        if item.opened is None:
            return
        sort, how = self._sort(facts.kind, facts.format, facts.pages or 1)
        if sort and sort not in self.shown:
            self.shown.append(sort)
            self._hands.driver.step(f"a look at one {sort}")
            how()

    def _sort(self, kind: Kind, form: str, pages: int) -> tuple[str, Callable[[], None]]:
        if kind is Kind.IMAGE and pages > 1:
            return ("animation" if form in ("gif", "webp", "png") else "pages"), self._pages
        ways: dict[Kind, Callable[[], None]] = {
            Kind.CHAT: self._chat,
            Kind.TEXT: self._text,
            Kind.EMAIL: self._mail,
            Kind.DOCUMENT: self._pages,
            Kind.AUDIO: self._sound,
            Kind.ARCHIVE: self._archive,
        }
        return (kind.value, ways[kind]) if kind in ways else ("", self._archive)

    def _chat(self) -> None:
        """Bars first, one message by the lens, all of them for a while, and words found without reading any."""
        h, d = self._hands, self._hands.driver
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        d.settle(0.4)
        h.picture_of("chat-veiled")
        with d.holding(Qt.Key.Key_4):
            h.wait_level(Level.LENS)
            d.settle(0.3)
            h.picture_of("chat-one-message")
        h.wait_level(Level.BLURRED)
        d.key(Qt.Key.Key_5)
        h.wait_level(Level.CLEAR)
        d.settle(0.4)
        h.picture_of("chat-revealed")
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        d.key(Qt.Key.Key_F, CTRL)
        d.write("circles")
        d.settle(0.8)
        h.picture_of("chat-found-veiled")
        d.key(Qt.Key.Key_Tab)

    def _text(self) -> None:
        self._reveal("text")

    def _mail(self) -> None:
        self._reveal("mail")

    def _reveal(self, name: str) -> None:
        h, d = self._hands, self._hands.driver
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        d.settle(0.4)
        h.picture_of(f"{name}-veiled")
        d.key(Qt.Key.Key_5)
        h.wait_level(Level.CLEAR)
        d.settle(0.4)
        h.picture_of(f"{name}-revealed")
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)

    def _pages(self) -> None:
        """The second page, veiled like the first; then one look at it."""
        h, d = self._hands, self._hands.driver
        name = self.shown[-1]
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        d.settle(0.8)
        h.picture_of(f"{name}-veiled")
        d.key(Qt.Key.Key_PageDown)
        d.settle(0.6)
        d.key(Qt.Key.Key_5)
        h.wait_level(Level.CLEAR)
        d.settle(0.3)
        h.picture_of(f"{name}-second")
        h.wait_level(Level.BLURRED)

    def _sound(self) -> None:
        """The waveform first; then muffled, where this machine has a loudspeaker."""
        h, d = self._hands, self._hands.driver
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        d.settle(1.0)
        h.picture_of("sound-veiled")
        d.key(Qt.Key.Key_M)
        d.key(Qt.Key.Key_Space)
        d.settle(1.0)
        h.picture_of("sound-muffled")
        d.key(Qt.Key.Key_2)

    def _archive(self) -> None:
        self._hands.driver.settle(0.3)
        self._hands.picture_of("archive-facts")
