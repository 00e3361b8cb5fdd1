"""The team's figures on paper: A4 across, people by days or weeks, as many pages as it takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from reviewer.ui.exposure_table import Column, ExposureRow, ExposureTable
from reviewer.ui.exposure_words import day_words
from reviewer.ui.heat_shades import short_hours
from reviewer.ui.item_words import hours_words
from reviewer.ui.wording import tr

DPI = 144
MARGIN_MM = 12.0
ROW, HEAD, LINE = 22.0, 22.0, 17.0
NAME, TODAY = 150.0, 80.0
_INK, _DIM, _RULE = QColor("#14181b"), QColor("#4d565e"), QColor("#c3cad0")
_FILLS = tuple(QColor(colour) for colour in ("#ffffff", "#e3f0ed", "#c2dfd8", "#96c8bd", "#6fb3a5"))
_NEAR = QColor("#f0c878")
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_MIDDLE = Qt.AlignmentFlag.AlignCenter


def pdf_bytes(table: ExposureTable, head: Sequence[str]) -> bytes:
    """A whole PDF. Figures are in the cells, so that it says the same in black and white."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    writer.setPageMargins(QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter)
    writer.setResolution(DPI)
    writer.setTitle(head[0])
    writer.setCreator("reviewer")
    with QPainter(writer) as painter:
        _Pages(painter, writer, table, head).paint()
    buffer.close()
    return bytes(content.data())


class _Pages:
    """One painting of one table."""

    def __init__(self, painter: QPainter, writer: QPdfWriter, table: ExposureTable, head: Sequence[str]) -> None:
        self._painter, self._writer, self._table, self._head = painter, writer, table, head
        self._width, self._height = float(writer.width()), float(writer.height())
        self._top = LINE * (len(head) + 1) + 10.0
        self._step = (self._width - NAME - TODAY) / max(len(table.columns), 1)
        self._step = min(self._step, 60.0)
        foot = LINE * 2
        self._per_page = max(int((self._height - self._top - HEAD - foot) // ROW), 1)

    def paint(self) -> None:
        rows = self._table.rows
        pages = max(-(-len(rows) // self._per_page), 1)
        for page in range(pages):
            if page:
                self._writer.newPage()
            self._paint_head()
            for at, row in enumerate(rows[page * self._per_page : (page + 1) * self._per_page]):
                self._paint_row(self._top + HEAD + at * ROW, row)
            self._paint_foot(page + 1, pages)

    def _font(self, size: float, *, bold: bool = False) -> None:
        font = QFont("Inter")
        font.setPixelSize(round(size))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        self._painter.setFont(font)

    def _words(self, box: QRectF, words: str, ink: QColor = _INK, flags: Qt.AlignmentFlag = _LEFT) -> None:
        self._painter.setPen(ink)
        metrics = QFontMetricsF(self._painter.font())
        self._painter.drawText(box, flags, metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width() + 1))

    def _paint_head(self) -> None:
        self._font(16, bold=True)
        self._words(QRectF(0, 0, self._width, LINE + 4), self._head[0])
        self._font(12)
        for at, line in enumerate(self._head[1:], start=1):
            self._words(QRectF(0, 4 + at * LINE, self._width, LINE), line, _DIM)
        self._font(11)
        free = 0.0
        for at, column in enumerate(self._table.columns):
            left, words = NAME + at * self._step, self._column_words(at, column)
            width = QFontMetricsF(self._painter.font()).horizontalAdvance(words)
            if words and left >= free:
                self._words(QRectF(left, self._top, width + 2, HEAD), words, _DIM)
                free = left + width + 6
        today = QRectF(self._today_left(), self._top, TODAY, HEAD)
        self._words(today, tr("today"), _DIM)

    def _column_words(self, at: int, column: Column) -> str:
        if not self._table.weekly:
            return day_words(column.first, "ddd d")
        new = at == 0 or column.last.month != self._table.columns[at - 1].last.month
        begun = at == 0 and column.last.month != self._table.columns[2].last.month  # no room before the next month
        return day_words(column.last, "MMM") if new and not begun else ""

    def _today_left(self) -> float:
        return NAME + self._step * len(self._table.columns) + 10

    def _paint_row(self, top: float, row: ExposureRow) -> None:
        self._font(12)
        self._words(QRectF(0, top, NAME - 8, ROW), row.member)
        painter, table = self._painter, self._table
        self._font(11 if self._step >= 24 else 8)
        for at, quarters in enumerate(row.quarters):
            box = QRectF(NAME + at * self._step, top + 1, self._step - 2, ROW - 2)
            painter.setPen(QPen(_RULE, 0.7))
            painter.setBrush(self._fill(quarters))
            painter.drawRect(box)
            words = short_hours(quarters) + ("°" if at in row.incomplete else "")
            if words:
                self._words(box, words, _INK, _MIDDLE)
        self._font(12, bold=table.near(row.today))
        self._words(QRectF(self._today_left(), top, TODAY, ROW), hours_words(row.today))

    def _fill(self, quarters: int) -> QColor:
        if self._table.near(quarters):
            return _NEAR
        if quarters <= 0 or self._table.limit <= 0:
            return _FILLS[0]
        return _FILLS[1 + min(quarters * 4 // self._table.limit, 3)]

    def _paint_foot(self, page: int, pages: int) -> None:
        self._font(11)
        words = tr("Hours on the fullest day of each week.") if self._table.weekly else tr("Hours on each day.")
        words += " " + tr("Limit of a day {limit}; darker is fuller, yellow is near the limit.").format(
            limit=hours_words(self._table.limit)
        )
        if self._table.incomplete:
            words += " " + tr("° may lack something.")
        top = self._height - LINE
        self._words(QRectF(0, top, self._width - 80, LINE), words, _DIM)
        number = tr("{page} of {pages}").format(page=page, pages=pages)
        self._words(QRectF(self._width - 80, top, 80, LINE), number, _DIM, _RIGHT)
