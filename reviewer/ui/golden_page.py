"""Where a supervisor marks decided items for calibration: by number and by what was decided, nothing of the item."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.policy import Policy
from reviewer.model.readings import Golden, GoldenAnswer, GoldenCandidate, golden_draft
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.golden_form import GoldenForm
from reviewer.ui.kept_words import KeptWords
from reviewer.ui.key_button import KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import SecondReadings
from reviewer.ui.scrolled import Scrolled

KEY, KEY_SHOWN = "F8", "F8"
_ONE = int(Qt.ItemDataRole.UserRole)


class GoldenList(QListWidget):
    """Enter goes on to the answer, as a double click does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        else:
            super().keyPressEvent(event)


class GoldenPage(QWidget):
    """`backAsked` leads back to the team. Asks the case system whenever it is shown and after each change."""

    backAsked = Signal()

    def __init__(
        self,
        second: SecondReadings,
        policy: Policy,
        jobs: Jobs,
        parent: QWidget | None = None,
        keeper: DraftKeeper | None = None,
    ) -> None:
        """`keeper` saves what is being written."""
        super().__init__(parent)
        self._words = KeptWords(golden_draft, keeper)
        self._shown = ""  # id of the item whose answer the form has
        self._second = second
        self._policy = policy
        self._jobs = jobs
        self._busy = False
        self.setObjectName("goldenPage")
        self.setAccessibleName(self.tr("Calibration items"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.notice = Notice(self)
        self.form = GoldenForm(policy, self)
        self.form.markAsked.connect(self._mark)
        self.form.withdrawAsked.connect(self.withdraw)
        self.form.changed.connect(self._answered)
        self.list = GoldenList(self)
        self.list.setAccessibleName(self.tr("Marked items, then decided ones that can be marked"))
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._chosen)
        self.list.itemActivated.connect(lambda _item: self.form.begin())
        self._empty = plain_label("", "dim", self)
        self._lay_out()
        self._listed(((), ()))
        self._empty.setText(self.tr("Asking the case system."))

    def _lay_out(self) -> None:
        title = PlainLabel(self.tr("Calibration items"), self)
        theme.role(title, "title")
        back = KeyButton(self.tr("Back to the team"), KEY_SHOWN, parent=self)
        back.setObjectName("goldenBack")
        back.clicked.connect(self.backAsked)
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(back)
        head.addWidget(title)
        head.addStretch(1)
        listed = Card(Surface.OUTLINE, margins=(12, 12, 12, 12), gap=8, parent=self)
        listed.column.addWidget(self._empty)
        listed.column.addWidget(self.list, 1)
        body = QHBoxLayout()
        theme.space(body, gap=16)
        body.addWidget(listed, 2)
        inside = QWidget(self)
        right = QVBoxLayout(inside)
        theme.space(right)
        right.addWidget(self.form)
        right.addStretch(1)
        body.addWidget(Scrolled(inside, self), 3)
        column = QVBoxLayout(self)
        theme.space(column, gap=12)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addLayout(body, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._colour()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._colour()

    def _colour(self) -> None:
        palette = self.list.palette()
        palette.setColor(QPalette.ColorRole.Highlight, theme.colour("accent_wash"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("text"))
        self.list.setPalette(palette)
        self.list.setSpacing(theme.px(4))

    def refresh(self) -> None:
        second = self._second
        self._jobs.run(
            lambda: (second.golden(), second.golden_candidates()), then=self._listed, failed=self._broke, owner=self
        )

    def _listed(self, answer: tuple[Sequence[Golden], Sequence[GoldenCandidate]]) -> None:
        marked, candidates = answer
        before = self.list.currentItem()
        chosen = before.data(_ONE).item_id if before is not None else ""
        self.list.blockSignals(True)
        self.list.clear()
        everything: list[Golden | GoldenCandidate] = [*marked, *candidates]
        for one in everything:
            stands = self.tr("marked for calibration") if isinstance(one, Golden) else self.tr("decided")
            right = one.answer if isinstance(one, Golden) else one.decided
            what = self._policy.harm_type(right.category).words
            whole = one.exhibit.startswith(one.case_number)
            number = one.exhibit if whole else f"{one.case_number} · {one.exhibit}"
            line = QListWidgetItem(f"{number}\n{what} · {stands}")
            line.setData(_ONE, one)
            self.list.addItem(line)
            if one.item_id == chosen:
                self.list.setCurrentItem(line)
        self.list.blockSignals(False)
        if self.list.currentItem() is None and self.list.count():
            self.list.setCurrentRow(0)
        self._chosen(self.list.currentItem())
        self._empty.setVisible(not self.list.count())
        self._empty.setText(self.tr("No item has been decided for good yet."))

    def _broke(self, error: ReviewerError) -> None:
        self._busy = False
        self.notice.tell_error(error)
        if not self.list.count():
            self._empty.setText(self.tr("The case system was not heard."))

    def _chosen(self, line: QListWidgetItem | None) -> None:
        one = line.data(_ONE) if line is not None else None
        if isinstance(one, Golden):
            self.form.show_answer(one.exhibit, one.answer, marked=True)
        elif isinstance(one, GoldenCandidate):
            self.form.show_answer(one.exhibit, one.decided, marked=False)
        else:
            self._shown = ""
            self.form.show_nothing()
            return
        self._shown = item_id = one.item_id
        words = self._words.newest(item_id, None)
        if words is not None:
            self.form.restore(words)
        else:
            second = self._second
            self._jobs.run(
                lambda: second.kept(golden_draft(item_id)),
                then=lambda kept: self._kept(item_id, kept),
                failed=self._broke,
                owner=self,
            )

    def _kept(self, item_id: str, kept: Draft | None) -> None:
        words = self._words.newest(item_id, kept)
        # Unless something was answered meanwhile: that is newer, and in the form already.
        if item_id == self._shown and words is not None and self._words.of(item_id) is None:
            self.form.restore(words)

    def _answered(self) -> None:
        if self._shown:
            self._words.keep(self._shown, self.form.draft(self._shown))

    def _mark(self, right: GoldenAnswer) -> None:
        second = self._second
        self._change(lambda item_id: second.mark_golden(item_id, right))

    def withdraw(self) -> None:
        line = self.list.currentItem()
        if line is not None and isinstance(line.data(_ONE), Golden):
            self._change(self._second.withdraw_golden)

    def _change(self, change: Callable[[str], None]) -> None:
        item_id = self._shown
        if not item_id or self._busy:
            return
        self._busy = True
        words = self._words.of(item_id)
        # A save on its way must not put back what the change removes.
        self._words.settle(
            lambda: self._jobs.run(
                lambda: change(item_id),
                then=lambda _nothing: self._changed(item_id, words),
                failed=self._broke,
                owner=self,
            )
        )

    def _changed(self, item_id: str, words: Draft | None) -> None:
        self._busy = False
        self._words.became(item_id, words)
        self.notice.dismiss()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()
