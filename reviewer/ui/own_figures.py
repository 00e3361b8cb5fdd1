"""One's own graphic viewing as a table: lines by level, kind and so on; columns today, this shift, 7 and 28 days."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.own_words import Row
from reviewer.ui.plain_label import PlainLabel, plain_label


class OwnFigures(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        theme.space(self._column)
        self._table: QWidget | None = None

    @property
    def heads(self) -> tuple[str, ...]:
        return self.tr("Today"), self.tr("This shift"), self.tr("7 days"), self.tr("28 days")

    def show_rows(self, rows: Sequence[Row]) -> None:
        heads = self.heads
        said = [
            f"{row.words}: " + ", ".join(f"{head.lower()} {cell}" for head, cell in zip(heads, row.cells, strict=True))
            if row.cells
            else row.words
            for row in rows
        ]
        self.setAccessibleName(self.tr("Your graphic viewing on this workstation"))
        self.setAccessibleDescription("\n".join(said))
        if self._table is not None:
            self._table.hide()
            self._table.deleteLater()
        self._table = self._made(rows)
        self._column.addWidget(self._table)

    def _made(self, rows: Sequence[Row]) -> QWidget:
        table = QWidget(self)
        grid = QGridLayout(table)
        theme.space(grid, gap=4)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(0, 1)
        for at, words in enumerate(self.heads, start=1):
            self._put(grid, 0, at, words, "caption")
        for line, row in enumerate(rows, start=1):
            if not row.cells:
                heading = PlainLabel(row.words, table)
                theme.role(heading, "caption")
                heading.setContentsMargins(0, theme.px(8), 0, 0)
                grid.addWidget(heading, line, 0, 1, len(self.heads) + 1)
                continue
            grid.addWidget(plain_label(row.words, "strong" if row.strong else "", table), line, 0)
            for at, words in enumerate(row.cells, start=1):
                self._put(grid, line, at, words, "strong" if row.strong else "dim")
        return table

    def _put(self, grid: QGridLayout, line: int, at: int, words: str, role: str) -> None:
        label = PlainLabel(words, self)
        theme.role(label, role)
        grid.addWidget(label, line, at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
