"""The form for many items at once: what it applies to, the decision as on the desk, how far it got, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from reviewer.model.batch import BATCH_FORM, BatchOutcome, BatchResult
from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.wording import tr


def outcome_words(outcome: BatchOutcome, count: int) -> str:
    return {
        BatchOutcome.DECIDED: tr("{count} decided"),
        BatchOutcome.ELSEWHERE: tr("{count} lie with a colleague"),
        BatchOutcome.GONE: tr("{count} are no longer in your queue"),
        BatchOutcome.ON_DESK: tr("{count} on your own desk: decide there"),
        BatchOutcome.ONE_BY_ONE: tr("{count} must be decided one by one"),
        BatchOutcome.NOT_REACHED: tr("{count} not asked: the case system does not answer"),
        BatchOutcome.STOPPED: tr("{count} not begun: you stopped"),
        BatchOutcome.NOT_KEPT: tr("{count} not saved: the store did not take them"),
    }[outcome].format(count=count)


def result_words(results: Iterable[BatchResult]) -> str:
    """How many were decided, then why others were not; one line each."""
    counts = Counter(result.outcome for result in results)
    return "\n".join(outcome_words(outcome, counts[outcome]) for outcome in BatchOutcome if counts[outcome])


def selection_words(items: int, viewed: int) -> str:
    """34 items, of which 31 not viewed, 3 viewed."""
    if items == 1:
        return tr("1 item, viewed") if viewed else tr("1 item, not viewed")
    return tr("{items:,} items, of which {not_viewed:,} not viewed, {viewed:,} viewed").format(
        items=items, not_viewed=items - viewed, viewed=viewed
    )


class GalleryBatch(QFrame):
    """`stop` when a running batch is to end, `back` when the form is to close."""

    stop = Signal()
    back = Signal()

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self._running = False
        self._kept = ""
        self.setObjectName("galleryBatch")
        self.setAccessibleName(self.tr("Decide together"))
        self.setProperty("surface", "panel")
        self.setProperty("rule", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.panel = DecisionPanel(policy, self)
        self.panel.setProperty("rule", "")
        self._title = PlainLabel(self.tr("Decide together"), self)
        theme.role(self._title, "strong")
        self._about = plain_label("", "", self)
        self._about.setObjectName("batchAbout")
        self._said = plain_label("", "dim", self)
        self._said.setObjectName("batchSaid")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("batchProgress")
        self._bar.setAccessibleName(self.tr("How many are done"))
        self._bar.setTextVisible(False)
        theme.size(self._bar, height=6)
        self._back = KeyButton(self.tr("Back to the items"), "Q", parent=self)
        self._back.setObjectName("batchBack")
        self._back.clicked.connect(self.leave)
        head = QVBoxLayout()
        theme.space(head, (16, 12, 16, 0), 6)
        for part in (self._title, self._about, self._said, self._bar, self._back):
            head.addWidget(part)
        column = QVBoxLayout(self)
        theme.space(column, gap=0)
        column.addLayout(head)
        column.addWidget(self.panel, 1)
        self._bar.hide()
        self._said.hide()

    @property
    def running(self) -> bool:
        return self._running

    def begin(self, harm_types: Sequence[str], words: str) -> None:
        """For these; what was chosen before for others stays as a start, but for the category."""
        draft = self.panel.draft if self.panel.draft is not None else Draft(item_id=BATCH_FORM)
        known = {harm.key for harm in self._policy.harm_types}
        if draft.category is None and len(set(harm_types)) == 1 and harm_types[0] in known:
            draft = msgspec.structs.replace(draft, category=harm_types[0])
        self.panel.show_draft(draft)
        self.panel.say_seen("")
        self.say(words)
        self._say_result(self._kept)
        self._kept = ""

    def restore(self, draft: Draft) -> None:
        """What was answered before a lock or a crash; said when the form is opened, or now when it is."""
        known = {harm.key for harm in self._policy.harm_types}
        if draft.category not in known:
            draft = msgspec.structs.replace(draft, category=None)
        self.panel.show_draft(msgspec.structs.replace(draft, item_id=BATCH_FORM))
        self._tell_kept(self.tr("What you had answered here before is here again, for what is left to decide."))

    def say_trouble(self, error: ReviewerError) -> None:
        """What was kept could not be read."""
        words = self.tr("{happened} What you may have answered here before is not shown.")
        self._tell_kept(words.format(happened=error.what_happened))

    def _tell_kept(self, words: str) -> None:
        if self.isVisible():
            self._say_result(words)
        else:
            self._kept = words

    def say(self, words: str) -> None:
        """What it applies to."""
        self._about.setText(words)

    def say_primary(self, items: int) -> None:
        words = self.tr("Decide 1 item") if items == 1 else self.tr("Decide {items:,} items").format(items=items)
        self.panel.say_primary(words, usable=bool(items) and not self._running)

    def started(self, items: int) -> None:
        self._running = True
        self.panel.set_deciding(True)
        self._bar.setRange(0, items)
        self._bar.setValue(0)
        self._bar.show()
        self._back.set_words(self.tr("Stop"))
        self._say_result(self.tr("What is decided stays decided; stopping leaves the rest in the queue."))

    def progress(self, done: int, of: int) -> None:
        if self._running:
            self._bar.setRange(0, of)
            self._bar.setValue(done)
            self._about.setText(self.tr("{done:,} of {of:,} done").format(done=done, of=of))

    def ended(self, words: str, *, empty: bool) -> None:
        """`words` say what came of it; `empty` forgets the form, so that it is not applied twice by a slip."""
        self._running = False
        self.panel.set_deciding(False)
        if empty:
            self.panel.show_draft(Draft(item_id=BATCH_FORM))
        self._bar.hide()
        self._back.set_words(self.tr("Back to the items"))
        self._say_result(words)

    def leave(self) -> None:
        """Q: stop what runs, else back to the items."""
        (self.stop if self._running else self.back).emit()

    def _say_result(self, words: str) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))
