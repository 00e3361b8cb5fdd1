"""Where the names, cells, bars and figures of the heat map lie: the same for its head and for its rows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics

from reviewer.ui import theme
from reviewer.ui.exposure_table import ExposureTable

ROW_MOST, ROW_LEAST, GAP = 46, 26, 4
BAR, FIGURE, STEP_MOST, NAME_MOST = 64, 74, 46, 200
MEASURED = 12  # to measure the names of 200 people takes longer than to paint them
NARROW = 12  # steps under this have a gap of one pixel


@dataclass(frozen=True, slots=True)
class HeatPlan:
    """Pixels. `step` is 0 for a single day: then there are no cells, and the bar has their room."""

    name: float
    step: float
    gap: float
    bar: float
    bar_width: float
    figure: float
    row: float

    def cell(self, row: int, at: int) -> QRectF:
        width = max(self.step - self.gap, 1.0)
        return QRectF(self.name + at * self.step, row * self.row, width, self.row - theme.px(GAP))

    def column_at(self, x: float) -> int:
        return int((x - self.name) // self.step) if self.step and x >= self.name else -1


def heat_plan(table: ExposureTable, width: int, height: int) -> HeatPlan:
    metrics = QFontMetrics(theme.font())
    longest = sorted((row.member for row in table.rows), key=len)[-MEASURED:]
    widest = max(map(metrics.horizontalAdvance, longest), default=0)
    name = min(widest, theme.px(NAME_MOST)) + theme.px(16)
    tail = theme.px(BAR) + theme.px(FIGURE) + theme.px(10)
    row = float(min(max(height // max(len(table.rows), 1), theme.px(ROW_LEAST)), theme.px(ROW_MOST)))
    if len(table.columns) < 2:
        bar_width = max(width - name - theme.px(2 * FIGURE) - theme.px(10), theme.px(BAR))
        return HeatPlan(name, 0.0, 0.0, name, bar_width, name + bar_width + theme.px(10), row)
    # Whole pixels, so that one drawing of a cell serves for all of its kind.
    step = float(max(min((width - name - tail - theme.px(12)) // len(table.columns), theme.px(STEP_MOST)), 2))
    gap = theme.px(GAP) if step >= theme.px(NARROW) else theme.px(1)
    bar = name + step * len(table.columns) + theme.px(12)
    return HeatPlan(name, step, gap, bar, theme.px(BAR), bar + theme.px(BAR + 10), row)
