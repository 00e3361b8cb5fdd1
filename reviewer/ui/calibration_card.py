"""One's own answers to calibration items beside what is right for them. Shown to the person, and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from reviewer.model.decisions import Draft
from reviewer.model.policy import Policy
from reviewer.model.readings import Calibration
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.reading_words import field_words, value_words

SHOWN = 5


class CalibrationCard(Card):
    """Hidden while there are none; the last `SHOWN` otherwise."""

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(Surface.CARD, margins=(12, 10, 12, 12), gap=6, parent=parent)
        self.setObjectName("calibration")
        self.setAccessibleName(self.tr("Calibration"))
        self._policy = policy
        head = PlainLabel(self.tr("Calibration"), self)
        theme.role(head, "strong")
        self.column.addWidget(head)
        alone = self.tr("Some items are there to compare how we decide. Only you see how yours compare.")
        self.column.addWidget(plain_label(alone, "small", self))
        self._lines: list[PlainLabel] = []
        self.hide()

    def show_answers(self, answers: Sequence[Calibration]) -> None:
        for label in self._lines:
            self.column.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._lines = [plain_label(self._words(one), "", self) for one in answers[:SHOWN]]
        for label in self._lines:
            self.column.addWidget(label)
        self.setVisible(bool(answers))

    def _words(self, one: Calibration) -> str:
        head = f"{one.case_number} · {one.exhibit}: "
        if not one.differ:
            return head + self.tr("the same as the agreed answer.")
        right = Draft(
            item_id=one.item_id, category=one.golden.category, severity=one.golden.severity, action=one.golden.action
        )
        parts = [
            self.tr("{field} {yours}, agreed {right}").format(
                field=field_words(name).lower(),
                yours=value_words(one.yours, name, self._policy),
                right=value_words(right, name, self._policy),
            )
            for name in one.differ
        ]
        return head + "; ".join(parts) + ". " + one.golden.note
