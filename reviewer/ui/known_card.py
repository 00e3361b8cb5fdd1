"""Known matches at FACTS: which list knows the item, how sure that is, what the list says. A match never decides."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.model.known import KnownMatch
from reviewer.model.policy import Policy
from reviewer.model.suggesting import suggested_category, surest_first
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.known_words import distance_words, list_words, says_words
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel, plain_label

SHOWN = 4


class KnownCard(Card):
    """The surest match first. `key` is the one that takes over what is suggested."""

    def __init__(
        self, matches: tuple[KnownMatch, ...], policy: Policy, *, key: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(Surface.CARD, margins=(12, 10, 12, 10), gap=6, parent=parent)
        self.setObjectName("known")
        self.setAccessibleName(self.tr("Known matches"))
        surest = surest_first(matches)
        self.column.addLayout(self._head(surest[0], len(surest)))
        for match in surest[:SHOWN]:
            self._add_match(match)
        if len(surest) > SHOWN:
            more = self.tr("Matches not shown here: {count}").format(count=len(surest) - SHOWN)
            self.column.addWidget(plain_label(more, "dim", self))
        self.column.addWidget(plain_label(self._foot(matches, policy, key), "small", self))

    def _head(self, surest: KnownMatch, count: int) -> QHBoxLayout:
        row = QHBoxLayout()
        theme.space(row, gap=8)
        words = self.tr("In a list of known material") if count == 1 else self.tr("In lists of known material")
        head = PlainLabel(words, self)
        theme.role(head, "strong")
        row.addWidget(head)
        exact = surest.kind.exact
        row.addWidget(Pill(self.tr("the same bytes") if exact else self.tr("looks alike"), Tone.NEUTRAL, self))
        row.addStretch(1)
        return row

    def _add_match(self, match: KnownMatch) -> None:
        self.column.addWidget(plain_label(f"{list_words(match)} · {distance_words(match)}", "", self))
        self.column.addWidget(plain_label(says_words(match), "dim", self))

    def _foot(self, matches: tuple[KnownMatch, ...], policy: Policy, key: str) -> str:
        suggested = suggested_category(matches, policy)
        if suggested is None:
            return self.tr("A match never decides: you do.")
        words = self.tr("A match never decides. It suggests “{category}”: {key} takes that over, or choose another.")
        return words.format(category=policy.harm_type(suggested).words, key=key)
