"""The head of the supervisor's view: who it is about, which days, and what can be done with all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.export_card import KEY_SHOWN as EXPORT_SHOWN
from reviewer.ui.exposure_words import people_words
from reviewer.ui.golden_page import KEY_SHOWN as GOLDEN_SHOWN
from reviewer.ui.key_button import KeyButton
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.segments import Segments
from reviewer.ui.wrap_row import WrapRow

AGAIN_KEY = "F5"


class SupervisorHead(QWidget):
    """`range.chosen(index)`: today, 16 days, 28 days, a year."""

    againAsked = Signal()
    goldenAsked = Signal()
    exportAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        title = PlainLabel(self.tr("Team"), self)
        theme.role(title, "title")
        self._people = ""
        self.people = Pill("", Tone.NEUTRAL, self)
        days = self.tr("{n} days")
        self.range = Segments(
            [
                (self.tr("Today"), "1"),
                (days.format(n=16), "2"),
                (days.format(n=28), "3"),
                (self.tr("A year"), "4"),
            ],
            parent=self,
        )
        self.range.setAccessibleName(self.tr("How many days"))
        left = QWidget(self)
        row = QHBoxLayout(left)
        theme.space(row, gap=12)
        row.addWidget(title)
        row.addWidget(self.people, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        right = QWidget(self)
        row = QHBoxLayout(right)
        theme.space(row, gap=8)
        row.addStretch(1)
        row.addWidget(self.range)
        for name, words, key, asked in (
            ("openExport", self.tr("Export"), EXPORT_SHOWN, self.exportAsked),
            ("openGolden", self.tr("Calibration items"), GOLDEN_SHOWN, self.goldenAsked),
            ("lookAgain", self.tr("Look again"), AGAIN_KEY, self.againAsked),
        ):
            button = KeyButton(words, key, parent=right)
            button.setObjectName(name)
            button.clicked.connect(asked)
            row.addWidget(button)
        whole = QHBoxLayout(self)
        theme.space(whole)
        whole.addWidget(WrapRow(left, right, fills=True, parent=self))

    def say_people(self, count: int) -> None:
        self._people = people_words(count)
        self.people.say(self._people, Tone.NEUTRAL)

    def say_asking(self, asking: bool) -> None:
        """Beside what is still shown."""
        words = " · ".join(part for part in (self._people, self.tr("asking") if asking else "") if part)
        self.people.say(words, Tone.NEUTRAL)
