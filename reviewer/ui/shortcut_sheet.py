"""The sheet of all keys, made from the register."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import KeyButton
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.shortcuts import KeyAction


class ShortcutSheet(QWidget):
    """A page: groups in columns. `closed` when the person has seen enough."""

    closed = Signal()

    def __init__(self, actions: Sequence[KeyAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutSheet")
        self.setAccessibleName(self.tr("All keys"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        page = QVBoxLayout(self)
        theme.space(page, (24, 24, 24, 24), 16)
        head = QHBoxLayout()
        theme.space(head, gap=12)
        title = PlainLabel(self.tr("Keys"), self)
        theme.role(title, "head")
        close = KeyButton(self.tr("Back"), "?", parent=self)
        close.setObjectName("closeSheet")
        close.clicked.connect(self.closed)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(close)
        page.addStretch(1)
        inner = QVBoxLayout()
        theme.space(inner, gap=16)
        inner.addLayout(head)
        inner.addLayout(self._columns(actions))
        middle = QHBoxLayout()
        theme.space(middle)
        middle.addStretch(1)
        middle.addLayout(inner)
        middle.addStretch(1)
        page.addLayout(middle)
        page.addStretch(2)

    def _columns(self, actions: Sequence[KeyAction]) -> QHBoxLayout:
        groups: dict[str, list[KeyAction]] = {}
        for action in actions:
            groups.setdefault(action.group, []).append(action)
        columns = QHBoxLayout()
        theme.space(columns, gap=16)
        for group, members in groups.items():
            card = Card(Surface.OUTLINE, margins=(16, 12, 16, 16), gap=8, parent=self)
            heading = PlainLabel(group, card)
            theme.role(heading, "strong")
            card.column.addWidget(heading)
            grid = QGridLayout()
            theme.space(grid, gap=8)
            for row, action in enumerate(members):
                words = PlainLabel(action.words, card)
                theme.role(words, "dim")
                grid.addWidget(words, row, 0)
                grid.addWidget(KeyCap(action.shown, card), row, 1, Qt.AlignmentFlag.AlignRight)
            grid.setColumnStretch(0, 1)
            card.column.addLayout(grid)
            card.column.addStretch(1)
            columns.addWidget(card)
        return columns
