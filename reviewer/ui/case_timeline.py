"""What stands around a case: what became of it, its items by their facts, earlier decisions, and its days."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from reviewer.model.policy import Policy
from reviewer.model.related import CaseRelated, ItemState, Outcome
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.case_ports import OutcomesView, RelatedView
from reviewer.ui.case_sections import WORDS_WIDTH, emptied, wrapped
from reviewer.ui.case_words import (
    counts_words,
    day_words,
    earlier_words,
    event_words,
    item_words,
    outcome_words,
)
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.wording import time_words

ITEMS_SHOWN = 40
EARLIER_SHOWN = 20
OUTCOMES_SHOWN = 20
_INSIDE = WORDS_WIDTH - 20


class AroundPage(QWidget):
    """No pictures: items are told by their facts, and the one on the desk is left out."""

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aroundPage")
        self._policy = policy
        inner = QWidget(self)
        self._column = QVBoxLayout(inner)
        theme.space(self._column, (14, 10, 14, 12), 4)
        scroll = QScrollArea(self)
        scroll.setObjectName("around")
        scroll.setAccessibleName(self.tr("What stands around this case"))
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(inner)
        inner.setAutoFillBackground(False)
        self._trouble = PlainLabel(parent=self)
        self._trouble.setWordWrap(True)
        self._trouble.setContentsMargins(theme.px(14), theme.px(6), theme.px(14), theme.px(8))
        theme.role(self._trouble, "amber-small")
        self._trouble.hide()
        column = QVBoxLayout(self)
        theme.space(column)
        column.addWidget(scroll, 1)
        column.addWidget(self._trouble)

    def show_nothing(self, *, asked: bool) -> None:
        """`asked`: an answer may still come."""
        emptied(self._column)
        if asked:
            self._say(self.tr("Asking what is known around this case."), "dim")
        else:
            self._say(
                self.tr("What stands around this case was not heard yet. It appears when the case system answers."),
                "dim",
            )
        self._column.addStretch(1)

    def say_trouble(self, words: str) -> None:
        """Empty: all is as it was last heard."""
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def show_related(self, view: RelatedView, on_desk: str | None, now: datetime) -> None:
        """`on_desk` is the item that is being decided: nothing is told of it here."""
        related = view.related
        emptied(self._column)
        self._outcomes(related.outcomes, related.case_id)
        self._account(related, on_desk)
        self._items(related, on_desk)
        self._days(related)
        self._say(self.tr("As heard {time}").format(time=time_words(view.heard_at, now)), "small")
        self._column.addStretch(1)

    def show_outcomes(self, view: OutcomesView) -> None:
        """While no case is on the desk: what became of those this person worked on."""
        emptied(self._column)
        self._head(self.tr("What became of your cases"))
        if not view.outcomes:
            self._say(self.tr("Nothing was heard yet. What supervisors hear of your cases appears here."), "dim")
        for outcome in view.outcomes[:OUTCOMES_SHOWN]:
            self._column.addWidget(_OutcomeCard(outcome, named=True, fresh=outcome.id in view.fresh, parent=self))
        self._column.addStretch(1)

    # the sections

    def _outcomes(self, outcomes: tuple[Outcome, ...], case_id: str) -> None:
        if not outcomes:
            return
        self._head(self.tr("What became of earlier reports"))
        for outcome in outcomes[:OUTCOMES_SHOWN]:
            self._column.addWidget(_OutcomeCard(outcome, named=outcome.case_id != case_id, fresh=False, parent=self))
        self._gap()

    def _account(self, related: CaseRelated, on_desk: str | None) -> None:
        if not related.account:
            return
        self._head(self.tr("Same account: {account}").format(account=related.account))
        made = [decision for decision in related.earlier if decision.item_id != on_desk]
        if not related.other_cases:
            self._say(self.tr("No other case shared with you is about it."), "dim")
        elif not made:
            self._say(
                self.tr("Other cases shared with you: {count}. None is decided.").format(count=related.other_cases),
                "dim",
            )
        for decision in made[:EARLIER_SHOWN]:
            self._pair(*earlier_words(decision, self._policy))
        self._more(len(made) - EARLIER_SHOWN)
        self._gap()

    def _items(self, related: CaseRelated, on_desk: str | None) -> None:
        self._head(self.tr("Other items of the case"))
        self._say(counts_words(related), "dim")
        others = [line for line in related.items if line.item_id != on_desk]
        others.sort(key=lambda line: line.state is ItemState.DECIDED)
        for line in others[:ITEMS_SHOWN]:
            self._pair(*item_words(line, self._policy))
        everything = related.waiting + related.held + related.decided
        shown = min(len(others), ITEMS_SHOWN) + (len(related.items) - len(others))
        self._more(everything - shown)
        self._gap()

    def _days(self, related: CaseRelated) -> None:
        self._head(self.tr("Timeline"))
        for event in reversed(related.timeline):
            who = ", ".join(event.who)
            first = f"{day_words(event.day)} · {event_words(event)}"
            self._pair(first, who)
        self._gap()

    # their parts

    def _head(self, words: str) -> None:
        self._column.addWidget(wrapped(words, "caption", self))

    def _say(self, words: str, role: str) -> None:
        self._column.addWidget(wrapped(words, role, self))

    def _pair(self, first: str, second: str) -> None:
        self._column.addWidget(wrapped(first, "", self))
        if second:
            self._column.addWidget(wrapped(second, "small", self))

    def _more(self, count: int) -> None:
        if count > 0:
            self._say(self.tr("and {count:,} more").format(count=count), "small")

    def _gap(self) -> None:
        self._column.addSpacing(theme.px(10))


class _OutcomeCard(Card):
    def __init__(self, outcome: Outcome, *, named: bool, fresh: bool, parent: QWidget) -> None:
        super().__init__(Surface.WASH, margins=(10, 7, 10, 8), gap=2, parent=parent)
        self.setObjectName("outcome")
        head = [self.tr("Case {number}").format(number=outcome.case_number)] if named else []
        head.append(day_words(outcome.day))
        if fresh:
            head.append(self.tr("new"))
        self.column.addWidget(wrapped(" · ".join(head), "small", self, width=_INSIDE))
        self.column.addWidget(wrapped(outcome_words(outcome.kind), "accent-strong", self, width=_INSIDE))
        if outcome.text:
            self.column.addWidget(wrapped(outcome.text, "", self, width=_INSIDE))
        self.setAccessibleName(" · ".join([*head, outcome_words(outcome.kind), outcome.text]))
