"""How one person likes to work: each change is in force at once and kept in their encrypted store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.model.preferences import Preferences
from reviewer.ui import theme
from reviewer.ui.appearance import Appearance
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.preference_rows import (
    Question,
    QuestionRow,
    looking_questions,
    pace_questions,
    sound_questions,
    window_questions,
)
from reviewer.ui.rather_not_card import KINDS, RatherNotCard, ToggleGrid
from reviewer.ui.scrolled import Scrolled
from reviewer.ui.wording import kind_words

KEY = "Ctrl+,"
SHOWN = "Ctrl ,"
WIDEST = 880


def _utc_now() -> datetime:
    return datetime.now(UTC)


class PreferencesPage(QWidget):
    """`backAsked` to the desk. Where nobody views (`views`), only the window itself can be chosen."""

    backAsked = Signal()

    def __init__(
        self,
        policy: Policy,
        appearance: Appearance,
        parent: QWidget,
        *,
        views: bool,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("preferencesPage")
        self.setAccessibleName(self.tr("Preferences"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._appearance = appearance
        self._policy = policy
        self._rows: list[QuestionRow] = []
        self.rather_not: RatherNotCard | None = None
        self._facts: ToggleGrid | None = None
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        theme.space(column, (24, 4, 24, 24), 12)
        if views:
            column.addWidget(self._looking(policy))
            column.addWidget(self._card(self.tr("Sound"), sound_questions(policy)))
            column.addWidget(self._card(self.tr("Pace"), pace_questions(policy)))
            self.rather_not = RatherNotCard(policy, now, self)
            self.rather_not.chosen.connect(lambda wishes: appearance.prefer(rather_not=wishes))
            column.addWidget(self.rather_not)
        column.addWidget(self._card(self.tr("The window"), window_questions()))
        column.addStretch(1)
        theme.size(inside, max_width=WIDEST)
        middle = QWidget(self)
        across = QHBoxLayout(middle)
        theme.space(across)
        across.addStretch(1)
        across.addWidget(inside, 100)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        theme.space(whole, (0, 16, 0, 0), 12)
        whole.addLayout(self._head())
        whole.addWidget(Scrolled(middle, self), 1)
        appearance.changed.connect(self.answer)
        self.answer(appearance.preferences)

    def answer(self, liked: Preferences) -> None:
        """Mark what is in force."""
        for row in self._rows:
            row.answer(liked)
        if self.rather_not is not None:
            self.rather_not.answer(liked.rather_not)
        if self._facts is not None:
            self._facts.tick({kind.value: "" for kind in KINDS if kind.value in liked.facts_first})

    def _head(self) -> QHBoxLayout:
        back = KeyButton(self.tr("Back to the desk"), SHOWN, parent=self)
        back.setObjectName("preferencesBack")
        back.clicked.connect(self.backAsked)
        title = PlainLabel(self.tr("Preferences"), self)
        theme.role(title, "head")
        words = self.tr("Each change counts at once. What the policy says can be tightened here, not loosened.")
        texts = QVBoxLayout()
        theme.space(texts, gap=4)
        texts.addWidget(title)
        texts.addWidget(plain_label(words, "dim", self))
        row = QHBoxLayout()
        theme.space(row, (24, 0, 24, 0), 16)
        row.addLayout(texts, 1)
        row.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _card(self, title: str, questions: tuple[Question, ...]) -> Card:
        card = Card(Surface.OUTLINE, margins=(20, 16, 20, 16), gap=12, parent=self)
        heading = PlainLabel(title, card)
        theme.role(heading, "strong")
        card.column.addWidget(heading)
        for question in questions:
            row = QuestionRow(question, card)
            row.chosen.connect(lambda field, value: self._appearance.prefer(**{field: value}))
            card.column.addWidget(row)
            self._rows.append(row)
        return card

    def _looking(self, policy: Policy) -> Card:
        card = self._card(self.tr("Looking"), looking_questions(policy))
        words = self.tr("Begin with the facts. Nothing of these is seen or heard before you ask for it.")
        card.column.addWidget(plain_label(words, "dim", card))
        self._facts = ToggleGrid("factsFirst", [(kind.value, kind_words(kind).capitalize()) for kind in KINDS], card)
        self._facts.setAccessibleName(self.tr("Begin with the facts"))
        self._facts.toggled.connect(self._toggle_facts)
        card.column.addWidget(self._facts)
        already = [harm.words for harm in policy.harm_types if harm.start_level is Level.FACTS]
        if already:
            said = self.tr("Your organisation's policy begins all items of these with the facts: {harms}.")
            card.column.addWidget(plain_label(said.format(harms=", ".join(already)), "small", card))
        return card

    def _toggle_facts(self, kind: str) -> None:
        now = self._appearance.preferences.facts_first
        left = tuple(one for one in now if one != kind)
        self._appearance.prefer(facts_first=left if len(left) < len(now) else (*now, kind))
