"""The facts of an item: everything that can be said without showing a pixel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.levels import Kind
from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.item_words import clock_words, dimension_words, item_line, orientation_words, size_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.known_card import KnownCard
from reviewer.ui.notes_card import NotesCard
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import plain_label
from reviewer.ui.referral_words import MAX_CLAIM, referral_rows
from reviewer.ui.stack_card import StackCard
from reviewer.ui.together import Together
from reviewer.ui.wording import kind_words, pages_words, source_words

FROM_NOTES_KEY = "N"
NOTES_SHOWN = 20  # as many as the case system sends along


class FactsCard(QScrollArea):
    """What is known without looking: the ledger of earlier viewers, known matches, copies, then the facts one by one.

    Rows of a fact's name and its value; a sentence below says why there is no picture, where there is none.
    All is laid out when it is first seen: many items start with their picture. `fromNotes` when its button is pressed.
    """

    fromNotes = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.together: Together | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Facts"))
        self._rows: list[tuple[str, str]] = []
        self._waiting: tuple[QueueEntry, Policy, str] | None = None

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(name, value) as shown."""
        return list(self._rows)

    def clear(self) -> None:
        self._rows = []
        self._waiting = None
        if self.widget() is not None:
            self.takeWidget().deleteLater()

    def show_facts(self, entry: QueueEntry, policy: Policy, sentence: str = "") -> None:
        self.clear()
        self._rows = self._facts(entry, policy)
        self._waiting = (entry, policy, sentence)
        if self.isVisible():
            self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        self._lay_out()
        super().showEvent(event)

    def _lay_out(self) -> None:
        if self._waiting is None:
            return
        (entry, policy, sentence), self._waiting = self._waiting, None
        page = QWidget(self)
        outer = QVBoxLayout(page)
        theme.space(outer, (0, 0, 0, 0), 0)
        card = Card(Surface.OUTLINE, margins=(24, 20, 24, 20), gap=12, parent=page)
        theme.size(card, max_width=720)
        card.column.addWidget(plain_label(item_line(entry.item.exhibit, entry.item.facts), "title", card))
        pills = self._pills(entry, card)
        if pills is not None:
            card.column.addLayout(pills)
        for known in self._known(entry, policy, card):
            card.column.addWidget(known)
        card.column.addLayout(self._grid(card))
        if sentence:
            card.column.addWidget(plain_label(sentence, "amber", card))
        outer.addStretch(1)
        middle = QHBoxLayout()
        theme.space(middle, gap=0)
        middle.addStretch(1)
        middle.addWidget(card, 100)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(1)
        self.setWidget(page)

    def _pills(self, entry: QueueEntry, parent: QWidget) -> QHBoxLayout | None:
        row = QHBoxLayout()
        theme.space(row, gap=8)
        pills: list[tuple[str, Tone]] = []
        if entry.case.referral.danger:
            pills.append((self.tr("Someone may be in danger"), Tone.RED))
        if entry.item.facts.mismatch:
            pills.append((self.tr("not the type it was sent as"), Tone.AMBER))
        for words, tone in pills:
            row.addWidget(Pill(words, tone, parent))
        row.addStretch(1)
        return row if pills else None

    def _known(self, entry: QueueEntry, policy: Policy, parent: QWidget) -> list[QWidget]:
        """What may make looking unnecessary, before all that is merely so."""
        known: list[QWidget] = []
        if entry.notes:
            notes = NotesCard(parent, surface=Surface.WASH, shown=NOTES_SHOWN, key="")
            notes.show_notes(entry.notes, policy.taxonomy)
            known.append(notes)
        if entry.matches:
            known.append(KnownCard(entry.matches, policy, key=FROM_NOTES_KEY, parent=parent))
        if entry.stack is not None and entry.stack.size > 1 and self.together is not None:
            known.append(StackCard(entry.stack, self.together, parent))
        if entry.known_unseen:
            words = self.tr("Decide from the notes") if entry.notes else self.tr("Decide from what is known")
            button = KeyButton(words, FROM_NOTES_KEY, parent=parent)
            button.setObjectName("fromNotes")
            button.clicked.connect(self.fromNotes)
            known.append(button)
        return known

    def _grid(self, parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        theme.space(grid, gap=8)
        grid.setHorizontalSpacing(theme.px(24))
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self._rows):
            key, words = plain_label(name, "dim", parent), plain_label(value, "", parent)
            key.setWordWrap(False)
            key.setBuddy(words)
            grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1)
        return grid

    def _facts(self, entry: QueueEntry, policy: Policy) -> list[tuple[str, str]]:
        item, facts, referral = entry.item, entry.item.facts, entry.case.referral
        kind = kind_words(facts.kind)
        rows = [(self.tr("Type"), f"{kind}, {facts.format}" if facts.format else kind)]
        if facts.mismatch:
            rows.append(
                (self.tr("Sent as"), self.tr("{format}; the content is not").format(format=facts.declared_format))
            )
        parts = dict.fromkeys((size_words(facts.size), dimension_words(facts), pages_words(facts)))
        rows.append((self.tr("Size"), " · ".join(part for part in parts if part)))
        if facts.duration_s is not None:
            rows.append((self.tr("Length"), clock_words(facts.duration_s)))
        if facts.kind in (Kind.VIDEO, Kind.AUDIO):
            rows.append((self.tr("Sound"), self.tr("yes, off") if facts.has_sound else self.tr("none")))
        if facts.kind in (Kind.IMAGE, Kind.VIDEO):
            rows.append((self.tr("Orientation"), orientation_words(facts.orientation)))
        rows.append((self.tr("Reported by"), source_words(referral.source)))
        rows += referral_rows(referral)
        if referral.claim:
            rows.append((self.tr("Reported reason"), referral.claim[:MAX_CLAIM]))
        rows.append((self.tr("Harm type"), policy.harm_type(item.harm_type).words))
        if item.forewarning:
            rows.append((self.tr("What to expect"), ", ".join(item.forewarning)))
        rows.append((self.tr("Earlier notes"), self._notes_words(len(entry.notes))))
        return rows

    def _notes_words(self, count: int) -> str:
        if count == 0:
            return self.tr("none")
        return self.tr("one") if count == 1 else str(count)
