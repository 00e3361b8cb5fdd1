"""Answers in the policy's own words, to pick one or several by number, arrows or mouse."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import shiboken6
from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.own_keys import claimed
from reviewer.ui.plain_label import PlainLabel

_NEXT = (Qt.Key.Key_Down, Qt.Key.Key_Tab)
_BEFORE = (Qt.Key.Key_Up, Qt.Key.Key_Backtab)
_DONE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PickList(Card):
    """Lies over the panel while it is open and takes every plain key, so that 1 is the first answer, not a level.

    `picked(tuple of keys)` after every pick. Of one, a pick closes the list; of several, Enter does.
    Esc is left alone: it hides everything here as well.
    """

    picked = Signal(object)
    closed = Signal()

    def __init__(
        self, name: str, words: str, choices: Sequence[tuple[str, str]], parent: QWidget, *, several: bool = False
    ) -> None:
        """`choices` are (key, words); `words` name the question."""
        super().__init__(Surface.OUTLINE, margins=(8, 8, 8, 8), gap=6, parent=parent)
        self.setObjectName(f"{name}List")
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._over = parent
        self._several = several
        self._keys = [key for key, _said in choices]
        self._said = [said for _key, said in choices]
        self._picked: list[str] = []
        self._at = 0
        self._came_from: QWidget | None = None
        self._rows: list[KeyButton] = []
        self.hide()

    def _fill(self) -> None:
        """When it is first opened, and not sooner: the rows of all lists would be a good part of unlocking."""
        name = self.objectName().removesuffix("List")
        self._inside = QWidget(self)
        rows = QVBoxLayout(self._inside)
        theme.space(rows, gap=6)
        for number, (key, said) in enumerate(zip(self._keys, self._said, strict=True), start=1):
            row = KeyButton(said, str(number) if number < 10 else "", kind=ButtonKind.CHOICE, parent=self._inside)
            row.setObjectName(f"{name}_{key}")
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.clicked.connect(lambda _checked=False, at=number - 1: self._pick(at))
            rows.addWidget(row)
            self._rows.append(row)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self.column.addWidget(self._scroll)
        if self._several:
            how = PlainLabel(self.tr("Numbers or Space tick; Enter is done"), self)
            theme.role(how, "small")
            self.column.addWidget(how)

    def open(self, picked: Collection[str], below: QRect) -> None:
        """Show over the parent, below (or where there is no room, above) this part of it, with `picked` marked."""
        if not self._rows:
            self._fill()
        self._picked = [key for key in self._keys if key in picked]
        self._mark(self._keys.index(self._picked[0]) if self._picked else 0)
        self._place(below)
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self._scroll.ensureWidgetVisible(self._rows[self._at], 0, theme.px(8))

    def _place(self, below: QRect) -> None:
        room, edge = self._over.rect(), theme.px(8)
        margins = self.column.contentsMargins()
        high = self._inside.sizeHint().height() + margins.top() + margins.bottom() + 2
        if self._several:
            high += theme.px(26)
        high = min(high, room.height() - 2 * edge)
        top = min(below.bottom() + theme.px(4), room.height() - edge - high)
        self.setGeometry(below.left(), max(top, edge), below.width(), high)

    def _mark(self, at: int) -> None:
        self._at = at % len(self._rows)
        for row, (key, button) in enumerate(zip(self._keys, self._rows, strict=True)):
            button.setChecked(key in self._picked if self._several else row == self._at)
            button.set_current(self._several and row == self._at)
            if self._several:
                button.set_words(f"✓ {self._said[row]}" if key in self._picked else self._said[row])
        self.setAccessibleDescription(self._rows[self._at].text())
        self._scroll.ensureWidgetVisible(self._rows[self._at], 0, theme.px(8))

    def _pick(self, at: int) -> None:
        key = self._keys[at]
        if not self._several:
            self.shut()
            self.picked.emit((key,))
            return
        chosen = set(self._picked) ^ {key}
        self._picked = [known for known in self._keys if known in chosen]
        self._mark(at)
        self.picked.emit(tuple(self._picked))

    def shut(self) -> None:
        """The focus goes back to where it was: Tab is taken here, so Qt would leave it on a list nobody sees."""
        if self.isVisible():
            before, self._came_from = self._came_from, None
            if before is not None and shiboken6.isValid(before) and before.isVisible() and self.hasFocus():
                before.setFocus(Qt.FocusReason.PopupFocusReason)
            elif self.hasFocus():
                self.clearFocus()
            self.hide()
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        return claimed(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        number = event.key() - Qt.Key.Key_1.value
        if 0 <= number < min(len(self._rows), 9):
            self._pick(number)
        elif key in _NEXT or key == Qt.Key.Key_C:
            self._mark(self._at + 1)
        elif key in _BEFORE:
            self._mark(self._at - 1)
        elif key == Qt.Key.Key_Space or (key in _DONE and not self._several):
            self._pick(self._at)
        elif key in _DONE or key == Qt.Key.Key_Backspace:
            self.shut()

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.shut()
