"""Who sent the messages of a text: the names in it, asked for only while words are shown, and let go of with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from reviewer.media.outlines import TextOf, TextOutline, sender_number
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import Readable
from reviewer.ui.late_requests import LateRequest
from reviewer.ui.text_requests import TextRequests

MOST_NAMES = 12
"""Shown at once; the lens shows any other."""
NAMES = "names"


class SenderNames:
    """Holds the names it was told to `keep` and no others; each is a line of `TextOf.SENDERS`."""

    def __init__(self, jobs: Jobs, owner: QObject) -> None:
        self._requests: TextRequests[str] = TextRequests(jobs, owner)
        self._kept = range(0)
        self._asked = False
        self._names: dict[int, str] = {}

    @property
    def shown(self) -> Mapping[int, str]:
        """The names that lie here, by number: 0 is A."""
        return dict(self._names)

    def keep(self, numbers: range) -> None:
        """What may be shown from now on. All else is gone before this returns, and what is on its way with it."""
        if numbers != self._kept:
            self._requests.forget()
            self._names = {}
            self._kept = numbers
            self._asked = False

    def ask(self, opened: Readable, then: Callable[[], None], failed: Callable[[ReviewerError], None]) -> None:
        """Ask for those that may be shown, once. `then` follows when they lie here."""
        if self._asked or not self._kept:
            return
        numbers, self._asked = self._kept, True

        def arrived(said: list[str]) -> None:
            self._names = dict(zip(numbers, said, strict=False))
            said.clear()
            then()

        def produce() -> list[str]:
            return list(opened.text_lines(numbers.start, len(numbers), of=TextOf.SENDERS))

        self._requests.ask(NAMES, LateRequest(produce, arrived, failed))


def names_in_view(outline: TextOutline | None, level: Level | None, focus_line: int) -> range:
    """Whose names go with what is revealed: in the lens that of the line in focus; at CLEAR the first ones."""
    if outline is None or focus_line >= len(outline.lines):
        return range(0)
    if level is Level.LENS:
        number = sender_number(outline.lines[focus_line].sender)
        return range(0) if number is None else range(number, number + 1)
    if level is Level.CLEAR:
        return range(min(MOST_NAMES, len({line.sender for line in outline.lines if line.sender})))
    return range(0)
