"""What a supervisor sees of the one who works here: the very row of the supervisor's page, from the same figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.model.events import TeamExposure
from reviewer.model.supervision import OwnData
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.exposure_table import Column, day_columns, exposure_table, week_columns
from reviewer.ui.heat_head import HeatHead, HeatLegend
from reviewer.ui.heat_map import HeatMap
from reviewer.ui.heat_plan import ROW_MOST
from reviewer.ui.own_words import without_break_words
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.segments import Segments


def today_utc() -> date:
    return datetime.now(UTC).date()


# As the supervisor's page offers them; 0 is the year, by weeks.
RANGES = (1, 16, 28, 0)
FIRST_SHOWN = 2


class AsSeen(Card):
    def __init__(self, parent: QWidget | None = None, *, today: Callable[[], date] = today_utc) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self._today = today
        self._data: OwnData | None = None
        title = PlainLabel(self.tr("What a supervisor sees of your viewing"), self)
        theme.role(title, "strong")
        days = self.tr("{n} days")
        names = (self.tr("Today"), days.format(n=RANGES[1]), days.format(n=RANGES[2]), self.tr("A year"))
        self.range = Segments([(name, "") for name in names], parent=self)
        self.range.setAccessibleName(self.tr("How many days"))
        self.range.choose(FIRST_SHOWN)
        self.range.chosen.connect(lambda _index: self._show())
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.range)
        self.column.addLayout(head)
        coarse = self.tr(
            "Weighted by harm, rounded up to quarter hours, days in UTC; never which item, when, or how fast."
        )
        self.column.addWidget(plain_label(coarse, "small", self))
        self.heat_map = HeatMap(self, relief=False)
        self.heat_map.setAccessibleName(self.tr("Graphic viewing a day, as a supervisor sees it"))
        theme.size(self.heat_map, height=ROW_MOST)
        self._head = HeatHead(self)
        self._legend = HeatLegend(self)
        self.heat_map.planned.connect(lambda: self._head.show_plan(self.heat_map.table, self.heat_map.plan))
        self.also = plain_label("", "dim", self)
        for part in (self._head, self.heat_map, self.also, self._legend):
            self.column.addWidget(part)
        for part in (self._head, self.heat_map, self._legend):
            part.hide()
        self.say_nothing(self.tr("The case system was not asked yet."))

    def say_nothing(self, words: str) -> None:
        """While there is no answer to draw."""
        if self._data is None:
            self.also.setText(words)

    def show_data(self, data: OwnData) -> None:
        self._data = data
        self._show()

    def _columns(self) -> tuple[Column, ...]:
        days = RANGES[self.range.index or 0]
        return day_columns(self._today(), days) if days else week_columns(self._today())

    def _show(self) -> None:
        if self._data is None:
            return
        team = TeamExposure(limit_quarter_hours=self._data.limit_quarter_hours, members=(self._data.as_seen,))
        table = exposure_table(team, self._columns())
        self.heat_map.show_table(table)
        self._legend.show_table(table)
        for part in (self._head, self.heat_map, self._legend):
            part.show()
        told = without_break_words(self._data.as_seen) or self.tr("Nothing is told of breaks now.")
        besides = self.tr(
            "Besides viewing, supervisors can read what the case system refused you (below) and, like everybody on a "
            "case, on which days you worked on it."
        )
        self.also.setText(f"{told} {besides}")
