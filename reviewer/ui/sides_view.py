"""Readings of one item in columns, the fields in which they differ marked; choosing from either side where two settle.

Columns are headed by pseudonyms. Nothing of the item itself is shown here: it was looked at, and need not be again.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.decisions import Draft
from reviewer.model.policy import Policy
from reviewer.model.readings import COMPARED, Proposal, Reading, Readings, Stage
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.decision_keys import shown_key
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.reading_words import field_words, value_words
from reviewer.ui.readings_keys import ACCEPT_KEY, AMEND_KEY, PROPOSE_KEY
from reviewer.ui.segments import Segments
from reviewer.ui.why_field import WhyField


class SidesView(QWidget):
    """`draft` is what the person put together: own words with the answers chosen from either side. `changed` when
    the person changed it."""

    changed = Signal()

    amendAsked = Signal()
    proposeAsked = Signal()
    acceptAsked = Signal()

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sides")
        self.setAccessibleName(self.tr("Decisions side by side"))
        self._policy = policy
        self._shown: Readings | None = None
        self._choices: dict[str, Segments] = {}
        self._why: WhyField | None = None
        self._buttons: list[KeyButton] = []
        self._amend: KeyButton | None = None
        self._column = QVBoxLayout(self)
        theme.space(self._column, gap=12)
        self._content: QWidget | None = None

    def show_readings(self, shown: Readings | None) -> bool:
        """What is written stays while the same two readings are shown again. Whether it was built anew, and so is
        without what was being written."""
        if shown is not None and self._shown == shown:
            return False
        if self._content is not None:
            self._column.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
            self._content = None
        self._shown, self._choices, self._why, self._buttons, self._amend = shown, {}, None, [], None
        if shown is not None:
            self._content = self._build(shown)
            self._column.addWidget(self._content)
        return True

    def wait(self, waiting: bool) -> None:
        for button in self._buttons:
            button.setEnabled(not waiting)
        if not waiting:
            self._follow()

    @property
    def words(self) -> str:
        """All that is said, in order."""
        labels = self.findChildren(PlainLabel)
        return "\n".join(label.text() for label in labels if label.text() and not label.isHidden())

    def choose(self, name: str, index: int) -> None:
        """Take the answer to `name` from the own side (0) or the colleague's (1)."""
        self._choices[name].choose(index)
        self._follow()
        self.changed.emit()

    @property
    def settles(self) -> bool:
        """There is something to be written here."""
        return self._why is not None

    def restore(self, draft: Draft) -> None:
        """What was being written before; an answer that is neither side's any more is left as it is."""
        if self._shown is None or self._why is None:
            return
        mine, theirs = self._two(self._shown)
        for name, row in self._choices.items():
            said = getattr(draft, name)
            if said == getattr(theirs.words, name) and said != getattr(mine.words, name):
                row.choose(1)
        with QSignalBlocker(self._why):
            self._why.setPlainText(draft.rationale)
        self._follow()

    def draft(self) -> Draft:
        assert self._shown is not None
        mine, theirs = self._two(self._shown)
        taken = {name: getattr(theirs.words, name) for name, row in self._choices.items() if row.index == 1}
        why = self._why.toPlainText() if self._why is not None else mine.words.rationale
        return msgspec.structs.replace(mine.words, rationale=why, **taken)

    @staticmethod
    def _two(shown: Readings) -> tuple[Reading, Reading]:
        readings = [reading for reading in shown.readings if not reading.settles]
        mine = next(reading for reading in readings if reading.mine)
        return mine, next(reading for reading in readings if not reading.mine)

    def _build(self, shown: Readings) -> QWidget:
        content = QWidget(self)
        column = QVBoxLayout(content)
        theme.space(column, gap=12)
        row = QHBoxLayout()
        theme.space(row, gap=16)
        for reading in shown.readings:
            row.addWidget(self._side(reading, shown, content), 1)
        column.addLayout(row)
        if shown.stage is Stage.CONSENSUS and any(reading.mine for reading in shown.readings):
            if shown.proposal is not None:
                column.addWidget(self._proposed(shown.proposal, shown, content))
            column.addWidget(self._settling(shown, content))
        column.addStretch(1)
        return content

    def _side(self, reading: Reading, shown: Readings, parent: QWidget) -> Card:
        card = Card(
            Surface.WASH if reading.settles else Surface.OUTLINE, margins=(16, 14, 16, 16), gap=8, parent=parent
        )
        name = self.tr("{author} (you)").format(author=reading.author) if reading.mine else reading.author
        card.setAccessibleName(name)
        head = QHBoxLayout()
        theme.space(head, gap=8)
        title = PlainLabel(name, card)
        theme.role(title, "strong")
        head.addWidget(title)
        if reading.settles:
            head.addWidget(Pill(self.tr("this one stands"), Tone.ACCENT, card))
        head.addStretch(1)
        card.column.addLayout(head)
        self._fields(card, reading.words, shown)
        return card

    def _fields(self, card: Card, words: Draft, shown: Readings) -> None:
        grid = QGridLayout()
        theme.space(grid, gap=6)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        said_by_some = [name for name in COMPARED if any(self._says(one.words, name) for one in shown.readings)]
        for row, name in enumerate(said_by_some):
            caption = PlainLabel(field_words(name), card)
            theme.role(caption, "dim")
            value = plain_label(
                value_words(words, name, self._policy), "amber-strong" if name in shown.differ else "", card
            )
            if name in shown.differ:
                value.setAccessibleName(self.tr("{words}, differs").format(words=value.text()))
            grid.addWidget(caption, row, 0, top)
            grid.addWidget(value, row, 1, top)
        card.column.addLayout(grid)
        why = PlainLabel(self.tr("Why"), card)
        theme.role(why, "dim")
        card.column.addWidget(why)
        said = words.rationale.strip() or self.tr("Nothing was written.")
        card.column.addWidget(plain_label(said, "" if words.rationale.strip() else "dim", card))
        card.column.addStretch(1)

    def _says(self, words: Draft, name: str) -> bool:
        return getattr(words, name) not in (None, ())

    def _proposed(self, proposal: Proposal, shown: Readings, parent: QWidget) -> Card:
        card = Card(Surface.WASH, margins=(16, 14, 16, 16), gap=8, parent=parent)
        words = (
            self.tr("You propose this for both; it stands once it is accepted.")
            if proposal.mine
            else self.tr("{author} proposes this for both.").format(author=proposal.author)
        )
        title = PlainLabel(words, card)
        theme.role(title, "strong")
        card.column.addWidget(title)
        self._fields(card, proposal.words, shown)
        if not proposal.mine:
            self._button(card, self.tr("Accept for both"), ACCEPT_KEY, self.acceptAsked, ButtonKind.PRIMARY)
        return card

    def _settling(self, shown: Readings, parent: QWidget) -> Card:
        mine, theirs = self._two(shown)
        card = Card(Surface.CARD, margins=(16, 14, 16, 16), gap=8, parent=parent)
        title = PlainLabel(self.tr("Settle it"), card)
        theme.role(title, "strong")
        card.column.addWidget(title)
        grid = QGridLayout()
        theme.space(grid, gap=8)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(2, 1)
        for row, name in enumerate(shown.differ):
            both = [value_words(side.words, name, self._policy) for side in (mine, theirs)]
            choice = Segments([(words, "") for words in both], parent=card)
            choice.setAccessibleName(field_words(name))
            choice.choose(0)
            choice.chosen.connect(lambda index, name=name: self.choose(name, index))
            self._choices[name] = choice
            caption = PlainLabel(field_words(name), card)
            theme.role(caption, "dim")
            grid.addWidget(caption, row, 0)
            grid.addWidget(choice, row, 1)
        card.column.addLayout(grid)
        self._why = WhyField(card)
        self._why.setAccessibleName(self.tr("Why"))
        self._why.setPlainText(mine.words.rationale)
        self._why.setTabChangesFocus(True)
        self._why.textChanged.connect(self.changed)
        theme.size(self._why, height=60)
        card.column.addWidget(self._why)
        words = self.tr("Amend mine: I see it like my colleague")
        self._amend = self._button(card, words, AMEND_KEY, self.amendAsked, ButtonKind.PLAIN)
        self._button(card, self.tr("Propose this for both"), PROPOSE_KEY, self.proposeAsked, ButtonKind.PLAIN)
        self._follow()
        return card

    def _button(self, card: Card, words: str, key: str, asked: object, kind: ButtonKind) -> KeyButton:
        button = KeyButton(words, shown_key(key), kind=kind, parent=card)
        button.setShortcut(key)
        button.clicked.connect(asked)
        self._buttons.append(button)
        row = QHBoxLayout()
        theme.space(row)
        row.addWidget(button)
        row.addStretch(1)
        card.column.addLayout(row)
        return button

    def _follow(self) -> None:
        """Amending is for taking all of the colleague's answers, proposing for any other mixture of the two."""
        if self._amend is not None:
            self._amend.setEnabled(all(row.index == 1 for row in self._choices.values()))
