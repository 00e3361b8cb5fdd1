"""The letters of a case and their versions, the newest letter first: to open one, or to put it in a package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from reviewer.model.handoff import Letter
from reviewer.ui import theme
from reviewer.ui.handoff_words import audience_words, letter_words
from reviewer.ui.quiet_lines import make_quiet
from reviewer.ui.wording import time_words

_LETTER = int(Qt.ItemDataRole.UserRole)
HEIGHT = 104


class LetterVersions(QListWidget):
    """`opened(Letter)` by Enter or a double click."""

    opened = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("letterVersions")
        self.setAccessibleName(self.tr("Versions of letters; Enter opens one"))
        theme.size(self, height=HEIGHT)
        make_quiet(self)
        self.hide()
        self.itemDoubleClicked.connect(lambda line: self.opened.emit(line.data(_LETTER)))

    @property
    def chosen(self) -> Letter | None:
        line = self.currentItem()
        found = line.data(_LETTER) if line is not None else None
        return found if isinstance(found, Letter) else None

    def show_letters(self, letters: Sequence[Letter]) -> None:
        chosen = self.chosen
        self.clear()
        now = datetime.now(UTC)
        for letter in reversed(letters):
            words = self.tr("{subject}\nVersion {n} · {kind}, {audience} · {who}, {when}").format(
                n=letter.number,
                kind=letter_words(letter.kind),
                audience=audience_words(letter.audience),
                who=letter.by,
                when=time_words(letter.at, now),
                subject=letter.subject,
            )
            line = QListWidgetItem(words)
            line.setData(_LETTER, letter)
            self.addItem(line)
            if chosen is not None and letter.id == chosen.id:
                self.setCurrentItem(line)
        self.setVisible(self.count() > 0)
        if self.currentItem() is None and self.count():
            self.setCurrentRow(0)

    def choose(self, letter: Letter) -> None:
        for row in range(self.count()):
            if self.item(row).data(_LETTER).id == letter.id:
                self.setCurrentRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.chosen is not None:
                self.opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)
