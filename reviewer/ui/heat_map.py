"""People by days: how much graphic viewing, in quarter hours, against the limit. Said in words as well as painted."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from reviewer.ui import theme
from reviewer.ui.exposure_table import ExposureRow, ExposureTable
from reviewer.ui.item_words import hours_words
from reviewer.ui.plain_label import plain_tip

HEAD, ROW_MOST, ROW_LEAST, GAP = 26, 46, 26, 4
BAR, FIGURE = 64, 70
WORDS_FROM = 26  # cells narrower than this carry no figure
SHADES = (0.22, 0.45, 0.75, 1.0)
EMPTY = ExposureTable((), (), 0)


class HeatMap(QWidget):
    """Up and Down read one person after another; the tooltip of a cell says its day and figure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = EMPTY
        self._row: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Graphic viewing a day, by person"))

    def show_table(self, table: ExposureTable) -> None:
        self._table = table
        self._row = None
        self.setAccessibleDescription(self.text_alternative())
        self.setMinimumHeight(theme.px(HEAD) + len(table.rows) * theme.px(ROW_LEAST))
        self.updateGeometry()
        self.update()

    # words

    def text_alternative(self) -> str:
        """A sentence per person; all that the picture says."""
        return "\n".join(self.row_words(row) for row in self._table.rows)

    def row_words(self, row: ExposureRow) -> str:
        table = self._table
        limit = hours_words(table.limit)
        words = self.tr("{member}: today {today} of {limit}").format(
            member=row.member, today=hours_words(row.today), limit=limit
        )
        if table.near(row.today):
            words += self.tr(", near the limit")
        earlier = [
            self.tr("{day} {hours}").format(day=_day_words(day), hours=hours_words(quarters))
            for day, quarters in zip(table.days[:-1], row.quarters[:-1], strict=True)
            if quarters
        ]
        if earlier:
            words += self.tr("; before: ") + ", ".join(earlier)
        return words + "."

    def cell_words(self, row: ExposureRow, at: int) -> str:
        words = f"{row.member}, {_day_words(self._table.days[at])}: {hours_words(row.quarters[at])}"
        return words + self.tr(", near the limit") if self._table.near(row.quarters[at]) else words

    # geometry

    def _name_width(self) -> float:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(row.member) for row in self._table.rows), default=0)
        return widest + theme.px(16)

    def _row_height(self) -> float:
        room = self.height() - theme.px(HEAD)
        fit = room / max(len(self._table.rows), 1)
        return min(max(fit, theme.px(ROW_LEAST)), theme.px(ROW_MOST))

    def cell_rect(self, row: int, at: int) -> QRectF:
        left = self._name_width()
        room = self.width() - left - theme.px(BAR + FIGURE + 16)
        step = room / max(len(self._table.days), 1)
        gap, height = theme.px(GAP), self._row_height()
        return QRectF(left + at * step, theme.px(HEAD) + row * height, max(step - gap, 1.0), height - gap)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(720), theme.px(HEAD) + len(self._table.rows) * theme.px(ROW_MOST))

    # input

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, at: QPoint) -> str:
        """What the cell under `at` says; empty beside the cells."""
        for index, row in enumerate(self._table.rows):
            for day in range(len(self._table.days)):
                if self.cell_rect(index, day).contains(at):
                    return self.cell_words(row, day)
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        rows = self._table.rows
        if step is None or not rows:
            super().keyPressEvent(event)
            return
        self._row = 0 if self._row is None else min(max(self._row + step, 0), len(rows) - 1)
        self.setAccessibleDescription(self.row_words(rows[self._row]))
        self.update()

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._table.rows:
                self._paint_head(painter)
            for index, row in enumerate(self._table.rows):
                self._paint_row(painter, index, row)

    def _paint_head(self, painter: QPainter) -> None:
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("dim"))
        narrow = self.cell_rect(0, 0).width() < theme.px(WORDS_FROM)
        for at, day in enumerate(self._table.days):
            if narrow and day.weekday() != 0:
                continue
            rect = self.cell_rect(0, at)
            box = QRectF(rect.center().x() - theme.px(30), 0, theme.px(60), theme.px(HEAD - 6))
            words = QLocale().standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        right = QRectF(self.width() - theme.px(BAR + FIGURE), 0, theme.px(BAR + FIGURE), theme.px(HEAD - 6))
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.tr("today"))

    def _paint_row(self, painter: QPainter, index: int, row: ExposureRow) -> None:
        line = self.cell_rect(index, 0)
        painter.setFont(theme.font())
        painter.setPen(theme.colour("text"))
        name = QRectF(0, line.top(), self._name_width(), line.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, row.member)
        if self.hasFocus() and index == self._row:
            painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = QRectF(1, line.top() - 1, self.width() - 2, line.height() + 2)
            painter.drawRoundedRect(edge, theme.px(4), theme.px(4))
        for at, quarters in enumerate(row.quarters):
            self._paint_cell(painter, self.cell_rect(index, at), quarters)
        self._paint_today(painter, line, row.today)

    def _paint_cell(self, painter: QPainter, rect: QRectF, quarters: int) -> None:
        near = self._table.near(quarters)
        ground = theme.colour("amber") if near else self._shade(quarters)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, theme.px(4), theme.px(4))
        if quarters and rect.width() >= theme.px(WORDS_FROM):
            painter.setFont(theme.font("small"))
            painter.setPen(_readable_on(ground))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _short_hours(quarters))
        elif near:
            painter.setPen(QPen(_readable_on(ground), theme.px(2)))
            painter.drawLine(rect.bottomLeft(), rect.topRight())

    def _shade(self, quarters: int) -> QColor:
        """From the card's ground to the accent in four steps, so that neighbours can be told apart."""
        if quarters <= 0 or self._table.limit <= 0:
            return theme.colour("card")
        weight = SHADES[min(quarters * 4 // self._table.limit, 3)]
        low, high = theme.colour("card"), theme.colour("accent")
        parts = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
        return QColor(*(round(a + (b - a) * weight) for a, b in parts))

    def _paint_today(self, painter: QPainter, line: QRectF, quarters: int) -> None:
        table, thick = self._table, theme.px(6)
        near = table.near(quarters)
        left = self.width() - theme.px(BAR + FIGURE)
        bar = QRectF(left, line.center().y() - thick / 2, theme.px(BAR), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(bar, thick / 2, thick / 2)
        share = min(quarters / table.limit, 1.0) if table.limit else 0.0
        if share:
            painter.setBrush(theme.colour("amber" if near else "accent"))
            painter.drawRoundedRect(
                QRectF(bar.topLeft(), bar.size()).adjusted(0, 0, -bar.width() * (1 - share), 0), 3, 3
            )
        painter.setFont(theme.font())
        painter.setPen(theme.colour("amber" if near else "text"))
        words = QRectF(bar.right() + theme.px(10), line.top(), theme.px(FIGURE), line.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, hours_words(quarters))


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _readable_on(ground: QColor) -> QColor:
    return max((theme.colour("text"), theme.colour("on_accent")), key=lambda ink: contrast(ink, ground))


def _short_hours(quarters: int) -> str:
    """3¾"""
    whole, rest = divmod(quarters, 4)
    return (str(whole) if whole else "") + ("", "¼", "½", "¾")[rest]


def _day_words(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), "ddd d MMM")
