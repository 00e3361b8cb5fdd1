"""What two decided on one item, side by side, once it may be seen; and the way to settle it.

The list holds the items this person and somebody else decided. Where the two are to agree, each differing answer is
taken from one side or the other: all from the colleague's amends one's own decision, a mixture is proposed for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from reviewer.model.decisions import Decision, Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.policy import Policy
from reviewer.model.readings import Calibration, ReadingLine, Readings, Stage, settling_draft
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.calibration_card import CalibrationCard
from reviewer.ui.card import Card, Surface
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.kept_words import KeptWords
from reviewer.ui.key_button import KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import SecondReadings
from reviewer.ui.reading_words import stage_words
from reviewer.ui.readings_keys import AGAIN_KEY
from reviewer.ui.sides_view import SidesView

ITEM = int(Qt.ItemDataRole.UserRole)


class ConsensusPage(QWidget):
    """`backAsked` leads to the desk. `show_item` is for the third who has the item on the desk."""

    backAsked = Signal()

    def __init__(
        self,
        second: SecondReadings,
        policy: Policy,
        jobs: Jobs,
        key: str,
        parent: QWidget | None = None,
        keeper: DraftKeeper | None = None,
    ) -> None:
        """`keeper` saves what is being written; the desk's, so that a lock waits for it."""
        super().__init__(parent)
        self._words = KeptWords(settling_draft, keeper)
        self._second = second
        self._jobs = jobs
        self._shown: Readings | None = None
        self._on_desk: str | None = None
        self._writing = False
        self.setObjectName("consensusPage")
        self.setAccessibleName(self.tr("Second readings"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.notice = Notice(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Items that two decided"))
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._chosen)
        self.sides = SidesView(policy, self)
        self.sides.changed.connect(self._changed)
        self.sides.amendAsked.connect(self._amend)
        self.sides.proposeAsked.connect(self._propose)
        self.sides.acceptAsked.connect(self._accept)
        self.calibration = CalibrationCard(policy, self)
        self._empty = plain_label("", "dim", self)
        self._stage = plain_label("", "dim", self)
        back = KeyButton(self.tr("Back to the desk"), key, parent=self)
        back.setObjectName("readingsBack")
        back.clicked.connect(self.backAsked)
        again = KeyButton(self.tr("Look again"), AGAIN_KEY, parent=self)
        again.clicked.connect(self.refresh)
        self._lay_out(back, again)
        self._say()

    def _lay_out(self, back: KeyButton, again: KeyButton) -> None:
        title = PlainLabel(self.tr("Second readings"), self)
        theme.role(title, "title")
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(back)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(again)
        listed = Card(Surface.OUTLINE, margins=(12, 12, 12, 12), gap=8, parent=self)
        listed.column.addWidget(self._empty)
        listed.column.addWidget(self.list, 1)
        listed.column.addWidget(self.calibration)
        scroll = QScrollArea(self)
        scroll.setAccessibleName(self.tr("Both readings, to scroll"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.sides)
        scroll.viewport().setAutoFillBackground(False)
        self.sides.setAutoFillBackground(False)
        right = QVBoxLayout()
        theme.space(right, gap=8)
        right.addWidget(self._stage)
        right.addWidget(scroll, 1)
        body = QHBoxLayout()
        theme.space(body, gap=16)
        body.addWidget(listed, 2)
        body.addLayout(right, 5)
        column = QVBoxLayout(self)
        theme.space(column, (24, 16, 24, 16), 12)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addLayout(body, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The chosen line is quiet like the card on the desk; asked anew each time, for the look may have changed.
        palette = self.list.palette()
        palette.setColor(QPalette.ColorRole.Highlight, theme.colour("accent_wash"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("text"))
        self.list.setPalette(palette)
        self.list.setSpacing(theme.px(4))
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self.refresh()
        else:
            super().keyPressEvent(event)

    def on_desk(self, item_id: str | None) -> None:
        """The item of a third round that lies on the desk: it is the one this page opens with."""
        self._on_desk = item_id

    def refresh(self) -> None:
        """Ask the case system; what is shown stays until the answer is here."""
        second = self._second
        self._jobs.run(
            lambda: (second.mine(), second.calibrations()), then=self._listed, failed=self._broke, owner=self
        )
        if self._on_desk is not None:
            self.show_item(self._on_desk)

    def show_item(self, item_id: str) -> None:
        second = self._second
        self._jobs.run(
            lambda: (second.side_by_side(item_id), second.kept(settling_draft(item_id))),
            then=self._arrived,
            failed=self._withheld,
            owner=self,
        )

    # what came

    def _listed(self, answer: tuple[Sequence[ReadingLine], Sequence[Calibration]]) -> None:
        lines, calibrations = answer
        self.notice.dismiss()
        chosen = self._shown.item.id if self._shown is not None else self._on_desk
        self.list.blockSignals(True)
        self.list.clear()
        for line in lines:
            words = stage_words(line.stage)
            if line.proposed:
                words = self.tr("Your colleague proposes a decision for both.")
            entry = QListWidgetItem(f"{line.case_number} · {line.exhibit}\n{words}")
            entry.setData(ITEM, line.item_id)
            self.list.addItem(entry)
            if line.item_id == chosen:
                self.list.setCurrentItem(entry)
        self.list.blockSignals(False)
        self.calibration.show_answers(calibrations)
        if self._shown is None and self._on_desk is None and self.list.count():
            self.list.setCurrentRow(0)
        elif self._shown is not None and self._on_desk is None:
            self.show_item(self._shown.item.id)
        self._say()

    def _chosen(self, entry: QListWidgetItem | None) -> None:
        if entry is not None:
            self.show_item(str(entry.data(ITEM)))

    def _arrived(self, answer: tuple[Readings, Draft | None]) -> None:
        self._shown, kept = answer
        words = self._words.newest(self._shown.item.id, kept)
        if self.sides.show_readings(self._shown) and words is not None:
            self.sides.restore(words)
        self._say()

    def _changed(self) -> None:
        if self._shown is not None and self.sides.settles:
            self._words.keep(self._shown.item.id, self.sides.draft())

    def _withheld(self, error: ReviewerError) -> None:
        """While a third settles it, the two go on not seeing each other's: that is said, and is no failure."""
        self._shown = None
        self.sides.show_readings(None)
        self._stage.setText(
            self.tr("Both are kept. You see the other one when it is settled; until then each stays uninfluenced.")
            if error.code == "S003"
            else f"{error.what_happened} {error.what_to_do}"
        )
        self._stage.show()

    def _broke(self, error: ReviewerError) -> None:
        self.notice.tell_error(error)
        self._say()

    def _say(self) -> None:
        none = self.list.count() == 0
        self._empty.setText(self.tr("No item of yours was decided by somebody else as well.") if none else "")
        self._empty.setVisible(none)
        self.list.setVisible(not none)
        shown = self._shown
        if shown is not None:
            head = f"{shown.case_number} · {shown.item.exhibit}"
            own = any(reading.mine for reading in shown.readings)
            words = stage_words(shown.stage)
            if shown.stage is Stage.THIRD and not own:
                words = self.tr("Two decisions differ. Yours will stand: decide at the desk.")
            self._stage.setText(f"{head}   {words}")
        else:
            self._stage.setText("")
        self._stage.setVisible(shown is not None)

    # settling

    def _amend(self) -> None:
        draft = self.sides.draft()
        self._do(lambda shown: self._second.amend(shown, draft))

    def _propose(self) -> None:
        draft = self.sides.draft()
        self._do(lambda shown: self._second.propose(shown, draft))

    def _accept(self) -> None:
        self._do(self._second.accept)

    def _do(self, write: Callable[[Readings], Decision | None]) -> None:
        shown = self._shown
        if shown is None or self._writing:
            return
        self._writing = True
        self.sides.wait(True)
        words = self._words.of(shown.item.id)
        # A save on its way must not put back what writing it down removes.
        self._words.settle(
            lambda: self._jobs.run(
                lambda: write(shown),
                then=lambda _made: self._written(shown.item.id, words),
                failed=self._not_written,
                owner=self,
            )
        )

    def _written(self, item_id: str, words: Draft | None) -> None:
        self._writing = False
        self.sides.wait(False)
        self._words.became(item_id, words)
        self.notice.tell(
            self.tr("It is written down."),
            self.tr("Your first decision is kept as well."),
            self.tr("It is sent by itself; F5 looks again."),
            calm=True,
        )

    def _not_written(self, error: ReviewerError) -> None:
        self._writing = False
        self.sides.wait(False)
        self.notice.tell_error(error)
