"""The steps of the page, always in view: which one is open, and how far each is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_words import PageStep, step_title
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label

WIDTH = 292


class HandoffRail(Card):
    """`chosen(PageStep)`. Steps may be gone to in any order; Alt and its number does it from anywhere."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(12, 14, 12, 14), gap=4, parent=parent)
        self.setObjectName("handoffRail")
        self.setAccessibleName(self.tr("Steps"))
        theme.size(self, width=WIDTH)
        self._buttons: dict[PageStep, KeyButton] = {}
        self._words: dict[PageStep, PlainLabel] = {}
        for step in PageStep:
            number = step + 1
            button = KeyButton(f"{number}  {step_title(step)}", f"Alt {number}", kind=ButtonKind.CHOICE, parent=self)
            button.setObjectName(f"handoffStep_{number}")
            button.clicked.connect(lambda _on=False, step=step: self.chosen.emit(step))
            words = plain_label("", "small", self)
            words.setContentsMargins(theme.px(12), 0, 0, theme.px(10))
            self.column.addWidget(button)
            self.column.addWidget(words)
            self._buttons[step], self._words[step] = button, words
        self.column.addStretch(1)

    def show_step(self, step: PageStep) -> None:
        for one, button in self._buttons.items():
            button.setChecked(one is step)

    def say(self, step: PageStep, words: str, *, amber: bool = False) -> None:
        label = self._words[step]
        label.setText(words)
        theme.role(label, "amber-small" if amber else "small")
