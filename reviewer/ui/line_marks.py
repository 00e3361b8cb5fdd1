"""Messages and lines that a decision rests on: marked where one reads, kept with the draft, veiled or not."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from reviewer.model.answers import MAX_MESSAGES
from reviewer.model.decisions import MessageMark
from reviewer.ui.announce import announce
from reviewer.ui.text_view import TextView

KEY, KEY_SHOWN = "Alt+M", "Alt M"


class LineMarks(QObject):
    """`asked(tuple of MessageMark)` is what the person wants marked; `show_messages` is what stands."""

    asked = Signal(object)

    def __init__(self, view: TextView) -> None:
        super().__init__(view)
        self._view = view
        self._messages: tuple[MessageMark, ...] = ()

    @property
    def messages(self) -> tuple[MessageMark, ...]:
        return self._messages

    def show_messages(self, messages: tuple[MessageMark, ...]) -> None:
        self._messages = messages
        self._view.set_relevant({mark.line for mark in messages})

    def toggle(self) -> None:
        """Mark the line in focus, or take its mark away with its note. Shows no word."""
        if not self._view.count:
            return
        line = self._view.focus_line
        left = tuple(mark for mark in self._messages if mark.line != line)
        if len(left) == len(self._messages):
            if len(left) >= MAX_MESSAGES:
                announce(self._view, self.tr("No more can be marked"))
                return
            left = tuple(sorted((*left, MessageMark(line=line)), key=lambda mark: mark.line))
            announce(self._view, self.tr("Marked: {count} in all").format(count=len(left)))
        else:
            announce(self._view, self.tr("Mark taken away: {count} left").format(count=len(left)))
        self.asked.emit(left)
