"""Where each line of a text lies: heights estimated from lengths, so that thousands of lines need no words. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from reviewer.media.outlines import LineOutline


@dataclass(frozen=True, slots=True)
class Measures:
    """Pixels. `text_width` is the most a line may take; `padding` lies above and below its rows, `gap` below it.

    `gutter` at the left holds times or numbers.
    """

    gutter: float
    char_width: float
    row_height: float
    text_width: float
    padding: float
    gap: float

    @property
    def row_chars(self) -> int:
        """How many characters a full row holds, about."""
        return max(1, int(self.text_width / self.char_width))


class LineLayout:
    """Tops and heights of lines; `grow` makes room for a line whose words take more rows than was estimated."""

    def __init__(self, lines: Sequence[LineOutline], measures: Measures) -> None:
        self.measures = measures
        self._lengths = [line.length for line in lines]
        chars, row, pad = measures.row_chars, measures.row_height, 2 * measures.padding
        self._heights = [max(1, -(-length // chars)) * row + pad for length in self._lengths]
        self._grown: dict[int, float] = {}
        self._tops: list[float] = []
        self._place()

    def _place(self) -> None:
        gap = self.measures.gap
        self._tops = list(accumulate((height + gap for height in self._heights), initial=0.0))

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> float:
        return self._tops[-1]

    def top(self, line: int) -> float:
        return self._tops[line]

    def height(self, line: int) -> float:
        return self._heights[line]

    def line_at(self, y: float) -> int:
        """The line at `y` or nearest to it; 0 where there are none."""
        return min(max(bisect_right(self._tops, y) - 1, 0), max(len(self) - 1, 0))

    def between(self, top: float, bottom: float) -> range:
        """Lines of which at least a pixel lies between the two."""
        if not len(self) or bottom <= 0 or top >= self.total:
            return range(0)
        return range(self.line_at(top), self.line_at(bottom - 1) + 1)

    def row_widths(self, line: int) -> list[float]:
        """The widths of a line's veiled rows: full ones, then what is left."""
        chars, width = self.measures.row_chars, self.measures.char_width
        full, rest = divmod(self._lengths[line], chars)
        return [chars * width] * full + ([rest * width] if rest else [])

    def grow(self, rows: dict[int, float]) -> None:
        """Room for the words of these lines (their height in pixels); it is given back by `shrink`."""
        pad = 2 * self.measures.padding
        taller = {line: height + pad for line, height in rows.items() if height + pad > self._heights[line] + 0.5}
        for line, height in taller.items():
            self._grown.setdefault(line, self._heights[line])
            self._heights[line] = height
        if taller:
            self._place()

    def shrink(self, kept: Sequence[int] | range = ()) -> None:
        """Back to the estimate, but for `kept`."""
        back = [line for line in self._grown if line not in kept]
        for line in back:
            self._heights[line] = self._grown.pop(line)
        if back:
            self._place()
