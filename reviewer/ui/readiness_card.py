"""What is missing before the item can be decided, in words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.model.completeness import missing, needed
from reviewer.model.decisions import Action, Draft
from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.wording import field_words
from reviewer.ui.wrapped_label import WrappedLabel


class ReadinessCard(Card):
    """Says how many of the questions are answered and which are not; `insist` points at them after an early Enter."""

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(Surface.WASH, margins=(12, 8, 12, 8), gap=2, parent=parent)
        self._policy = policy
        self.setObjectName("readiness")
        self._head = PlainLabel(parent=self)
        self._rest = WrappedLabel(240, self)
        self._rest.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # Always room for two lines: the keys below never move while somebody answers.
        theme.size(self._rest, height=32)
        self.column.addWidget(self._head)
        self.column.addWidget(self._rest)

    @property
    def words(self) -> str:
        return f"{self._head.text()} {self._rest.text()}"

    def show_draft(self, draft: Draft, *, seen: str) -> None:
        """`seen` says what of the item was looked at so far; it is shown once nothing is missing."""
        absent = missing(draft, self._policy)
        wanted = len(needed(draft, self._policy))
        report = draft.action is Action.REPORT
        if not absent:
            self._say(self.tr("Ready to report") if report else self.tr("Ready to decide"), seen, "accent-strong")
        else:
            purpose = self.tr("To report") if report else self.tr("To decide")
            head = self.tr("{purpose}: {done} of {needed}").format(
                purpose=purpose, done=wanted - len(absent), needed=wanted
            )
            words = ", ".join(field_words(field) for field in absent)
            self._say(head, self.tr("Missing: {fields}").format(fields=words), "strong")
        self.set_surface(Surface.WASH)

    def insist(self) -> None:
        self.set_surface(Surface.AMBER)
        theme.role(self._head, "amber-strong")

    def _say(self, head: str, rest: str, role: str) -> None:
        self._head.setText(head)
        self._rest.setText(rest)
        theme.role(self._head, role)
        theme.role(self._rest, "small")
        self.setAccessibleName(f"{head}. {rest}")
