"""The command palette: type a few letters of what you want, Enter does it.

Esc is not this palette's: it hides everything, here as everywhere, at the first press. Ctrl+K once more, or the
focus going elsewhere, closes the palette alone. It lies over the desk and changes no level.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QListView, QWidget

from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.card import Card, Surface
from reviewer.ui.command_list import ROW, CommandLine, CommandModel, spoken
from reviewer.ui.commands import Command, ranked
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.own_keys import is_offered
from reviewer.ui.plain_label import PlainLabel

WIDTH, ROWS, TOP = 620, 10, 64  # pixels at scale 1, lines
MAX_TYPED = 100
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}


class PaletteField(QLineEdit):
    """Arrows move in the list below, Enter takes the line; Tab stays here."""

    moved = Signal(int)
    entered = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        if is_offered(event, (*_ENTER, *_MOVES)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.moved.emit(_MOVES[key])
        elif key in _ENTER:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.moved.emit(1 if forward else -1)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class CommandPalette(Card):
    """Hidden until `open`. `chosen(Command)` for a line that can be done now, after the palette has closed.

    `closed(whether the focus was still here)`.
    """

    chosen = Signal(object)
    closed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(12, 12, 12, 10), gap=8, parent=parent)
        self._room = parent
        self.setObjectName("commandPalette")
        self.setAccessibleName(self.tr("Commands"))
        self._commands: Sequence[Command] = ()
        self.field = PaletteField(self)
        self.field.setObjectName("paletteField")
        self.field.setAccessibleName(self.tr("Commands"))
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setMaxLength(MAX_TYPED)
        self.model = CommandModel(self)
        self.list = QListView(self)
        self.list.setObjectName("paletteList")
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(CommandLine(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._said = PlainLabel(parent=self)
        self._said.setObjectName("paletteSaid")
        self._said.setWordWrap(True)
        theme.role(self._said, "amber-small")
        self.column.addWidget(self.field)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self._said)
        self.column.addLayout(self._foot())
        self.field.textChanged.connect(self._look)
        self.field.moved.connect(self._move)
        self.field.entered.connect(self._take)
        self.field.left.connect(self.shut)
        self.list.clicked.connect(self._clicked)
        self.hide()

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        theme.space(row, gap=6)
        for key, words in (
            ("Enter", self.tr("does it")),
            ("Ctrl K", self.tr("closes this")),
            ("Esc", self.tr("hides everything")),
        ):
            row.addWidget(KeyCap(key, self))
            label = PlainLabel(words, self)
            theme.role(label, "small")
            row.addWidget(label)
            row.addSpacing(theme.px(8))
        row.addStretch(1)
        return row

    def open(self, commands: Sequence[Command]) -> None:
        """Show over the parent with these lines, nothing typed yet."""
        self._commands = commands
        self.field.setText("")  # not `clear`: this drops the field's undo history too
        self._look()
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shut(self) -> None:
        if not self.isHidden():
            here = self.field.hasFocus()  # hiding gives the focus to whatever comes next
            self.hide()
            self.closed.emit(here)

    def place(self) -> None:
        """In the middle near the top of the parent, never larger than it."""
        room = self._room.rect()
        wide = min(theme.px(WIDTH), room.width() - theme.px(32))
        high = self.sizeHint().height() - self.list.sizeHint().height() + theme.px(ROW) * ROWS + theme.px(4)
        top = min(theme.px(TOP), room.height() // 8)
        self.setGeometry((room.width() - wide) // 2, top, wide, min(high, room.height() - top - theme.px(16)))

    def _look(self) -> None:
        fitting = ranked(self.field.text(), self._commands)
        self.model.show(fitting)
        self._go_to(0)

    def _move(self, lines: int) -> None:
        rows = self.model.rowCount()
        if rows:
            at = self.list.currentIndex().row() + lines
            # One line past an end goes round, a page past it stops there.
            self._go_to(at % rows if abs(lines) == 1 else max(0, min(at, rows - 1)))

    def _go_to(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row, 0))
        command = self.model.command(row)
        words = spoken(command) if command is not None else self.tr("Nothing fits. Fewer letters find more.")
        self._said.setText(command.why_not if command is not None else words)
        self._said.setVisible(bool(self._said.text()))
        self.field.setAccessibleDescription(words)
        if self.isVisible():
            announce(self.field, words)

    def _clicked(self, index: QModelIndex) -> None:
        self._go_to(index.row())
        self._take()

    def _take(self) -> None:
        command = self.model.command(self.list.currentIndex().row())
        if command is None or command.why_not:
            announce(self.field, self._said.text())
            return
        self.shut()
        self.chosen.emit(command)
