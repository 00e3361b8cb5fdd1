"""The team's trend with its heading and what it is made of; withheld where the team is too small, and said so."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.exposure_table import ExposureTable
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.team_trend import TeamTrend


class TrendCard(Card):
    """Of everybody, whoever was looked for in the map: the middle of a chosen few could be a person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("trend")
        self._title = PlainLabel(parent=self)
        theme.role(self._title, "strong")
        self.picture = TeamTrend(self)
        self._how = plain_label("", "small", self)
        self.column.addWidget(self._title)
        self.column.addWidget(self.picture, 1)
        self.column.addWidget(self._how)
        self._title.setText(self.tr("Middle of the team"))

    def show_table(self, table: ExposureTable) -> None:
        count = len(table.columns)
        if table.weekly:
            title = self.tr("Team over {n} weeks").format(n=count)
        else:
            title = self.tr("Team over {n} days").format(n=count) if count > 1 else self.tr("Team today")
        self._title.setText(title)
        self.picture.show_table(table)
        drawn = self.picture.drawn
        self.picture.setVisible(drawn)
        if not drawn:
            self._how.setText(self.picture.text_alternative())
            return
        how = self.tr("Middle person and the spread of the middle half")
        if table.weekly:
            how += self.tr(", by the fullest day of each week")
        if table.withhold_below:
            how += self.tr("; not shown for fewer than {n} people").format(n=table.withhold_below)
        self._how.setText(how + ".")
