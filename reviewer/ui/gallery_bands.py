"""Where the cells of a gallery lie: sections one below the other, each a heading and rows of cells. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class GalleryBands:
    """`counts` are the cells of each section; `columns` at least 1; heights and places in pixels from the top.

    Rows are numbered through all sections, as the model numbers them.
    """

    def __init__(self, counts: Sequence[int], columns: int, *, line: int, head: int) -> None:
        self.columns = max(1, columns)
        self.line = max(1, line)
        self._head = head
        self._counts = tuple(counts)
        self._first = list(accumulate(self._counts, initial=0))
        heights = (head + -(-count // self.columns) * self.line for count in self._counts)
        self._tops = list(accumulate(heights, initial=0))

    @property
    def height(self) -> int:
        return self._tops[-1]

    @property
    def rows(self) -> int:
        return self._first[-1]

    def heads_between(self, top: int, bottom: int) -> list[tuple[int, int]]:
        """Number and top of each section whose heading is at least partly within."""
        return [
            (number, self._tops[number])
            for number in range(len(self._counts))
            if self._tops[number] < bottom and self._tops[number] + self._head > top
        ]

    def place(self, row: int) -> tuple[int, int]:
        """Column and top of a cell."""
        section = self._section(row)
        line, column = divmod(row - self._first[section], self.columns)
        return column, self._tops[section] + self._head + line * self.line

    def heading_of(self, row: int) -> int:
        """Top of the heading its section has."""
        return self._tops[self._section(row)]

    def row_at(self, column: int, y: int) -> int | None:
        """The cell there; None for a heading, the end of a line and what lies beyond."""
        section = bisect_right(self._tops, y) - 1
        inside = y - self._tops[section] - self._head if 0 <= section < len(self._counts) else -1
        if inside < 0 or not 0 <= column < self.columns:
            return None
        at = inside // self.line * self.columns + column
        return self._first[section] + at if at < self._counts[section] else None

    def rows_between(self, top: int, bottom: int) -> tuple[int, int]:
        """First and last row of which anything lies within; the last below the first when there is none."""
        first = last = -1
        for section, count in enumerate(self._counts):
            begins = self._tops[section] + self._head
            lines = -(-count // self.columns)
            above = max(0, (top - begins) // self.line)
            below = min(lines - 1, (bottom - 1 - begins) // self.line)
            if bottom <= begins or above > below:
                continue
            if first < 0:
                first = self._first[section] + above * self.columns
            last = self._first[section] + min(count, (below + 1) * self.columns) - 1
        return (first, last) if first >= 0 else (0, -1)

    def lines_away(self, row: int, lines: int) -> int:
        """The cell so many lines below (above when negative) in the same column, or the nearest to it there is."""
        for _ in range(abs(lines)):
            row = self._below(row) if lines > 0 else self._above(row)
        return row

    def _below(self, row: int) -> int:
        section = self._section(row)
        inside = row - self._first[section]
        last_line = (self._counts[section] - 1) // self.columns
        if inside // self.columns < last_line:
            return min(row + self.columns, self._first[section + 1] - 1)
        following = self._with_cells(section + 1, 1)
        if following is None:
            return row
        return self._first[following] + min(inside % self.columns, self._counts[following] - 1)

    def _above(self, row: int) -> int:
        section = self._section(row)
        inside = row - self._first[section]
        if inside >= self.columns:
            return row - self.columns
        before = self._with_cells(section - 1, -1)
        if before is None:
            return row
        last_line = (self._counts[before] - 1) // self.columns * self.columns
        return self._first[before] + min(last_line + inside % self.columns, self._counts[before] - 1)

    def _with_cells(self, section: int, step: int) -> int | None:
        while 0 <= section < len(self._counts):
            if self._counts[section]:
                return section
            section += step
        return None

    def _section(self, row: int) -> int:
        return max(0, min(bisect_right(self._first, row) - 1, len(self._counts) - 1))
