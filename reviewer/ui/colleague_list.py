"""The colleagues an item can be given to, to choose one by number, arrows or mouse."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.own_keys import claimed
from reviewer.ui.plain_label import plain_label

SHOWN = 9  # each has a number; more than these are reached by arrows


class ColleagueList(Card):
    """`chosen(member id)`. Takes every plain key while it is open; Backspace closes it, Esc is left alone."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(8, 8, 8, 8), gap=4, parent=parent)
        self.setObjectName("colleagueList")
        self.setAccessibleName(self.tr("Give the item to a colleague"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.column.addWidget(plain_label(self.tr("Give this item to"), "small", self))
        self._people: Sequence[tuple[str, str]] = ()
        self._rows: list[KeyButton] = []
        self._at = 0
        self._from = 0
        for number in range(SHOWN):
            row = KeyButton("", str(number + 1), kind=ButtonKind.CHOICE, parent=self)
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.clicked.connect(lambda _checked=False, number=number: self._choose(self._from + number))
            self.column.addWidget(row)
            self._rows.append(row)
        self.hide()

    @property
    def people(self) -> Sequence[tuple[str, str]]:
        return self._people

    def open(self, people: Sequence[tuple[str, str]]) -> None:
        """(id, name) of those to choose from; at least one."""
        self._people = people
        self._mark(0)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def shut(self) -> None:
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _mark(self, at: int) -> None:
        self._at = at % len(self._people)
        self._from = max(0, self._at - SHOWN + 1)
        for number, row in enumerate(self._rows):
            here = self._from + number
            row.setVisible(here < len(self._people))
            if here < len(self._people):
                row.set_words(self._people[here][1][:80])
                row.setChecked(here == self._at)
        self.setAccessibleDescription(self._people[self._at][1])

    def _choose(self, at: int) -> None:
        if 0 <= at < len(self._people):
            member_id = self._people[at][0]
            self.shut()
            self.chosen.emit(member_id)

    def event(self, event: QEvent) -> bool:
        return claimed(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        number = key - Qt.Key.Key_1.value
        if 0 <= number < SHOWN:
            self._choose(self._from + number)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self._mark(self._at + 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self._mark(self._at - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._at)
        elif key == Qt.Key.Key_Backspace:
            self.shut()

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.shut()
