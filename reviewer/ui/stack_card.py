"""The stack at FACTS: one of so many copies, how near they are, and whether they are decided together."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.model.known import Stack
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.known_words import copy_words, stack_words
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.together import Together

STACK_KEY, STACK_SHOWN = "Shift+D", "Shift D"


class StackCard(Card):
    """Follows `together`: how many copies wait in this queue, and whether they get the same decision."""

    def __init__(self, stack: Stack, together: Together, parent: QWidget | None = None) -> None:
        super().__init__(Surface.CARD, margins=(12, 10, 12, 10), gap=6, parent=parent)
        self.setObjectName("stack")
        self.setAccessibleName(self.tr("Copies"))
        self._together = together
        self._head = PlainLabel(stack_words(stack), self)
        theme.role(self._head, "strong")
        self._button = KeyButton("", STACK_SHOWN, kind=ButtonKind.CHOICE, parent=self)
        self._button.setObjectName("decideTogether")
        self._button.clicked.connect(together.toggle)
        self._waiting = plain_label("", "dim", self)
        row = QHBoxLayout()
        theme.space(row, gap=12)
        row.addWidget(self._head, 1)
        row.addWidget(self._button, 2)
        self.column.addLayout(row)
        self.column.addWidget(plain_label(copy_words(stack), "", self))
        self.column.addWidget(self._waiting)
        together.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        count, on = self._together.count, self._together.on
        self._button.setVisible(count > 0)
        self._button.setChecked(on)
        self._button.set_words(
            self.tr("All {count} get this decision").format(count=count + 1)
            if on
            else self.tr("Decide all {count} together").format(count=count + 1)
        )
        theme.role(self._waiting, "amber-small" if self._together.trouble else "dim")
        if self._together.trouble:
            words = self.tr("{happened} Whether other copies wait is not known; this decision is for this one alone.")
            self._waiting.setText(words.format(happened=self._together.trouble))
        elif count == 0:
            self._waiting.setText(self.tr("No other copy waits in your queue."))
        elif on:
            words = self.tr("Each keeps a record of its own, which says that only this one was on your desk.")
            self._waiting.setText(words)
        else:
            waiting = self.tr("Copies that wait in your queue: {count}. This decision is for this one alone.")
            self._waiting.setText(waiting.format(count=count))
