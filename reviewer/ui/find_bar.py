"""Looking for words in a text that stays veiled: a field, how many lines have them, and from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from reviewer.ui import theme
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.text_desk import TextDesk

TYPING_MS = 250
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = (*_ENTER, Qt.Key.Key_Up, Qt.Key.Key_Down)


class FindField(QLineEdit):
    """Enter and Down go on to the next line found, Shift+Enter and Up go back; neither decides anything."""

    moved = Signal(int)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
            if event.key() in _MOVES and not held:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            back = event.key() == Qt.Key.Key_Up or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.moved.emit(-1 if back else 1)
            return
        super().keyPressEvent(event)


class FindBar(QWidget):
    """Hidden until `begin`. What is typed here is forgotten when it is closed."""

    closed = Signal()

    def __init__(self, desk: TextDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._field = FindField(self)
        self._field.setPlaceholderText(self.tr("Find in this text; nothing is shown"))
        self._field.setAccessibleName(self.tr("Find in this text; nothing is shown"))
        self._field.setMaxLength(200)
        self._count = PlainLabel(parent=self)
        theme.role(self._count, "dim")
        self._previous = KeyButton(self.tr("Previous"), "↑", parent=self)
        self._next = KeyButton(self.tr("Next"), "↓", parent=self)
        self._close = KeyButton(self.tr("Close"), "Ctrl F", parent=self)
        row = QHBoxLayout(self)
        theme.space(row, gap=8)
        row.addWidget(self._field, 1)
        row.addWidget(self._count)
        for button in (self._previous, self._next, self._close):
            row.addWidget(button)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._look)
        self._field.textChanged.connect(lambda _words: self._typing.start())
        self._field.moved.connect(self._move)
        self._previous.clicked.connect(lambda: self._move(-1))
        self._next.clicked.connect(lambda: self._move(1))
        self._close.clicked.connect(self.close_bar)
        desk.changed.connect(self._refresh)
        self._refresh()
        self.hide()

    @property
    def words(self) -> str:
        """What the bar says about what was found."""
        return self._count.text()

    def begin(self) -> None:
        """Open it and type; from inside it, close it."""
        if self._field.hasFocus():
            self.close_bar()
            return
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def close_bar(self) -> None:
        """Forget the words and the marks."""
        self._typing.stop()
        self._field.setText("")  # not `clear`: this drops the field's undo history too
        self._typing.stop()
        self._desk.find("")
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _look(self) -> None:
        self._desk.find(self._field.text())

    def _move(self, step: int) -> None:
        if self._typing.isActive():
            self._typing.stop()
            self._look()
        else:
            self._desk.next_found(step)

    def _refresh(self) -> None:
        found = self._desk.found
        self._previous.setEnabled(found is not None and len(found.lines) > 1)
        self._next.setEnabled(found is not None and len(found.lines) > 1)
        if not self._desk.can_find:
            self._count.setText(self.tr("Reading is closed here, and so is search") if self._desk.outline else "")
        elif found is None:
            self._count.setText("")
        elif not found.lines:
            self._count.setText(self.tr("No line"))
        elif len(found.lines) == 1:
            self._count.setText(self.tr("1 line"))
        else:
            self._count.setText(self.tr("{count} lines, at {at}").format(count=len(found.lines), at=found.at + 1))
