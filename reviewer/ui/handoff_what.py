"""Step 1: which items go along, and to whom; how it is sealed, and what stands in the way, said at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_items import HandoffItemList, HandoffItems
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.handoff_words import envelope_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.quiet_lines import make_quiet

SUGGESTED_KEY, AGENCIES_KEY = "Alt+S", "Alt+A"
_KEY = int(Qt.ItemDataRole.UserRole)


class AgencyList(QListWidget):
    """Coming here chooses nobody: the first arrow key or Space does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.currentItem()
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Space)
        if event.key() in keys and here is not None and not self.selectedItems():
            here.setSelected(True)
        else:
            super().keyPressEvent(event)


class WhatStep(QWidget):
    """The arrow keys choose a recipient; an item is taken along or left by Space."""

    def __init__(self, state: HandoffState, harm: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.setAccessibleName(self.tr("What and to whom"))
        self._model = HandoffItems(state, harm, self)
        self.items = HandoffItemList(self._model, self)
        self._count = plain_label("", "dim", self)
        self.suggested = KeyButton(self.tr("As suggested"), "Alt S", parent=self)
        self.suggested.setObjectName("handoffSuggested")
        self.suggested.clicked.connect(self.choose_suggested)
        self.agencies = AgencyList(self)
        self.agencies.setObjectName("handoffAgencies")
        self.agencies.setAccessibleName(self.tr("Recipient"))
        make_quiet(self.agencies)
        self.agencies.itemSelectionChanged.connect(self._chosen)
        self._envelope = plain_label("", "dim", self)
        self.warnings = Card(Surface.AMBER, margins=(16, 12, 16, 12), gap=4, parent=self)
        self._warned = plain_label("", "", self.warnings)
        self.warnings.column.addWidget(self._warned)
        self._filling = False
        self._lay_out()
        state.changed.connect(self._show)

    def _lay_out(self) -> None:
        left = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=self)
        head = QHBoxLayout()
        theme.space(head, gap=12)
        title = PlainLabel(self.tr("Items"), left)
        theme.role(title, "strong")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.suggested)
        left.column.addLayout(head)
        left.column.addWidget(self._count)
        left.column.addWidget(self.items, 1)
        how = self.tr("Space takes an item along or leaves it. Facts only: nothing of an item is shown on this page.")
        left.column.addWidget(plain_label(how, "small", left))
        right = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=self)
        title = PlainLabel(self.tr("Recipient"), right)
        theme.role(title, "strong")
        right.column.addWidget(title)
        right.column.addWidget(self.agencies, 1)
        right.column.addWidget(self._envelope)
        side = QVBoxLayout()
        theme.space(side, gap=12)
        side.addWidget(right, 1)
        side.addWidget(self.warnings)
        row = QHBoxLayout(self)
        theme.space(row, gap=16)
        row.addWidget(left, 3)
        row.addLayout(side, 2)

    def focus_first(self) -> None:
        self.items.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_suggested(self) -> None:
        """Those with a standing decision to report, preserve or escalate."""
        outline = self._state.outline
        if outline is not None:
            free = {one.item.id for one in outline.items if not one.unsettled}
            self._state.choose_items(set(outline.chosen) & free)

    def _chosen(self) -> None:
        lines = self.agencies.selectedItems()
        if lines and not self._filling:
            self._state.choose_agency(str(lines[0].data(_KEY)))

    def _show(self) -> None:
        self._model.refresh()
        outline, state = self._state.outline, self._state
        self._fill_agencies()
        total = len(outline.items) if outline is not None else 0
        open_ones = sum(1 for one in outline.items if one.unsettled) if outline is not None else 0
        words = self.tr("{chosen} of {total} go along").format(chosen=f"{len(state.chosen):,}", total=f"{total:,}")
        if open_ones:
            words += self.tr(" · {n} cannot, their readings are open").format(n=f"{open_ones:,}")
        self._count.setText(words)
        agency = state.agency_chosen()
        if agency is not None:
            self._envelope.setText(f"{agency.words}: {envelope_words(agency)}")
        elif outline is not None and not outline.agencies:
            self._envelope.setText(self.tr("The policy names no recipient. Ask your administrator."))
        else:
            self._envelope.setText(self.tr("Choose one with the arrow keys."))
        warned = self.warning_words()
        self._warned.setText("\n".join(warned))
        self.warnings.setVisible(bool(warned))

    def warning_words(self) -> list[str]:
        outline = self._state.outline
        if outline is None:
            return []
        warned = []
        if not outline.signed:
            words = self.tr("It cannot be signed here: {why} Without a signature no package is built.")
            warned.append(words.format(why=outline.unsigned_why))
        if not outline.stamping:
            warned.append(self.tr("No time authority is configured: the package will say that it has no time stamp."))
        return warned

    def _fill_agencies(self) -> None:
        outline = self._state.outline
        wanted = [(one.key, one.words) for one in outline.agencies] if outline is not None else []
        lines = [self.agencies.item(row) for row in range(self.agencies.count())]
        self._filling = True
        if [(line.data(_KEY), line.text()) for line in lines] != wanted:
            self.agencies.clear()
            for key, words in wanted:
                line = QListWidgetItem(words)
                line.setData(_KEY, key)
                self.agencies.addItem(line)
        here = next((row for row, (key, _words) in enumerate(wanted) if key == self._state.agency), -1)
        if here >= 0 and not self.agencies.item(here).isSelected():
            self.agencies.setCurrentRow(here)
        elif here < 0:
            self.agencies.clearSelection()
        self._filling = False
