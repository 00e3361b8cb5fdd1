"""Looking for words in a text that stays veiled: which lines have them, and which of those the person is at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from reviewer.media.outlines import TextOf
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import Readable
from reviewer.ui.late_requests import LateRequest
from reviewer.ui.text_requests import TextRequests
from reviewer.ui.text_view import TextView

FIND = "find"


@dataclass(frozen=True, slots=True)
class Found:
    """`lines` that contain what was looked for, and which of them the person is at."""

    lines: tuple[int, ...]
    at: int


class TextSearch:
    """Marks lines in `view`; shows no word. `go_to(line)` is called for the line to be at, then `tell`."""

    def __init__(
        self, jobs: Jobs, owner: QObject, view: TextView, go_to: Callable[[int], None], tell: Callable[[], None]
    ) -> None:
        self._requests: TextRequests[int] = TextRequests(jobs, owner)
        self._view = view
        self._go_to = go_to
        self._tell = tell
        self.found: Found | None = None

    def forget(self) -> None:
        """What was found, and what is on its way."""
        self._requests.forget()
        self.found = None

    def clear(self) -> None:
        """The marks too."""
        self.forget()
        self._view.set_hits(())
        self._tell()

    def ask(self, opened: Readable, words: str, of: TextOf, failed: Callable[[ReviewerError], None]) -> None:
        """Mark the lines that contain `words` and go to the first from here on."""
        self._requests.ask(FIND, LateRequest(lambda: list(opened.text_find(words, of)), self._arrived, failed))

    def next(self, step: int) -> None:
        """On to the next line that was found, or back."""
        if self.found is not None and self.found.lines:
            at = (self.found.at + step) % len(self.found.lines)
            self.found = Found(self.found.lines, at)
            self._go_to(self.found.lines[at])
            self._tell()

    def _arrived(self, lines: list[int]) -> None:
        here = self._view.focus_line
        known = tuple(line for line in lines if line < self._view.count)
        at = next((at for at, line in enumerate(known) if line >= here), 0)
        self.found = Found(known, at)
        self._view.set_hits(known)
        if known:
            self._go_to(known[at])
        self._tell()
