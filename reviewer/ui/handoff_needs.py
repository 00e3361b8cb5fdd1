"""Step 2: what the recipient needs to act on it. Prefilled, kept as it is typed; what is missing is named beside it."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.decisions import Draft
from reviewer.model.handoff import MAX_ANSWER, MAX_WORDS
from reviewer.model.handoff_answers import Question, StatementField
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.handoff_state import ASKED, HandoffState
from reviewer.ui.handoff_words import (
    content_date_hint,
    question_hint,
    question_words,
    statement_words,
)
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.scrolled import Scrolled
from reviewer.ui.why_field import WhyField

OVERRULE_KEY = "Alt+O"
FIELD_HEIGHT = 58
WIDEST = 860


def overrule_draft(case_id: str) -> str:
    """In the place of an item's id: a reason that is being written, and overrules nothing yet."""
    return f"overrule:{case_id}"


class AnswerField(WhyField):
    """Plain words; Tab leaves it. Nothing but text comes in, however it is brought."""

    def __init__(self, name: str, parent: QWidget, *, most: int = MAX_ANSWER) -> None:
        super().__init__(parent)
        self._most = most
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setAccessibleName(name)
        theme.size(self, height=FIELD_HEIGHT)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls() and not source.hasImage()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.canInsertFromMimeData(source):
            self.insertPlainText(source.text()[: self._most + 1])

    def show_words(self, words: str) -> None:
        """Only where they are others: the cursor stays where somebody writes."""
        if self.toPlainText() != words:
            self.setPlainText(words)


class _Asked(QWidget):
    """One question with its field, an example, and whether it is missing."""

    def __init__(self, name: str, words: str, hint: str, parent: QWidget) -> None:
        """`name` is the answer's in `HandoffAnswers`."""
        super().__init__(parent)
        self.field = AnswerField(words, self)
        self.field.setObjectName(f"handoff_{name}")
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleDescription(hint)
        title = plain_label(words, "strong", self)
        self.said = PlainLabel("", self)
        theme.role(self.said, "amber-small")
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(title, 1)
        head.addWidget(self.said)
        column = QVBoxLayout(self)
        theme.space(column, gap=4)
        column.addLayout(head)
        column.addWidget(self.field)


class NeedsStep(QWidget):
    """`overruleAsked(reason)` by somebody who may; the answer comes with the next outline."""

    overruleAsked = Signal(str)

    def __init__(self, state: HandoffState, keeper: DraftKeeper | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._keeper = keeper
        self._reason_of = ""  # the case whose reason is in the field
        self.setAccessibleName(self.tr("What the recipient needs"))
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        theme.space(column, (0, 0, 8, 0), 12)
        self._asked = {one: _Asked(one.value, question_words(one), question_hint(one), inside) for one in ASKED}
        posted = StatementField.CONTENT_DATE
        self.posted = _Asked(posted.value, statement_words(posted), content_date_hint(), inside)
        fields: list[tuple[Question | StatementField, _Asked]] = [*self._asked.items(), (posted, self.posted)]
        for question, asked in fields:
            asked.field.textChanged.connect(lambda question=question: self._typed(question))
            column.addWidget(asked)
        self.statement = plain_label("", "amber-small", inside)
        column.addWidget(self.statement)
        column.addStretch(1)
        self.missing = Card(Surface.AMBER, margins=(16, 12, 16, 12), gap=6, parent=self)
        self._named = plain_label("", "", self.missing)
        self._who = plain_label("", "dim", self.missing)
        self.reason = AnswerField(self.tr("Reason for sealing without it"), self.missing, most=MAX_WORDS)
        self.reason.setObjectName("handoffReason")
        self.reason.setPlaceholderText(self.tr("Reason for sealing without it; it is kept in the package"))
        self.overrule = KeyButton(self.tr("Overrule with this reason"), "Alt O", parent=self.missing)
        self.overrule.setObjectName("handoffOverrule")
        self.overrule.clicked.connect(self.ask_overrule)
        self.reason.textChanged.connect(self._may_overrule)
        self.reason.textChanged.connect(self._keep_reason)
        for part in (self._named, self._who, self.reason):
            self.missing.column.addWidget(part)
        self.missing.column.addWidget(self.overrule, 0, Qt.AlignmentFlag.AlignLeft)
        self._ready = plain_label("", "accent", self)
        scrolled = Scrolled(inside, self)
        theme.size(scrolled, max_width=WIDEST)
        whole = QVBoxLayout(self)
        theme.space(whole, gap=12)
        whole.addWidget(scrolled, 1)
        whole.addWidget(self.missing)
        whole.addWidget(self._ready)
        state.changed.connect(self._show)

    def focus_first(self) -> None:
        first = next((one for one in self._state.asked() if one in self._state.missing), self._state.asked()[0])
        self._asked[first].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_overrule(self) -> None:
        """First press: to the reason. With a reason: it is asked for."""
        if not self.missing.isVisible() or self.reason.isHidden():
            return
        words = self.reason.toPlainText().strip()
        if words and len(words) <= MAX_WORDS:
            self.overruleAsked.emit(words)
        else:
            self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def overruled(self, case_id: str) -> None:
        """Its reason is used; another case may be shown by now, with a reason of its own."""
        if case_id == self._reason_of:
            self.reason.setPlainText("")
        elif self._keeper is not None:
            self._keeper.keep(Draft(item_id=overrule_draft(case_id)))

    def _keep_reason(self) -> None:
        if self._keeper is not None and self._reason_of:
            words = self.reason.toPlainText()
            self._keeper.keep(Draft(item_id=overrule_draft(self._reason_of), rationale=words))

    def begin_reason(self, case_id: str, kept: Draft | None) -> None:
        """Of another case: what was being written for it, or nothing."""
        self._reason_of = ""  # nothing of another case is kept as of this one
        self.reason.setPlainText(kept.rationale if kept is not None else "")
        self._reason_of = case_id

    def _typed(self, question: Question | StatementField) -> None:
        part = self._asked[question] if isinstance(question, Question) else self.posted
        words = part.field.toPlainText()
        self._state.answer(msgspec.structs.replace(self._state.answers, **{question.value: words}))

    def _may_overrule(self) -> None:
        self.overrule.setEnabled(0 < len(self.reason.toPlainText().strip()) <= MAX_WORDS)

    def _show(self) -> None:
        state, outline = self._state, self._state.outline
        asked = state.asked()
        for question, part in self._asked.items():
            part.setVisible(question in asked)
            part.field.show_words(getattr(state.answers, question.value))
            over = state.too_long(question)
            words = self.tr("missing") if state.known and question in state.missing else ""
            part.said.setText(self.tr("{n} characters too many").format(n=over) if over else words)
        self._show_statement()
        missing = state.missing if state.known else ()
        self._ready.setVisible(state.known and not missing)
        whole, recipients = self.tr("Nothing is missing."), self.tr("Nothing that the recipient needs is missing.")
        self._ready.setText(recipients if state.statement_lacks else whole)
        self.missing.setVisible(bool(missing))
        if not missing:
            return
        self._named.setText(self.tr("Missing: {what}").format(what=" · ".join(question_words(one) for one in missing)))
        agency = state.agency_chosen()
        may = outline is not None and outline.may_overrule and agency is not None
        self._who.setText(" ".join(filter(None, (self._no_other(), self._who_may()))))
        self.reason.setVisible(may and not state.overruled)
        self.overrule.setVisible(may and not state.overruled)
        self._may_overrule()

    def _no_other(self) -> str:
        """That there is an overrule of the case, which does not cover this."""
        state, outline = self._state, self._state.outline
        if state.overruled or outline is None or state.agency_chosen() is None or not outline.overrules:
            return ""
        if state.overrule is not None:
            return self.tr("{who} overruled less than what is missing now.").format(who=state.overrule.by)
        return self.tr("What was overruled of this case does not name this recipient.")

    def _who_may(self) -> str:
        state, outline, agency = self._state, self._state.outline, self._state.agency_chosen()
        if state.overruled and state.overrule is not None:
            words = self.tr("{who} lets it be sealed all the same: {reason}")
            return words.format(who=state.overrule.by, reason=state.overrule.reason)
        if outline is None or not outline.may_overrule:
            return self.tr(
                "Answer what is missing; or a supervisor opens this case here and overrules it with a reason."
            )
        if agency is None:
            return self.tr("Answer what is missing; or choose a recipient first (step 1): you may overrule it for one.")
        words = self.tr("You may let it be sealed for {agency} all the same. The reason goes into the package.")
        return words.format(agency=agency.words)

    def _show_statement(self) -> None:
        """What the statement of reasons is asked for, and lacks; it holds nothing up."""
        state, posted = self._state, StatementField.CONTENT_DATE
        lacks, over = state.statement_lacks, state.too_long(posted)
        self.posted.setVisible(state.states_reasons)
        self.posted.field.show_words(state.answers.content_date)
        words = self.tr("missing") if posted in lacks else ""
        self.posted.said.setText(self.tr("{n} characters too many").format(n=over) if over else words)
        self.statement.setVisible(bool(lacks))
        named = " · ".join(statement_words(one) for one in lacks)
        words = self.tr(
            "Missing in the EU's statement of reasons: {what}. The package can be sealed without; whoever sends the "
            "statement adds it."
        )
        self.statement.setText(words.format(what=named))
