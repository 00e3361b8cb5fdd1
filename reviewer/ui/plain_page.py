"""A quiet page: a heading, a few words, and a row of keys. Used where there is nothing else to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.wrapped_label import WrappedLabel


class PlainPage(QWidget):
    """`width` is where words wrap. `add_key` gives the page a button and, while it has the focus, the key."""

    def __init__(self, name: str, heading: str, words: str, parent: QWidget | None = None, *, width: int = 520) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(heading)
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._keys: dict[int, Callable[[], None]] = {}
        self._wide = width
        column = QVBoxLayout(self)
        theme.space(column, (24, 24, 24, 24), 12)
        self._heading = PlainLabel(heading, self)
        self._heading.setWordWrap(True)
        self._heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        theme.role(self._heading, "head")
        self._words = WrappedLabel(width, self)
        self._words.setText(words)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        theme.role(self._words, "dim")
        self._row = QHBoxLayout()
        theme.space(self._row, (0, 8, 0, 0), 12)
        self._row.addStretch(1)
        self._row.addStretch(1)
        column.addStretch(2)
        column.addWidget(self._heading)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._row)
        column.addStretch(3)
        self._column = column

    def add_below(self, part: QWidget) -> None:
        """Under the keys, no wider than the words."""
        theme.size(part, width=self._wide)
        row = QHBoxLayout()  # not by alignment: the height would not follow the words in it
        row.addStretch(1)
        row.addWidget(part)
        row.addStretch(1)
        self._column.insertLayout(self._column.count() - 1, row)

    def say(self, heading: str, words: str) -> None:
        self._heading.setText(heading)
        self._words.setText(words)
        self.setAccessibleName(heading)

    @property
    def words(self) -> str:
        return f"{self._heading.text()} {self._words.text()}"

    def add_key(self, button: KeyButton, keys: tuple[Qt.Key, ...], do: Callable[[], None]) -> None:
        self._row.insertWidget(self._row.count() - 1, button)
        button.clicked.connect(lambda: do())
        for key in keys:
            self._keys[key.value] = do

    def keyPressEvent(self, event: QKeyEvent) -> None:
        do = self._keys.get(event.key())
        if do is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        else:
            do()
