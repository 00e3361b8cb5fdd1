"""Marking what is relevant: from when to when, and a note. What stands is the draft's; this only asks for changes."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from reviewer.model.segments import MAX_NOTE, MAX_SEGMENTS, Segment, in_range
from reviewer.ui import theme
from reviewer.ui.key_button import KeyButton
from reviewer.ui.mark_list import MarkList, NoteField


class Marks(QObject):
    """`asked(tuple of Segment)` is what the person wants to stand; `show_segments` says what does.

    A start that is marked is a segment at once, so that a crash between start and end loses nothing.
    """

    asked = Signal(object)
    changed = Signal()
    sought = Signal(float)

    def __init__(self, moment: Callable[[], float | None], parent: QWidget) -> None:
        """`moment` is where the item is now, in seconds; None while there is nothing to mark."""
        super().__init__(parent)
        self._moment = moment
        self.segments: tuple[Segment, ...] = ()
        self._index: int | None = None
        self._open: Segment | None = None
        self._asked: tuple[Segment | None, Segment | None] | None = None
        self.row = QWidget(parent)
        self.row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.list = MarkList(self.row)
        self.note = NoteField(self.row)
        self.write = KeyButton(self.tr("Note"), "Alt N", parent=self.row)
        theme.size(self.note, min_width=160, max_width=320)
        layout = QHBoxLayout(self.row)
        theme.space(layout, gap=8)
        layout.addWidget(self.list, 3)
        layout.addWidget(self.note, 2)
        layout.addWidget(self.write)
        self.list.chosen.connect(self.choose)
        self.list.entered.connect(self._entered)
        self.list.removed.connect(self._remove)
        self.note.textEdited.connect(self._noted)
        self.note.returnPressed.connect(self.row.setFocus)
        self.write.clicked.connect(self.write_note)
        self.row.hide()

    @property
    def current(self) -> Segment | None:
        return None if self._index is None else self.segments[self._index]

    def show_segments(self, segments: tuple[Segment, ...]) -> None:
        """What stands now."""
        chosen, opened = self._asked if self._asked is not None else (self.current, self._open)
        self._asked = None
        self.segments = segments
        self._index = segments.index(chosen) if chosen in segments else (len(segments) - 1 if segments else None)
        self._open = opened if opened in segments else None
        self._show()

    def choose(self, index: int) -> None:
        self._index = index
        self._show()

    # what the keys do

    def mark(self) -> None:
        """The open segment ends here, or a new one begins."""
        if self._open is not None:
            self.mark_out()
        else:
            self.mark_in()

    def mark_in(self) -> None:
        """A segment begins here; its end is open until it is marked."""
        at_s = self._here()
        if at_s is not None and len(self.segments) < MAX_SEGMENTS:
            begun = Segment(start_s=at_s, end_s=at_s)
            self._ask((*self.segments, begun), begun, begun)

    def mark_out(self) -> None:
        """The open segment ends here; with none open, this moment alone is marked."""
        at_s = self._here()
        if at_s is None:
            return
        if self._open is not None:
            start, end = sorted((self._open.start_s, at_s))
            self._replace(self._open, msgspec.structs.replace(self._open, start_s=start, end_s=end), still_open=False)
        elif len(self.segments) < MAX_SEGMENTS:
            moment = Segment(start_s=at_s, end_s=at_s)
            self._ask((*self.segments, moment), moment, None)

    def move_start(self) -> None:
        """The chosen segment begins here instead."""
        segment, at_s = self.current, self._here()
        if segment is not None and at_s is not None:
            self._replace(segment, msgspec.structs.replace(segment, start_s=at_s, end_s=max(segment.end_s, at_s)))

    def move_end(self) -> None:
        """The chosen segment ends here instead."""
        segment, at_s = self.current, self._here()
        if segment is not None and at_s is not None:
            moved = msgspec.structs.replace(segment, end_s=at_s, start_s=min(segment.start_s, at_s))
            self._replace(segment, moved, still_open=False)

    def remove(self) -> None:
        """Unmark the chosen segment."""
        if self._index is not None:
            self._remove(self._index)

    def write_note(self) -> None:
        if self.current is not None:
            self.note.setFocus()
            self.note.selectAll()

    # inside

    def _here(self) -> float | None:
        """A moment that can be sent: what cannot would keep the whole decision from arriving."""
        at_s = self._moment()
        return None if at_s is None else in_range(at_s)

    def _noted(self, words: str) -> None:
        segment = self.current
        if segment is not None:
            self._replace(segment, msgspec.structs.replace(segment, note=words[:MAX_NOTE]))

    def _entered(self, index: int) -> None:
        self.choose(index)
        self.sought.emit(self.segments[index].start_s)

    def _remove(self, index: int) -> None:
        left = self.segments[:index] + self.segments[index + 1 :]
        self._ask(left, left[min(index, len(left) - 1)] if left else None, self._open)

    def _replace(self, old: Segment, new: Segment, *, still_open: bool = True) -> None:
        at = self.segments.index(old)
        opened = self._open if old != self._open else new if still_open else None
        self._ask((*self.segments[:at], new, *self.segments[at + 1 :]), new, opened)

    def _ask(self, segments: tuple[Segment, ...], chosen: Segment | None, opened: Segment | None) -> None:
        """Nothing changes here before it stands in the draft, which may refuse while it is being decided."""
        self._asked = (chosen, opened)
        self.asked.emit(tuple(sorted(segments, key=lambda segment: (segment.start_s, segment.end_s))))
        self._asked = None

    def _show(self) -> None:
        opened = self.segments.index(self._open) if self._open is not None else None
        self.list.show_segments(self.segments, self._index, opened)
        note = "" if self.current is None else self.current.note
        if self.note.text() != note:
            self.note.setText(note)
        self.row.setVisible(bool(self.segments))
        self.changed.emit()
