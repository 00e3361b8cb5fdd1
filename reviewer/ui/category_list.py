"""The harm categories of the policy, to choose one by number, arrows or mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton


class CategoryList(Card):
    """Lies over the panel while it is open and takes every plain key, so that 1 is the first category, not a level.

    Esc is left alone: it hides everything here as well.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, policy: Policy, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(8, 8, 8, 12), gap=6, parent=parent)
        self.setObjectName("categoryList")
        self.setAccessibleName(self.tr("Category"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._keys = [harm.key for harm in policy.harm_types]
        self._rows: list[KeyButton] = []
        self._at = 0
        for number, harm in enumerate(policy.harm_types, start=1):
            row = KeyButton(harm.words, str(number) if number < 10 else "", kind=ButtonKind.CHOICE, parent=self)
            row.setObjectName(f"category_{harm.key}")
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.clicked.connect(lambda _checked=False, at=number - 1: self._choose(at))
            self.column.addWidget(row)
            self._rows.append(row)
        self.hide()

    def open(self, current: str | None) -> None:
        """Show over the parent with `current` marked."""
        self._mark(self._keys.index(current) if current in self._keys else 0)
        theme.size(self, width=1)
        self.adjustSize()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _mark(self, at: int) -> None:
        self._at = at % len(self._rows)
        for row, button in enumerate(self._rows):
            button.setChecked(row == self._at)
        self.setAccessibleDescription(self._rows[self._at].text())

    def _choose(self, at: int) -> None:
        key = self._keys[at]
        self.shut()
        self.chosen.emit(key)

    def shut(self) -> None:
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            if event.key() != Qt.Key.Key_Escape and not held:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        number = key - Qt.Key.Key_1.value
        if 0 <= number < min(len(self._rows), 9):
            self._choose(number)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_C, Qt.Key.Key_Tab):
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
