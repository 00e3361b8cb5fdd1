"""Agreement of first and second readings, for the team: a small table with how many items each line is about."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QWidget

from reviewer.model.readings import AgreementLine, TeamAgreement
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.reading_words import field_words

QUESTIONS = ("category", "severity", "action")


class AgreementCard(Card):
    """`harm_words` gives the words of a harm type's key. Nothing here is of a person."""

    def __init__(self, harm_words: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("agreement")
        self.setAccessibleName(self.tr("Agreement of two readings"))
        self._harm_words = harm_words
        head = PlainLabel(self.tr("Agreement of two readings"), self)
        theme.role(head, "strong")
        self.column.addWidget(head)
        self._table: QWidget | None = None
        self._foot = plain_label("", "small", self)
        self.column.addWidget(self._foot)

    def show_agreement(self, team: TeamAgreement) -> None:
        if self._table is not None:
            self.column.removeWidget(self._table)
            self._table.hide()
            self._table.deleteLater()
        self._table = self._make(team)
        self.column.insertWidget(1, self._table)
        waiting = self.tr(
            "Waiting: {second} for a second reader, {third} for a third, {both} for two to agree."
        ).format(second=team.waiting_second, third=team.waiting_third, both=team.waiting_consensus)
        few = self.tr("Of the whole team, never of a person. Under {least} items no figure is given.").format(
            least=team.least_items
        )
        self._foot.setText(f"{waiting} {few}")

    def _make(self, team: TeamAgreement) -> QWidget:
        page = QWidget(self)
        grid = QGridLayout(page)
        theme.space(grid, gap=6)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(0, 1)
        heads = (self.tr("Question"), self.tr("Items"), self.tr("Cohen's kappa"), self.tr("Krippendorff's alpha"))
        for at, words in enumerate(heads):
            label = PlainLabel(words, page)
            theme.role(label, "caption")
            grid.addWidget(label, 0, at)
        for row, line in enumerate(team.lines, start=1):
            name = (
                field_words(line.key) if line.key in QUESTIONS and row <= len(QUESTIONS) else self._harm_words(line.key)
            )
            cells = (name, str(line.items), *(self._figure(line, value) for value in (line.kappa, line.alpha)))
            for at, words in enumerate(cells):
                cell = plain_label(words, "" if at == 0 else "dim", page)
                cell.setWordWrap(at == 0)
                if at == 0:
                    cell.setAccessibleName(", ".join(f"{head} {cell}" for head, cell in zip(heads, cells, strict=True)))
                grid.addWidget(cell, row, at)
        return page

    def _figure(self, _line: AgreementLine, value: float | None) -> str:
        return "–" if value is None else f"{value:.2f}"
