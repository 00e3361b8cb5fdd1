"""One's own data as a file: where to, that it can be read by whoever gets it, and what came of writing it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label

WRITE_KEY, WRITE_SHOWN = "Ctrl+S", "Ctrl S"
MOST_PATH = 4096


class OwnFile(Card):
    """`asked(path)` when it is to be written; the answer is told to `written` or `broke`."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        title = PlainLabel(self.tr("As a file, if you want one"), self)
        theme.role(title, "strong")
        self.column.addWidget(title)
        words = self.tr(
            "JSON with the figures, counts and choices of this page. It is not encrypted: whoever gets the file can "
            "read it. No item, no case and nothing that was typed is in it, nor what you would rather not get."
        )
        self.column.addWidget(plain_label(words, "small", self))
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("Where to, and the name of the file"))
        self.path.setMaxLength(MOST_PATH)
        self.path.setText(str(Path.home() / f"my-data-{datetime.now().astimezone().date().isoformat()}.json"))
        self.path.returnPressed.connect(self.ask)
        self._button = KeyButton(self.tr("Write the file"), WRITE_SHOWN, parent=self)
        self._button.setObjectName("writeOwnFile")
        self._button.clicked.connect(self.ask)
        row = QHBoxLayout()
        theme.space(row, gap=12)
        row.addWidget(self.path, 1)
        row.addWidget(self._button)
        self.column.addLayout(row)
        self.said = plain_label("", "dim", self)
        self.said.hide()
        self.column.addWidget(self.said)
        self._writing = False

    def ask(self) -> None:
        if not self._writing:
            self._writing = True
            self._say(self.tr("Writing."), "dim")
            self.asked.emit(self.path.text())

    def written(self) -> None:
        self._writing = False
        self._say(self.tr("The file is written. Only this account can read it where it is."), "accent-small")

    def broke(self, error: ReviewerError) -> None:
        self._writing = False
        self._say(f"{error.what_happened} {error.what_was_kept} {error.what_to_do}", "amber-small")

    def _say(self, words: str, role: str) -> None:
        theme.role(self.said, role)
        self.said.setText(words)
        self.said.show()
        announce(self, words)
