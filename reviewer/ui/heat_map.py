"""People by days or weeks: graphic viewing in quarter hours, against the limit. Painted, and said in words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from reviewer.ui import theme
from reviewer.ui.exposure_table import ExposureRow, ExposureTable
from reviewer.ui.exposure_words import cell_words, row_words, table_words, today_words
from reviewer.ui.heat_plan import GAP, NAME_MOST, ROW_LEAST, ROW_MOST, HeatPlan, heat_plan
from reviewer.ui.heat_shades import CellBrush
from reviewer.ui.item_words import hours_words
from reviewer.ui.plain_label import plain_tip

EMPTY = ExposureTable((), (), 0)
PAGE = 10
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class HeatMap(QWidget):
    """Up and Down read one person after another, Left and Right their days; Enter or a click on a name asks for relief.

    Only the rows that are to be seen are painted. `planned` tells where its columns lie whenever that changes.
    """

    reliefAsked = Signal(str)
    rowChosen = Signal(int)
    planned = Signal()

    def __init__(self, parent: QWidget | None = None, *, relief: bool = True) -> None:
        """Without `relief` a name is only a name: people see their own row so."""
        super().__init__(parent)
        self._relief = relief
        self._table = EMPTY
        self._plan: HeatPlan | None = None
        self._brush: CellBrush | None = None
        self._row: int | None = None
        self._column: int | None = None
        self.rows_painted = self.paintings = 0  # of the last painting, and how many there were: for measuring
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Graphic viewing a day, by person"))

    def show_table(self, table: ExposureTable) -> None:
        self._table = table
        self._row = self._column = None
        self.setAccessibleDescription(table_words(table))
        self.setMinimumHeight(len(table.rows) * theme.px(ROW_LEAST))
        self.updateGeometry()
        self._replan()

    def text_alternative(self) -> str:
        """A sentence per person; all that the picture says."""
        return "\n".join(row_words(self._table, row) for row in self._table.rows)

    @property
    def chosen(self) -> ExposureRow | None:
        return None if self._row is None else self._table.rows[self._row]

    @property
    def table(self) -> ExposureTable:
        """What is shown: perhaps fewer people than there are."""
        return self._table

    # geometry

    @property
    def plan(self) -> HeatPlan:
        if self._plan is None:
            self._plan = heat_plan(self._table, self.width(), self.height())
        return self._plan

    def _replan(self) -> None:
        self._plan = self._brush = None
        self.planned.emit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._replan()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.setMinimumHeight(len(self._table.rows) * theme.px(ROW_LEAST))
            self._replan()

    def cell_rect(self, row: int, at: int) -> QRectF:
        return self.plan.cell(row, at)

    def row_rect(self, row: int) -> QRectF:
        plan = self.plan
        return QRectF(0, row * plan.row, self.width(), plan.row - theme.px(GAP))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(720), len(self._table.rows) * theme.px(ROW_MOST))

    def _row_at(self, y: float) -> int | None:
        at = int(y // self.plan.row)
        return at if 0 <= at < len(self._table.rows) else None

    # input

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, at: QPoint) -> str:
        """What the cell under `at` says; beside the cells what there is to say of the person."""
        row = self._row_at(at.y())
        if row is None:
            return ""
        column, person = self.plan.column_at(at.x()), self._table.rows[row]
        if 0 <= column < len(self._table.columns):
            return cell_words(self._table, person, column)
        words = today_words(self._table, person)
        return self.tr("{words}. Click for relief.").format(words=words) if self._on_name(at.x()) else words

    def _on_name(self, x: float) -> bool:
        return self._relief and x < self.plan.name - theme.px(8)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        on_name = self._on_name(at.x()) and self._row_at(at.y()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if on_name else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row is not None:
            self._choose(row, None)
            if self._on_name(event.position().x()):
                self.reliefAsked.emit(self._table.rows[row].member_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows, key = len(self._table.rows), Qt.Key(event.key())
        if not rows:
            super().keyPressEvent(event)
        elif self._relief and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen is not None:
            self.reliefAsked.emit(self.chosen.member_id)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._row is not None:
            last = len(self._table.columns) - 1
            step = 1 if key is Qt.Key.Key_Right else -1
            self._choose(self._row, last if self._column is None else min(max(self._column + step, 0), last))
        elif key in (steps := self._steps(rows)):
            at = -1 if self._row is None else self._row
            self._choose(min(max(at + steps[key], 0), rows - 1), None)
        else:
            super().keyPressEvent(event)

    def _steps(self, rows: int) -> dict[Qt.Key, int]:
        page = {Qt.Key.Key_PageUp: -PAGE, Qt.Key.Key_PageDown: PAGE, Qt.Key.Key_Home: -rows, Qt.Key.Key_End: rows}
        return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, **page}

    def _choose(self, row: int, column: int | None) -> None:
        self._row, self._column = row, column
        person = self._table.rows[row]
        said = row_words(self._table, person) if column is None else cell_words(self._table, person, column)
        self.setAccessibleDescription(said)
        self.rowChosen.emit(row)
        self.update()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        rows, height = self._table.rows, self.plan.row
        first = int(event.rect().top() // height)
        end = min(int(event.rect().bottom() // height) + 1, len(rows))
        brush = self._brush
        if brush is None:
            brush = self._brush = CellBrush(self._table, self.devicePixelRatioF())
        self.rows_painted, self.paintings = max(end - first, 0), self.paintings + 1
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index in range(first, end):
                self._paint_row(painter, brush, index, rows[index])

    def _paint_row(self, painter: QPainter, brush: CellBrush, index: int, row: ExposureRow) -> None:
        plan, line = self.plan, self.row_rect(index)
        painter.setFont(theme.font())
        painter.setPen(theme.colour("text"))
        room = min(plan.name - theme.px(16), theme.px(NAME_MOST)) + theme.px(8)
        name = QFontMetrics(painter.font()).elidedText(row.member, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(theme.px(4), line.top(), room, line.height()), _LEFT, name)
        if plan.step:
            size = plan.cell(index, 0).size()
            for at, quarters in enumerate(row.quarters):
                place = QPointF(plan.name + at * plan.step, line.top())
                painter.drawPixmap(place, brush.cell(size, quarters, at in row.incomplete))
        self._paint_today(painter, line, row)
        if self.hasFocus() and index == self._row:
            self._paint_focus(painter, index, line)

    def _paint_focus(self, painter: QPainter, index: int, line: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        wide = theme.px(2)
        painter.setPen(QPen(theme.colour("accent"), wide))
        inset = wide / 2
        painter.drawRoundedRect(line.adjusted(inset, inset, -inset, -inset), theme.px(4), theme.px(4))
        if self._column is not None and self.plan.step:
            painter.setPen(QPen(theme.colour("text"), wide))
            painter.drawRoundedRect(self.plan.cell(index, self._column), theme.px(3), theme.px(3))

    def _paint_today(self, painter: QPainter, line: QRectF, row: ExposureRow) -> None:
        table, plan, thick = self._table, self.plan, theme.px(6)
        near = table.near(row.today)
        bar = QRectF(plan.bar, line.center().y() - thick / 2, plan.bar_width, thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(bar, thick / 2, thick / 2)
        share = min(row.today / table.limit, 1.0) if table.limit else 0.0
        if share:
            painter.setBrush(theme.colour("amber" if near else "accent"))
            painter.drawRoundedRect(bar.adjusted(0, 0, -bar.width() * (1 - share), 0), thick / 2, thick / 2)
        painter.setFont(theme.font())
        painter.setPen(theme.colour("amber" if near else "text"))
        words = hours_words(row.today)
        if not plan.step:
            words = self.tr("{today} of {limit}").format(today=words, limit=hours_words(table.limit))
            if 0 in row.incomplete:
                words += " ○"
        beside = QRectF(plan.figure, line.top(), self.width() - plan.figure, line.height())
        painter.drawText(beside, _LEFT, words)
