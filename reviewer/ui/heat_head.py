"""The head of the heat map, which stays while its rows scroll, and the legend that says what its colours mean."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.exposure_table import NEAR_SHARE, Column, ExposureTable
from reviewer.ui.exposure_words import day_words
from reviewer.ui.heat_plan import HeatPlan
from reviewer.ui.heat_shades import CellBrush, paint_incomplete
from reviewer.ui.item_words import hours_words

HEIGHT = 20
SWATCH = 14


class HeatHead(QWidget):
    """Names of days, or of months where a column is a week. Nothing here takes the focus: the map says its days."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._plan: HeatPlan | None = None
        theme.size(self, height=HEIGHT)

    def show_plan(self, table: ExposureTable, plan: HeatPlan) -> None:
        self._columns, self._plan = table.columns if table.rows else (), plan
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        plan = self._plan
        if plan is None or not self._columns:
            return
        with QPainter(self) as painter:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("dim"))
            if plan.step:
                self._paint_columns(painter, plan)
            right = QRectF(plan.bar, 0, self.width() - plan.bar, self.height())
            painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.tr("today"))

    def _paint_columns(self, painter: QPainter, plan: HeatPlan) -> None:
        metrics = QFontMetrics(painter.font())
        free = 0.0
        for at, column in enumerate(self._columns):
            words = self._words(at, column, plan.step, metrics)
            if not words:
                continue
            width = metrics.horizontalAdvance(words)
            cell = plan.cell(0, at)
            left = cell.left() if column.days > 1 or self._columns[-2].days > 1 else cell.center().x() - width / 2
            if left < free or left + width > plan.bar:
                continue
            painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            free = left + width + theme.px(2)

    def _words(self, at: int, column: Column, step: float, metrics: QFontMetrics) -> str:
        if self._columns[0].days > 1:
            new = at == 0 or column.last.month != self._columns[at - 1].last.month
            begun = at == 0 and column.last.month != self._columns[2].last.month  # no room before the next month
            return day_words(column.last, "MMM") if new and not begun else ""
        names = [QLocale().standaloneDayName(day, QLocale.FormatType.ShortFormat) for day in range(1, 8)]
        if step < max(map(metrics.horizontalAdvance, names)) + theme.px(6):
            return QLocale().standaloneDayName(column.first.isoweekday(), QLocale.FormatType.NarrowFormat)
        return names[column.first.isoweekday() - 1]


class HeatLegend(QWidget):
    """A line of swatches with words; read as one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = ExposureTable((), (), 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_table(self, table: ExposureTable) -> None:
        self._table = table
        self.setAccessibleName(self.tr("Legend: {words}").format(words=", ".join(words for _, words in self._lines())))
        self.updateGeometry()
        self.update()

    def _lines(self) -> list[tuple[int | None, str]]:
        """(quarter hours whose shade is shown, or None for the mark of what may be missing, words)"""
        limit = self._table.limit
        if not limit:
            return []
        near = self.tr("near the limit, from {hours}").format(hours=hours_words(-int(-limit * NEAR_SHARE // 1)))
        steps: list[tuple[int | None, str]] = [(0, self.tr("none"))]
        for quarter in range(3):
            upper = hours_words(limit * (quarter + 1) // 4)
            steps.append((limit * quarter // 4 or 1, self.tr("under {hours}").format(hours=upper)))
        over = hours_words(limit * 3 // 4)
        steps += [(limit * 3 // 4, self.tr("from {hours}").format(hours=over)), (limit, near)]
        if self._table.incomplete:
            steps.append((None, self.tr("may lack something")))
        return steps

    def _places(self) -> tuple[list[tuple[float, float, int | None, str]], float]:
        """(left, top, shade, words) of each, and the height: they go on in another line where the first is full."""
        metrics = QFontMetrics(theme.font("small"))
        left, top, places = 0.0, 0.0, []
        for shade, words in self._lines():
            width = theme.px(SWATCH + 6 + 14) + metrics.horizontalAdvance(words)
            if left and left + width - theme.px(14) > self.width():
                left, top = 0.0, top + theme.px(HEIGHT)
            places.append((left, top, shade, words))
            left += width
        return places, top + theme.px(HEIGHT)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(self._places()[1]) if width == self.width() else theme.px(2 * HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), int(self._places()[1]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush, size = CellBrush(self._table), theme.px(SWATCH)
            for left, top, shade, words in self._places()[0]:
                box = QRectF(left + 1, top + theme.px(HEIGHT - SWATCH) / 2, size, size)
                if shade is None:
                    brush.paint(painter, box, 0)
                    paint_incomplete(painter, box, theme.colour("text"))
                else:
                    brush.paint(painter, box, shade)
                painter.setFont(theme.font("small"))
                painter.setPen(theme.colour("dim"))
                beside = QRectF(box.right() + theme.px(6), top, self.width(), theme.px(HEIGHT))
                painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
