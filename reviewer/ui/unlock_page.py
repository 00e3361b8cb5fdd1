"""The locked workstation: who, the passphrase, Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.ports import Desk, Session


class UnlockPage(QWidget):
    """`unlocked(Session)` after the right passphrase. Deriving the key takes about a second, on a job."""

    unlocked = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._jobs = jobs
        self._trying = False
        self.setObjectName("unlockPage")
        self.setAccessibleName(self.tr("Locked"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        page = QVBoxLayout(self)
        theme.space(page, (24, 24, 24, 24))
        page.addStretch(2)
        page.addWidget(self._card(), 0, Qt.AlignmentFlag.AlignHCenter)
        self._progress = PlainLabel(parent=self)
        self._progress.setObjectName("unlockProgress")
        theme.role(self._progress, "small")
        self._notice = Notice(self, closable=False)
        theme.size(self._notice, width=480)
        page.addSpacing(theme.px(12))
        page.addWidget(self._progress, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        theme.space(row)
        row.addStretch(1)
        row.addWidget(self._notice)
        row.addStretch(1)
        page.addLayout(row)
        page.addStretch(3)
        footer = PlainLabel(self.tr("Evidence stays encrypted on this machine. It is opened in memory only."), self)
        theme.role(footer, "small")
        page.addWidget(footer, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setFocusProxy(self._passphrase)

    def _card(self) -> Card:
        card = Card(Surface.OUTLINE, margins=(24, 24, 24, 24), gap=8, parent=self)
        theme.size(card, width=400)
        brand = PlainLabel("reviewer", card)
        theme.role(brand, "dim")
        who = PlainLabel(self._desk.display_name or self.tr("This workstation is locked"), card)
        who.setObjectName("pseudonym")
        theme.role(who, "head")
        label = PlainLabel(self.tr("Passphrase"), card)
        theme.role(label, "caption")
        self._passphrase = QLineEdit(card)
        self._passphrase.setObjectName("passphrase")
        self._passphrase.setAccessibleName(self.tr("Passphrase"))
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase.setMaxLength(1024)
        self._passphrase.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._passphrase.returnPressed.connect(self.try_unlock)
        label.setBuddy(self._passphrase)
        self._unlock = KeyButton(self.tr("Unlock"), "Enter", kind=ButtonKind.PRIMARY, parent=card)
        self._unlock.setObjectName("unlock")
        self._unlock.clicked.connect(self.try_unlock)
        card.column.addWidget(brand)
        card.column.addWidget(who)
        card.column.addSpacing(theme.px(16))
        card.column.addWidget(label)
        card.column.addWidget(self._passphrase)
        card.column.addSpacing(theme.px(8))
        card.column.addWidget(self._unlock)
        return card

    def try_unlock(self) -> None:
        passphrase = self._passphrase.text()
        if self._trying or not passphrase:
            return
        self._notice.dismiss()
        self._set_trying(True)
        desk = self._desk
        self._jobs.run(lambda: desk.unlock(passphrase), then=self._opened, failed=self._refused, owner=self)

    def tell_error(self, error: ReviewerError) -> None:
        """Show a failure that led here, such as a store that had to be closed."""
        self._notice.tell_error(error)

    def _set_trying(self, trying: bool) -> None:
        self._trying = trying
        self._passphrase.setReadOnly(trying)
        self._unlock.setEnabled(not trying)
        words = self.tr("Opening the vault. This takes about a second on purpose.") if trying else ""
        self._progress.setText(words)

    def _opened(self, session: Session) -> None:
        self._set_trying(False)
        self._passphrase.clear()
        self.unlocked.emit(session)

    def _refused(self, error: ReviewerError) -> None:
        self._set_trying(False)
        self._notice.tell_error(error)
        self._passphrase.selectAll()
        self._passphrase.setFocus()
