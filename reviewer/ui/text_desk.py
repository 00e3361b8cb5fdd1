"""A text on the desk: which lines are veiled, which words were asked for, and when they are let go of."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from reviewer.media.outlines import MAX_LINES_AT_ONCE, TextOf, TextOutline
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.model.policy import Text
from reviewer.ui import level_desk
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import Readable
from reviewer.ui.late_requests import LateRequest
from reviewer.ui.reveal_clock import RevealClock
from reviewer.ui.sender_names import SenderNames, names_in_view
from reviewer.ui.text_requests import TextRequests
from reviewer.ui.text_search import Found, TextSearch
from reviewer.ui.text_view import TextView

OUTLINE = "outline"
WORDS = "words"
TERMS = "terms"


class TextDesk(QObject):
    """FACTS or BLURRED (every line a bar) stay; LENS (the line in focus) and CLEAR (the lines in view) veil themselves.

    Words and names are asked for only while they are shown, and only those lines'. `shown` and `levelChanged` are what
    is painted. DRAWING is nothing a text has: resting there is resting at BLURRED.
    """

    changed = Signal()
    failed = Signal(object)
    levelChanged = Signal(object)

    def __init__(self, jobs: Jobs, view: TextView, of: TextOf = TextOf.ITEM) -> None:
        super().__init__(view)
        self._view = view
        self._of = of
        self._outlines: TextRequests[TextOutline] = TextRequests(jobs, self)
        self._words: TextRequests[str] = TextRequests(jobs, self)
        self._search = TextSearch(jobs, self, view, self.look_at, self._tell)
        self._names = SenderNames(jobs, self)
        self._opened: Readable | None = None
        self._text = Text()
        self._hold_began: float | None = None
        self._open_terms: int | None = None
        self._told = Level.FACTS
        self.outline: TextOutline | None = None
        self.start = Level.FACTS
        self.highest = Level.FACTS
        self.rest = Level.FACTS
        self.revealing: Level | None = None
        self.clock = RevealClock(self)
        self.clock.ended.connect(self.end_reveal)
        view.stepped.connect(self.move)
        view.clicked.connect(self.look_at)
        view.pointed.connect(self._pointed)
        view.scrolled.connect(self._scrolled)

    # items come and go

    def open(
        self, opened: Readable | None, *, start: Level = Level.BLURRED, highest: Level = Level.CLEAR, text: Text
    ) -> None:
        """An item, or None for one that cannot be read: then nothing is ever asked. `settle` shows it."""
        self.close()
        self._opened = opened
        self._text = text
        self.highest = _readable_level(highest)
        self.start = min(_readable_level(start), self.highest)

    def close(self) -> None:
        """Let go of all there is, and of what is on its way."""
        self._forget_words()
        self._outlines.forget()
        self._search.forget()
        self.clock.stop()
        self._hold_began = None
        self.revealing = None
        self._opened = None
        self.outline = None
        self.rest = self.start = self.highest = Level.FACTS
        self._view.set_outline(None)
        self._tell()

    # levels

    @property
    def shown(self) -> Level:
        """What is painted now."""
        if self._view.reveals or self._names.shown:
            return self.revealing or Level.CLEAR
        if self.outline is None or (self.rest is Level.FACTS and self.revealing is None):
            return Level.FACTS
        return Level.BLURRED

    @property
    def names(self) -> Mapping[int, str]:
        """The names of senders that are shown now, by the number of their label: 0 is A."""
        return self._names.shown

    def settle(self, level: Level) -> None:
        """Rest at FACTS or BLURRED. All words are let go of before this returns."""
        self.rest = min(_readable_level(level), self.highest)
        self.end_reveal()
        self._ask_outline()

    def reveil(self) -> None:
        """Back to the start level, or stay lower; words are gone before this returns."""
        self._hold_began = None
        self.settle(min(self.start, self.rest))

    def begin_lens(self, _at: tuple[float, float] | None = None, *, timed: bool = False) -> None:
        """Ask for the words of the line in focus. `timed` ends it when CLEAR would end."""
        if self._may_begin(Level.LENS):
            self._ask_outline()
            self._ask_words()
            if timed:
                self.clock.start(self._text.clear_seconds)
            self._tell()

    def begin_clear(self) -> None:
        """Ask for the words of all lines as they come into view; they veil themselves `clear_seconds` later."""
        if self._may_begin(Level.CLEAR):
            self._ask_outline()
            self._ask_words()
            self._tell()

    def end_reveal(self) -> None:
        """Let go of all words, now."""
        self.clock.stop()
        self.revealing = None
        self._forget_words()
        self._tell()

    def clear_hold(self, held: bool) -> None:
        """The CLEAR key: a tap starts the timed look or ends it; a longer press looks until it is let go."""
        if held and self._hold_began is None:
            if self.revealing is Level.CLEAR:
                self.end_reveal()
            else:
                self._hold_began = time.monotonic()
                self.begin_clear()
        elif not held and self._hold_began is not None:
            long = time.monotonic() - self._hold_began >= level_desk.TAP_S
            self._hold_began = None
            if long and self.revealing is Level.CLEAR:
                self.end_reveal()

    @property
    def terms_shown(self) -> bool:
        """The masked terms of the line in focus are shown."""
        return self._open_terms is not None

    @property
    def can_show_terms(self) -> bool:
        """The line in focus has masked terms, and its words are shown."""
        line = self._view.focus_line
        masked = self.outline is not None and line < self._view.count and bool(self.outline.lines[line].masked)
        return masked and self.revealing is not None and self._view.holds(line)

    def toggle_terms(self) -> None:
        """Show the masked terms of the line in focus, or mask them again. Only of a line whose words are shown."""
        line = self._view.focus_line
        if self.terms_shown:
            self._mask_terms()
        elif self.can_show_terms:
            self._mask_terms()
            self._open_terms = line
            self._view.mark_open_terms(line)
            self._ask(TERMS, range(line, line + 1), unmask=True)
        self._tell()

    # where the person is

    def move(self, lines: int) -> None:
        """Up or down by lines; in the lens the words of the line before are gone first."""
        self.look_at(self._view.focus_line + lines)

    def nudge_lens(self, _steps_x: int, steps_y: int) -> None:
        self.move(steps_y)

    def look_at(self, line: int) -> None:
        """Go to a line. Its words are asked for in the lens alone."""
        line = min(max(line, 0), max(self._view.count - 1, 0))
        if line == self._view.focus_line:
            self._view.set_focus_line(line)
            return
        self._view.set_focus_line(line)
        self._mask_terms()
        if self.revealing is Level.LENS:
            self._ask_words()
        self._tell()

    def next_reported(self) -> None:
        """On to the next message that was reported, and from the last one to the first."""
        if self.outline is not None:
            self._on_to([at for at, line in enumerate(self.outline.lines) if line.reported])

    def _on_to(self, lines: list[int]) -> None:
        if lines:
            self.look_at(next((line for line in lines if line > self._view.focus_line), lines[0]))

    def turn(self, pages: int) -> None:
        """So many windows full on."""
        self._view.turn(pages)
        seen = self._view.visible_lines()
        if seen and self._view.focus_line not in seen:
            self.look_at(min(seen[0] + 1, seen[-1]) if pages > 0 else max(seen[-1] - 1, seen[0]))

    # searching

    @property
    def can_find(self) -> bool:
        """Where no line may be read, searching word by word would read it all the same."""
        return self.highest >= Level.LENS

    def find(self, words: str) -> None:
        """Mark the lines that contain `words` and go to the first from here on. Shows no word; empty ends it.

        Nothing is looked for where `can_find` is false.
        """
        if self._opened is None or not self.can_find or not words.strip():
            self._search.clear()
        else:
            self._search.ask(self._opened, words.strip(), self._of, self._broke)

    @property
    def found(self) -> Found | None:
        return self._search.found

    def next_found(self, step: int = 1) -> None:
        """On to the next line that was found, or back."""
        self._search.next(step)

    # inside

    def _may_begin(self, level: Level) -> bool:
        if self._opened is None or level > self.highest or self.revealing is level:
            return False
        self.end_reveal()
        self.revealing = level
        return True

    def _ask_outline(self) -> None:
        opened, of = self._opened, self._of
        needed = self.rest is not Level.FACTS or self.revealing is not None
        if opened is not None and needed and self.outline is None and not self._outlines.busy(OUTLINE):
            self._outlines.ask(OUTLINE, LateRequest(lambda: [opened.text_outline(of)], self._outline_here, self._broke))

    def _outline_here(self, outlines: list[TextOutline]) -> None:
        self.outline = outlines[0]
        self._view.set_outline(self.outline)
        self._ask_words()
        self._tell()

    def _wanted(self) -> range:
        """The lines whose words may be shown now."""
        if self.revealing is Level.LENS and self._view.count:
            return range(self._view.focus_line, self._view.focus_line + 1)
        if self.revealing is Level.CLEAR:
            seen = self._view.visible_lines()
            return seen[:MAX_LINES_AT_ONCE]
        return range(0)

    def _wanted_names(self) -> range:
        """The senders whose names may be shown now; what was heard or spoken has none."""
        level = self.revealing if self._of is TextOf.ITEM else None
        return names_in_view(self.outline, level, self._view.focus_line)

    def _ask_words(self) -> None:
        self._view.drop_words(self._wanted())
        self._names.keep(self._wanted_names())
        missing = [line for line in self._wanted() if not self._view.holds(line)]
        if missing and self.outline is not None:
            self._ask(WORDS, range(missing[0], missing[-1] + 1), unmask=False)

    def _ask(self, channel: str, lines: range, *, unmask: bool) -> None:
        opened, of = self._opened, self._of
        if opened is None:
            return

        def produce() -> list[str]:
            return list(opened.text_lines(lines.start, len(lines), unmask=unmask, of=of))

        self._words.ask(
            channel,
            LateRequest(produce, lambda said: self._arrived(lines, said, unmask=unmask), self._broke),
        )

    def _arrived(self, lines: range, said: list[str], *, unmask: bool) -> None:
        wanted = self._wanted()
        words = {
            line: words
            for line, words in zip(lines, said, strict=False)
            if line in wanted and (line == self._open_terms) is unmask
        }
        said.clear()
        self._view.put_words(words)
        if words and self.revealing is Level.CLEAR and not self.clock.running:
            self.clock.start(self._text.clear_seconds)
        if words and self._opened is not None:
            self._names.ask(self._opened, self._tell, self._broke)
        self._ask_words_again(wanted)
        self._tell()

    def _ask_words_again(self, wanted: range) -> None:
        """Words that took more room than their bars pushed others out of view, or left room for more."""
        if self._wanted() != wanted and self.revealing is Level.CLEAR:
            self._ask_words()

    def _mask_terms(self) -> None:
        line, self._open_terms = self._open_terms, None
        if line is not None:
            self._words.forget(TERMS)
            self._view.mark_open_terms(None)
            self._view.drop_words([held for held in self._view.shown if held != line])
            self._ask_words()

    def _forget_words(self) -> None:
        self._words.forget()
        self._names.keep(range(0))
        self._open_terms = None
        self._view.mark_open_terms(None)
        self._view.drop_words()

    def _pointed(self, line: int) -> None:
        if self.revealing is Level.LENS:
            self.look_at(line)

    def _scrolled(self) -> None:
        if self.revealing is Level.CLEAR:
            self._ask_words()

    def _broke(self, error: ReviewerError) -> None:
        self.end_reveal()
        self.failed.emit(error)

    def _tell(self) -> None:
        self.changed.emit()
        if self.shown is not self._told:
            self._told = self.shown
            self.levelChanged.emit(self._told)


def _readable_level(level: Level) -> Level:
    return Level.BLURRED if level is Level.DRAWING else level
