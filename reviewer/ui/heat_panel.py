"""The card with the heat map: find a name, those near a limit first, a head that stays, rows that scroll, a legend."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.exposure_table import ExposureTable, arranged
from reviewer.ui.heat_head import HeatHead, HeatLegend
from reviewer.ui.heat_map import HeatMap
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.wrap_row import WrapRow

FIND_KEY, NEAR_KEY = "/", "N"


class NameField(QLineEdit):
    """Enter and Down go on to the people that were found."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class HeatPanel(Card):
    """`show_table` takes the whole team; what is found in it is shown, by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self._whole: ExposureTable | None = None
        self.map = HeatMap(self)
        self.head = HeatHead(self)
        self.legend = HeatLegend(self)
        self.name_field = NameField(self)
        self.name_field.setPlaceholderText(self.tr("Find a name"))
        self.name_field.setAccessibleName(self.tr("Find a name in the team"))
        self.name_field.setClearButtonEnabled(False)
        self.near_first = KeyButton(self.tr("Near a limit first"), NEAR_KEY, parent=self)
        self.near_first.setCheckable(True)
        self.title = PlainLabel(parent=self)
        self.coarse = plain_label("", "small", self)
        self.empty = plain_label("", "dim", self)
        self._incomplete = plain_label("", "small", self)
        self._lay_out()
        self.name_field.textChanged.connect(lambda _words: self._arrange())
        self.name_field.left.connect(lambda: self.map.setFocus(Qt.FocusReason.TabFocusReason))
        self.near_first.toggled.connect(lambda _on: self._arrange())
        self.map.planned.connect(self._align)
        self.map.rowChosen.connect(self._reveal)

    def _lay_out(self) -> None:
        theme.role(self.title, "strong")
        theme.size(self.name_field, min_width=140, max_width=200)
        finding = QWidget(self)
        row = QHBoxLayout(finding)
        theme.space(row, gap=8)
        row.addWidget(self.name_field)
        row.addWidget(self.near_first)
        row.addStretch(1)
        self.column.addWidget(WrapRow(self.title, finding, fills=True, parent=self))
        self.column.addWidget(self.coarse)
        self.column.addWidget(self.empty)
        self.column.addWidget(self.head)
        self.rows_area = QScrollArea(self)
        self.rows_area.setWidgetResizable(True)
        self.rows_area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.rows_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows_area.setWidget(self.map)
        self.rows_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for ground in (self.rows_area.viewport(), self.map):
            ground.setAutoFillBackground(False)
        self.column.addWidget(self.rows_area, 1)
        self.column.addWidget(self.legend)
        self.column.addWidget(self._incomplete)
        looked = self.tr("Each look at a person's row is recorded and shown to that person.")
        self.column.addWidget(plain_label(looked, "small", self))

    def show_table(self, table: ExposureTable) -> None:
        self._whole = table
        title = self.tr("Graphic viewing a day, against the limit")
        if table.weekly:
            title = self.tr("Graphic viewing a week, against the limit of a day")
        elif len(table.columns) == 1:
            title = self.tr("Graphic viewing today, against the limit")
        self.title.setText(title)
        self.map.setAccessibleName(self.title.text())
        coarse = self.tr(
            "Weighted by harm, in quarter hours rounded up, days in UTC; never which item, when, how fast."
        )
        if table.weekly:
            coarse = self.tr("A column is a week, its colour the fullest day in it.") + " " + coarse
        self.coarse.setText(coarse)
        count = sum(1 for row in table.rows if row.incomplete)
        words = self.tr(
            "Figures of {people} may lack something: it came late, was refused, or came with a wrong clock."
        )
        people = self.tr("1 person") if count == 1 else self.tr("{n} people").format(n=count)
        self._incomplete.setText(words.format(people=people))
        self._incomplete.setVisible(bool(count))
        self.legend.show_table(table)
        self.legend.setVisible(len(table.columns) > 1)
        self._arrange()

    def say(self, words: str) -> None:
        """Instead of figures, or beside them; empty: nothing."""
        self.empty.setText(words)
        self.empty.setVisible(bool(words))

    def _arrange(self) -> None:
        if self._whole is None:
            return
        shown = arranged(self._whole, self.name_field.text(), near_first=self.near_first.isChecked())
        self.map.show_table(shown)
        if self._whole.rows:
            self.say("" if shown.rows else self.tr("Nobody here has a name like this."))

    def _align(self) -> None:
        self.head.show_plan(self.map.table, self.map.plan)

    def _reveal(self, row: int) -> None:
        place = self.map.row_rect(row)
        self.rows_area.ensureVisible(0, round(place.center().y()), 0, round(place.height()))
