"""What a person meets when something failed: what happened, what was kept, what to do. Three sentences, no more."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel


class Notice(Card):
    """Hidden until `tell` or `tell_error`; stays until closed or replaced, so that nobody has to read in haste."""

    told = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, key: str = "", closable: bool = True) -> None:
        super().__init__(Surface.AMBER, margins=(16, 12, 12, 12), gap=0, parent=parent)
        self.setObjectName("notice")
        self._happened = PlainLabel(parent=self)
        self._rest = PlainLabel(parent=self)
        self._code = PlainLabel(parent=self)
        theme.role(self._happened, "amber-strong")
        theme.role(self._code, "small")
        for label in (self._happened, self._rest):
            label.setWordWrap(True)
        words = QVBoxLayout()
        theme.space(words, gap=4)
        words.addWidget(self._happened)
        words.addWidget(self._rest)
        row = QHBoxLayout()
        theme.space(row, gap=12)
        row.addLayout(words, 1)
        row.addWidget(self._code, 0, Qt.AlignmentFlag.AlignVCenter)
        if closable:
            close = KeyButton(self.tr("Understood"), key, parent=self)
            close.setObjectName("closeNotice")
            close.clicked.connect(self.dismiss)
            row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.column.addLayout(row)
        self.hide()

    def tell(self, happened: str, kept: str, to_do: str, code: str = "", *, calm: bool = False) -> None:
        """Three sentences in plain text, and the stable code where there is one. `calm` is for good news."""
        self.set_surface(Surface.WASH if calm else Surface.AMBER)
        theme.role(self._happened, "accent-strong" if calm else "amber-strong")
        self._happened.setText(happened)
        self._rest.setText(f"{kept} {to_do}".strip())
        self._code.setText(code)
        self._code.setVisible(bool(code))
        self.setAccessibleName(f"{happened} {kept} {to_do}")
        self.show()
        announce(self, f"{happened} {kept} {to_do}", at_once=not calm)
        self.told.emit()

    def tell_error(self, error: ReviewerError) -> None:
        self.tell(error.what_happened, error.what_was_kept, error.what_to_do, error.code)

    @property
    def words(self) -> str:
        """All that is said, for tests and screen readers."""
        return f"{self._happened.text()} {self._rest.text()}"

    def in_room(self, parent: QWidget) -> QWidget:
        """Put into a widget with room around it that is there only while the notice is."""
        room = QWidget(parent)
        column = QVBoxLayout(room)
        theme.space(column, (16, 12, 16, 0))
        column.addWidget(self)
        room.hide()
        self.told.connect(room.show)
        self.closed.connect(room.hide)
        return room

    def dismiss(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()
