"""What comes first: which case, whether somebody may be in danger, who asks, and by when."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.ui import theme
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.referral_words import MAX_PART, came_words, lacking_words
from reviewer.ui.wording import due_words, source_words

SNUG, TIGHT = 1180, 960  # below so many pixels at scale 1 the bar says less


class TopBar(QFrame):
    """`passOn` and `hide` are asked for; the bar itself changes nothing."""

    passOn = Signal()
    hideEverything = Signal()
    caseAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAccessibleName(self.tr("The item on the desk"))
        self.setProperty("surface", "panel")
        self.setProperty("rule", "below")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.size(self, height=48)
        self._entry: QueueEntry | None = None
        row = QHBoxLayout(self)
        theme.space(row, (16, 0, 16, 0), 12)
        self._brand = PlainLabel("reviewer", self)
        theme.role(self._brand, "brand")
        row.addWidget(self._brand)
        self._dot = PlainLabel("·", self)
        theme.role(self._dot, "dim")
        self._case = PlainLabel(parent=self)
        self._case.setObjectName("caseNumber")
        theme.role(self._case, "strong")
        self._exhibit = Pill("", parent=self)
        self._danger = Pill(self.tr("Someone may be in danger"), Tone.RED, self)
        self._danger.setObjectName("dangerPill")
        self._words = ElidedLabel(parent=self)
        self._words.setObjectName("referral")
        self._due = PlainLabel(parent=self)
        self._due.setObjectName("due")
        for widget in (self._dot, self._case, self._exhibit, self._danger, self._words, self._due):
            row.addWidget(widget)
        row.addStretch(1)
        self._about = KeyButton(self.tr("Case"), "Alt C", parent=self)
        self._about.setObjectName("aboutCase")
        self._about.setToolTip(self.tr("What stands around the case, and what colleagues say about it."))
        self._about.clicked.connect(self.caseAsked)
        row.addWidget(self._about)
        self._pass = KeyButton(self.tr("Pass on"), "P", parent=self)
        self._pass.setObjectName("passOn")
        self._pass.setToolTip(self.tr("Give this item back to the queue for somebody else. No reason is asked."))
        self._pass.clicked.connect(self.passOn)
        self._hide = KeyButton(self.tr("Hide everything"), "Esc", kind=ButtonKind.DANGER, parent=self)
        self._hide.setObjectName("hideEverything")
        self._hide.clicked.connect(self.hideEverything)
        row.addWidget(self._pass)
        row.addWidget(self._hide)
        self.show_entry(None, None)

    def show_entry(self, entry: QueueEntry | None, now: datetime | None) -> None:
        """None clears the bar."""
        self._entry = entry
        for widget in (self._case, self._words, self._due):
            widget.setVisible(entry is not None)
        self._fit()
        self._danger.setVisible(entry is not None and entry.case.referral.danger)
        self._pass.setEnabled(entry is not None)
        if entry is None:
            return
        referral = entry.case.referral
        self._case.setText(self.tr("Case {number}").format(number=entry.case.number))
        self._exhibit.say(self.tr("Exhibit {name}").format(name=entry.item.exhibit), Tone.NEUTRAL)
        parts = (
            source_words(referral.source),
            *(part[:MAX_PART] for part in (referral.requester, referral.legal_basis, referral.jurisdiction)),
            came_words(referral.received_at, now),
            lacking_words(referral),
            referral.claim[:MAX_PART],
        )
        self._words.say(" · ".join(part for part in parts if part))
        if now is not None:
            self.tick(now)

    def _fit(self) -> None:
        """Who may be in danger, by when, and the way to hide keep their room; what stands elsewhere too gives way."""
        room = self.width() / theme.current().scale
        self._brand.setVisible(room >= SNUG or self._entry is None)
        self._dot.setVisible(room >= SNUG and self._entry is not None)
        self._exhibit.setVisible(room >= SNUG and self._entry is not None)
        words = self.tr("Hide everything")
        self._hide.set_words(words if room >= TIGHT else self.tr("Hide"))
        self._hide.setAccessibleName(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._fit)

    def say_unread(self, messages: int, outcomes: int) -> None:
        """How much is new from colleagues; nothing blinks and nothing counts down."""
        new = messages + outcomes
        words = self.tr("Case · {count} new").format(count=new) if new else self.tr("Case")
        if self._about.text() != words:
            self._about.set_words(words)

    def tick(self, now: datetime) -> None:
        """Bring the countdown up to date."""
        if self._entry is None:
            return
        due_at = self._entry.case.referral.due_at
        words, near = due_words(due_at, now)
        if due_at is not None:
            late = due_at < now
            words = words if late else self.tr("due in {span}").format(span=words)
        if self._due.text() != words:
            self._due.setText(words)
        theme.role(self._due, "amber-strong" if near else "dim")
