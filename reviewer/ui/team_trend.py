"""The team over some weeks: the middle person and the spread of the middle half. Nobody can be found in it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.exposure_table import Column, ExposureTable, Spread, team_spread
from reviewer.ui.exposure_words import column_words, day_words
from reviewer.ui.item_words import hours_words

LEFT, BOTTOM, TOP = 40, 24, 20


class TeamTrend(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._spread: tuple[Spread, ...] = ()
        self._limit = self._withheld = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.size(self, min_height=140)

    def show_table(self, table: ExposureTable) -> None:
        self._columns, self._spread, self._limit = table.columns, team_spread(table), table.limit
        self._withheld = table.withhold_below
        self.setAccessibleName(self.text_alternative())
        self.update()

    @property
    def drawn(self) -> bool:
        """There is a line: a single day, or a team too small, is only words."""
        return len(self._spread) > 1

    def text_alternative(self) -> str:
        if not self._spread:
            words = self.tr("Not shown for fewer than {count} people: a middle person would be a person.")
            return words.format(count=max(self._withheld, 1))
        first, last = self._spread[0], self._spread[-1]
        if len(self._spread) == 1:
            words = self.tr("Today: the middle person {middle}, the middle half {low} to {high}; soft limit {limit}.")
            return words.format(
                middle=_about(last.middle), low=_about(last.low), high=_about(last.high), limit=hours_words(self._limit)
            )
        words = self.tr("Middle person: {first} on {from_day}, {last} on {to_day}; soft limit {limit}.")
        if self._columns[0].days > 1:
            words = self.tr("Middle person: {first} in the {from_day}, {last} in the {to_day}; soft limit {limit}.")
        return words.format(
            first=_about(first.middle),
            from_day=column_words(self._columns[0]),
            last=_about(last.middle),
            to_day=column_words(self._columns[-1]),
            limit=hours_words(self._limit),
        )

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(200))

    def _point(self, at: int, quarters: float, top: float) -> QPointF:
        left, bottom = theme.px(LEFT), self.height() - theme.px(BOTTOM)
        width = self.width() - left - theme.px(12)
        x = left + width * (at / max(len(self._columns) - 1, 1))
        return QPointF(x, bottom - (bottom - theme.px(TOP)) * quarters / top)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font("small"))
            if self.drawn:
                top = max(self._limit, max(day.high for day in self._spread), 4.0) * 1.05
                self._paint_axes(painter, top)
                self._paint_spread(painter, top)

    def _paint_axes(self, painter: QPainter, top: float) -> None:
        for hours in range(int(top // 4) + 1):
            at = self._point(0, hours * 4, top)
            painter.setPen(QPen(theme.colour("line"), theme.px(1)))
            painter.drawLine(at, QPointF(self.width() - theme.px(12), at.y()))
            painter.setPen(theme.colour("dim"))
            box = QRectF(0, at.y() - theme.px(8), theme.px(LEFT - 8), theme.px(16))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, right, self.tr("{hours} h").format(hours=hours))
        limit = self._point(0, self._limit, top)
        painter.setPen(QPen(theme.colour("amber"), theme.px(1), Qt.PenStyle.DashLine))
        painter.drawLine(limit, QPointF(self.width() - theme.px(12), limit.y()))
        words = self.tr("soft limit {limit}").format(limit=hours_words(self._limit))
        painter.drawText(
            QRectF(0, limit.y() - theme.px(18), self.width() - theme.px(12), theme.px(16)),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            words,
        )
        painter.setPen(theme.colour("dim"))
        foot = QRectF(theme.px(LEFT), self.height() - theme.px(18), self.width() - theme.px(LEFT + 12), theme.px(16))
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, day_words(self._columns[0].first, "d MMM"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, day_words(self._columns[-1].last, "d MMM"))

    def _paint_spread(self, painter: QPainter, top: float) -> None:
        highs = [self._point(at, day.high, top) for at, day in enumerate(self._spread)]
        lows = [self._point(at, day.low, top) for at, day in enumerate(self._spread)]
        band = QPainterPath(highs[0])
        for point in [*highs[1:], *reversed(lows)]:
            band.lineTo(point)
        band.closeSubpath()
        ground = QColor(theme.colour("accent"))
        ground.setAlphaF(0.22)
        painter.fillPath(band, ground)
        painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
        painter.drawPolyline([self._point(at, day.middle, top) for at, day in enumerate(self._spread)])


def _about(quarters: float) -> str:
    return hours_words(round(quarters))
