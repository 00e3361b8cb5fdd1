"""The sheet of all keys, made from the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import KeyButton
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.shortcuts import KeyAction

MOST_COLUMNS, COLUMN_WIDTH = 4, 316  # pixels at scale 1
HEAD_ROWS = 2  # what a heading and its margins take of a column


class ShortcutSheet(QWidget):
    """A page: groups in columns, empty until `fill`. `closed` when the person has seen enough."""

    closed = Signal()

    def __init__(self, actions: Sequence[KeyAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = 0
        self._actions = tuple(actions)
        self._heights: dict[str, int] = {}
        self._cards: dict[str, Card] = {}
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
        page.addLayout(head)
        page.addWidget(self._scrolled(), 1)

    def fill(self) -> None:
        """Before it is first seen, and not sooner: two hundred words and caps would be a good part of unlocking."""
        if self._cards:
            return
        groups: dict[str, list[KeyAction]] = {}
        for action in self._actions:
            groups.setdefault(action.group, []).append(action)
        self._heights = {group: len(members) + HEAD_ROWS for group, members in groups.items()}
        self._cards = {group: self._group(group, members) for group, members in groups.items()}
        self._columns = 0
        self._lay()

    def _scrolled(self) -> QScrollArea:
        """In a small window or at a large scale not all keys fit."""
        inside = QWidget(self)
        self._row = QHBoxLayout(inside)
        theme.space(self._row, (0, 0, 12, 0), 16)
        area = self._area = QScrollArea(self)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(self.tr("All keys, in groups"))
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        return area

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._lay()

    def _lay(self) -> None:
        """As many columns as there is room for, so that nothing is cut off at the side."""
        # Not the area's own width: that is laid out later than this page.
        columns = max(1, min(MOST_COLUMNS, (self.width() - theme.px(2 * 24 + 24)) // theme.px(COLUMN_WIDTH)))
        if columns == self._columns:
            return
        self._columns = columns
        while (item := self._row.takeAt(0)) is not None:
            column = item.layout()
            while column is not None and column.takeAt(0) is not None:
                pass
        for names in spread(self._heights, columns):
            filled = QVBoxLayout()
            theme.space(filled, gap=12)
            for name in names:
                filled.addWidget(self._cards[name])
            filled.addStretch(1)
            self._row.addLayout(filled, 1)

    def _group(self, group: str, members: list[KeyAction]) -> Card:
        card = Card(Surface.OUTLINE, margins=(14, 8, 14, 10), gap=4, parent=self)
        heading = PlainLabel(group, card)
        theme.role(heading, "strong")
        card.column.addWidget(heading)
        grid = QGridLayout()
        theme.space(grid, gap=4)
        for row, action in enumerate(members):
            words = plain_label(action.words, "dim", card)
            grid.addWidget(words, row, 0)
            grid.addWidget(KeyCap(action.shown, card), row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        card.column.addLayout(grid)
        return card


def spread(heights: Mapping[str, int], columns: int) -> list[list[str]]:
    """The names in columns of nearly equal height: the highest first, each into the column that is lowest so far."""
    filled: list[list[str]] = [[] for _ in range(columns)]
    for name in sorted(heights, key=lambda name: -heights[name]):
        min(filled, key=lambda column: sum(heights[other] for other in column)).append(name)
    order = list(heights)
    return [sorted(column, key=order.index) for column in filled if column]
