"""Short lists in a card, rebuilt as a whole: lines of words, or lines of a name and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.plain_label import PlainLabel, plain_label

MOST = 40


class ListCard(Card):
    """`explain` stands under the title; at most MOST lines are shown and the rest is counted."""

    def __init__(self, title: str, explain: str = "", parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=6, parent=parent)
        self.setAccessibleName(title)
        heading = PlainLabel(title, self)
        theme.role(heading, "strong")
        self.column.addWidget(heading)
        if explain:
            self.column.addWidget(plain_label(explain, "small", self))
        self._body: QWidget | None = None
        self._words: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All lines as shown."""
        return self._words

    def show_lines(self, lines: Sequence[str], none: str) -> None:
        self.show_table([(line,) for line in lines], none)

    def show_table(self, lines: Sequence[tuple[str, ...]], none: str, heads: tuple[str, ...] = ()) -> None:
        """`none` is said where there is no line. The first column takes what room there is."""
        body = QWidget(self)
        column = QVBoxLayout(body)
        theme.space(column, gap=4)
        shown = list(lines[:MOST])
        if shown:
            column.addLayout(self._grid(shown, heads, body))
            if len(lines) > MOST:
                more = self.tr("and {n} before that; all of them go into the file").format(n=f"{len(lines) - MOST:,}")
                column.addWidget(plain_label(more, "small", body))
        else:
            column.addWidget(plain_label(none, "dim", body))
        self._words = tuple(" · ".join(part for part in line if part) for line in shown) or (none,)
        body.setAccessibleDescription("\n".join(self._words))
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        self.column.addWidget(body)

    def _grid(self, lines: list[tuple[str, ...]], heads: tuple[str, ...], parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        theme.space(grid, gap=4)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(0, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, words in enumerate(heads):
            label = PlainLabel(words, parent)
            theme.role(label, "caption")
            grid.addWidget(label, 0, at, top | (Qt.AlignmentFlag.AlignRight if at else Qt.AlignmentFlag.AlignLeft))
        for row, line in enumerate(lines, start=1):
            for at, words in enumerate(line):
                label = plain_label(words, "" if at == 0 else "dim", parent)
                if at and heads:
                    label.setWordWrap(False)
                    grid.addWidget(label, row, at, top | Qt.AlignmentFlag.AlignRight)
                else:
                    grid.addWidget(label, row, at, top)
        if not heads and len(lines[0]) > 1:
            grid.setColumnStretch(1, 1)
        return grid
