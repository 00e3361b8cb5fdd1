"""Step 3: which papers go along: the report, the CyberTipline report, a letter."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_letter import LetterCard
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.scrolled import Scrolled

THUMBNAILS_KEY, CYBERTIP_KEY = "Alt+T", "Alt+C"
NARROW = 940  # below so many pixels at scale 1 there is one column


class PapersStep(QWidget):
    def __init__(self, state: HandoffState, letter: LetterCard, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.letter = letter
        self.setAccessibleName(self.tr("Papers"))
        self.thumbnails = KeyButton("", "Alt T", kind=ButtonKind.CHOICE, parent=self)
        self.thumbnails.setObjectName("handoffThumbnails")
        self.thumbnails.clicked.connect(self.toggle_thumbnails)
        self.cybertip = KeyButton("", "Alt C", kind=ButtonKind.CHOICE, parent=self)
        self.cybertip.setObjectName("handoffCybertip")
        self.cybertip.clicked.connect(self.toggle_cybertip)
        self._pictures = plain_label("", "small", self)
        self._letter = plain_label("", "", self)
        self._lay_out()
        state.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        inside = QWidget(self)
        column = QVBoxLayout()
        theme.space(column, gap=12)
        report = self._card(self.tr("Report"))
        words = self.tr("The report of the case goes along as a signed PDF, made for people without training.")
        report.column.addWidget(plain_label(words, "dim", report))
        report.column.addWidget(self.thumbnails)
        report.column.addWidget(self._pictures)
        tip = self._card(self.tr("CyberTipline report"))
        tip.column.addWidget(self.cybertip)
        self._form = plain_label("", "small", tip)
        tip.column.addWidget(self._form)
        letter = self._card(self.tr("Letter that goes along"))
        letter.column.addWidget(self._letter)
        for card in (report, tip, letter):
            column.addWidget(card)
        column.addStretch(1)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        theme.space(self._sides, gap=16)
        self._sides.addLayout(column, 2)
        self._sides.addWidget(self.letter, 3)
        whole = QVBoxLayout(self)
        theme.space(whole)
        whole.addWidget(Scrolled(inside, self))

    def _card(self, words: str) -> Card:
        card = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=self)
        title = PlainLabel(words, card)
        theme.role(title, "strong")
        card.column.addWidget(title)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one under the other where the letter would be narrow."""
        super().resizeEvent(event)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(down if self.width() < theme.px(NARROW) else across)

    def minimumSizeHint(self) -> QSize:
        """As one column: that is what they become."""
        return QSize(self.letter.minimumSizeHint().width(), 0)

    def focus_first(self) -> None:
        first = self.thumbnails if self.thumbnails.isEnabled() else self.cybertip
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_thumbnails(self) -> None:
        outline = self._state.outline
        wanted = not self._state.thumbnails and outline is not None and outline.thumbnails_allowed
        self._state.choose_papers(thumbnails=wanted, cybertip=self._state.cybertip)

    def toggle_cybertip(self) -> None:
        outline = self._state.outline
        wanted = not self._state.cybertip and outline is not None and outline.reportable
        self._state.choose_papers(thumbnails=self._state.thumbnails, cybertip=wanted)

    def _show(self) -> None:
        state, outline = self._state, self._state.outline
        allowed = outline is not None and outline.thumbnails_allowed
        on = self.tr("Veiled thumbnails: yes")
        self.thumbnails.set_words(on if state.thumbnails else self.tr("Veiled thumbnails: no"))
        self.thumbnails.setChecked(state.thumbnails)
        self.thumbnails.setEnabled(allowed)
        if allowed:
            words = self.tr("Small, grey and blurred, one for each item with a picture: shapes, no detail. They are "
                            "made without showing you anything.")  # fmt: skip
        else:
            words = self.tr("The policy allows no thumbnails in a report.")
        self._pictures.setText(words)
        put = self.tr("Put a CyberTipline report in: yes")
        self.cybertip.set_words(put if state.cybertip else self.tr("Put a CyberTipline report in: no"))
        self.cybertip.setChecked(state.cybertip)
        reportable = outline is not None and outline.reportable
        self.cybertip.setEnabled(reportable)
        self._form.setText(
            self.tr("An XML file in the package, for a clearing house. Nothing is sent to anybody by putting it in.")
            if reportable
            else self.tr("The form has no incident type for what was decided of this case, so there is no report.")
        )
        if state.letter is None:
            self._letter.setText(self.tr("None. A version of a letter can be put in with Alt L."))
        else:
            words = self.tr("“{subject}”, its newest version when the package is built (now {n}).")
            self._letter.setText(words.format(subject=state.letter.subject, n=state.letter.number))
