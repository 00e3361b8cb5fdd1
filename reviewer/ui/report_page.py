"""Where "Report now" ends: what was recorded, that nobody has been told, whom to call, and the way to hand it off."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision
from reviewer.model.policy import Policy
from reviewer.model.taxonomy import words_of
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_keys import KEY as HANDOFF_KEY
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.wording import action_words, imminence_words, source_words
from reviewer.ui.wrapped_label import WrappedLabel

WIDTH = 440


class ReportPage(QWidget):
    """A decision is no report: nobody has it until a package is built and sent. Repeats no word of the reason."""

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self.setObjectName("reportPage")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._head = PlainLabel(self.tr("Recorded as a report. Nobody has been told yet."), self)
        theme.role(self._head, "title")
        self._recorded = self._lines()
        self._by_hand = self._lines()
        self.go_on = KeyButton(self.tr("Go on"), self.tr("Enter"), kind=ButtonKind.PRIMARY, parent=self)
        self.go_on.setObjectName("reportGoOn")
        self.case_id = ""
        self.hand_off = KeyButton(self.tr("Hand off this case"), HANDOFF_KEY, parent=self)
        self.hand_off.setObjectName("reportHandOff")
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self.hand_off)
        row.addWidget(self.go_on)
        row.addStretch(1)
        inner = QVBoxLayout()
        theme.space(inner, gap=12)
        inner.addWidget(self._head)
        for surface, caption, lines in (
            (Surface.CARD, self.tr("What was recorded"), self._recorded),
            (Surface.AMBER, self.tr("To do now"), self._by_hand),
        ):
            card = Card(surface, gap=6, parent=self)
            label = PlainLabel(caption, card)
            theme.role(label, "caption")
            card.column.addWidget(label)
            card.column.addWidget(lines)
            inner.addWidget(card)
        inner.addLayout(row)
        middle = QHBoxLayout()
        theme.space(middle)
        middle.addStretch(1)
        middle.addLayout(inner)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        theme.space(column, (24, 24, 24, 24))
        column.addStretch(2)
        column.addLayout(middle)
        column.addStretch(3)

    def _lines(self) -> WrappedLabel:
        return WrappedLabel(WIDTH, self)

    @property
    def words(self) -> str:
        return f"{self._head.text()} {self._recorded.text()} {self._by_hand.text()}"

    def show_report(self, decision: Decision, entry: QueueEntry) -> None:
        self.case_id = entry.case.id
        self._recorded.setText("\n".join(self._what(decision, entry)))
        self._by_hand.setText("\n".join(self._to_do(entry)))
        self.setAccessibleName(self.words)

    def clear(self) -> None:
        self.case_id = ""
        self._recorded.setText("")
        self._by_hand.setText("")

    def _what(self, decision: Decision, entry: QueueEntry) -> list[str]:
        grounds = ", ".join(words_of(self._policy.taxonomy.grounds, key) for key in decision.grounds)
        danger = imminence_words(decision.imminence)
        lines = [
            self.tr("Case {number}, exhibit {exhibit}").format(number=entry.case.number, exhibit=entry.item.exhibit),
            self.tr("Danger: {words}").format(words=f"{danger} ({grounds})" if grounds else danger),
            self.tr("{category}, severity {severity}").format(
                category=self._policy.harm_type(decision.category).words,
                severity=self._policy.severity_words[decision.severity - 1],
            ),
            action_words(decision.action),
        ]
        finer = [part for part in (decision.classification, self._age(decision)) if part]
        if finer:
            lines.insert(3, ", ".join(finer))
        return lines

    def _age(self, decision: Decision) -> str:
        age = decision.age_group
        return (
            "" if age is None else self.tr("age {words}").format(words=words_of(self._policy.taxonomy.age_groups, age))
        )

    def _to_do(self, entry: QueueEntry) -> list[str]:
        asked_by = source_words(entry.case.referral.source)
        lines = [
            self.tr("The decision is kept and goes to the case system; by itself it tells nobody outside. Call first "
                    "where somebody is in danger. Then hand off this case: the package is built and sealed step by "
                    "step, and it is you who sends it."),
            self.tr("Referred by: {source}").format(source=asked_by),
        ]  # fmt: skip
        contacts = self._policy.emergency
        lines += [f"{number}. {one.words}: {one.reach}" for number, one in enumerate(contacts, start=1)]
        if not contacts:
            lines.append(self.tr("The policy names nobody to call. Ask your supervisor."))
        return lines
