"""Which case is handed off: its number typed, or chosen among those known here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_ports import KnownCase
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.quiet_lines import make_quiet

WIDTH = 460
MOST_NUMBER = 120


class CaseChooser(Card):
    """`chosen(case id)`. Enter in the field takes the only case that fits, or the one with just that number. A line of
    the list is taken by Enter on it, or by the button where one was gone to."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(20, 16, 20, 16), gap=10, parent=parent)
        self.setObjectName("caseChooser")
        self.setAccessibleName(self.tr("Which case"))
        theme.size(self, max_width=WIDTH)
        self._cases: Sequence[KnownCase] = ()
        title = PlainLabel(self.tr("Which case is to be handed off?"), self)
        theme.role(title, "title")
        self.number = QLineEdit(self)
        self.number.setObjectName("caseNumber")
        self.number.setAccessibleName(self.tr("Case number"))
        self.number.setPlaceholderText(self.tr("Case number"))
        self.number.setMaxLength(MOST_NUMBER)
        self._names = QStringListModel(self)
        self._fitting = QSortFilterProxyModel(self)
        self._fitting.setSourceModel(self._names)
        self._fitting.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView(self)
        self.list.setObjectName("knownCases")
        self.list.setAccessibleName(self.tr("Cases known here"))
        self.list.setModel(self._fitting)
        make_quiet(self.list)
        self.list.activated.connect(lambda index: self._take(index.row()))
        self.open = KeyButton(self.tr("Open it"), self.tr("Enter"), kind=ButtonKind.PRIMARY, parent=self)
        self.open.setObjectName("openCase")
        self.open.clicked.connect(self._take_marked)
        self.said = plain_label("", "dim", self)
        for part in (title, self.number, self.list, self.said, self.open):
            self.column.addWidget(part, 1 if part is self.list else 0)
        self.number.textChanged.connect(self._typed)
        self.number.returnPressed.connect(self.take)

    def show_cases(self, cases: Sequence[KnownCase]) -> None:
        self._cases = cases
        self._names.setStringList([one.number for one in cases])
        self._typed()

    def say(self, words: str) -> None:
        self.said.setText(words)

    def focus_first(self) -> None:
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self) -> None:
        typed = self.number.text().strip().casefold()
        exact = [one for one in self._cases if one.number.casefold() == typed]
        if exact:
            self.chosen.emit(exact[0].case_id)
        elif self._fitting.rowCount() == 1:
            self._take(0)
        elif self._fitting.rowCount():
            self.say(self.tr("Several fit: write more of the number, or choose one in the list with the arrows."))

    def _take_marked(self) -> None:
        if self.list.currentIndex().isValid():
            self._take(self.list.currentIndex().row())
        else:
            self.take()

    def _take(self, row: int) -> None:
        at = self._fitting.mapToSource(self._fitting.index(row, 0)).row()
        if 0 <= at < len(self._cases):
            self.chosen.emit(self._cases[at].case_id)

    def _typed(self) -> None:
        self._fitting.setFilterFixedString(self.number.text().strip())
        fitting = self._fitting.rowCount()
        if not self._cases:
            self.say(self.tr("No case is known here."))
        else:
            self.say(self.tr("{n} of {all} fit").format(n=f"{fitting:,}", all=f"{len(self._cases):,}"))
        # None is marked that the person did not go to: of those that fit, the first is as good as any.
        self.list.setCurrentIndex(QModelIndex())
