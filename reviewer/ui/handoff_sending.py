"""Sending a CyberTipline report: first exactly what and where to is shown; then another key sends it.

Nothing goes out by showing it. Cancelling retracts what was begun.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_needs import AnswerField
from reviewer.ui.handoff_ports import Sending, Sent
from reviewer.ui.item_words import size_words
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.progress_bar import ProgressBar
from reviewer.ui.quiet_lines import make_quiet
from reviewer.ui.wording import tr

SEND_KEY, SEND_SHOWN, LEAVE_KEY = ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "Ctrl Shift Enter", "Alt+B"
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class SentFiles(QAbstractListModel):
    """The files that go out, a line each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._files: Sequence[tuple[str, int, bool]] = ()

    def show_files(self, files: Sequence[tuple[str, int, bool]]) -> None:
        self.beginResetModel()
        self._files = files
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._files)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if not 0 <= index.row() < len(self._files):
            return None
        exhibit, size, seen = self._files[index.row()]
        words = tr("seen by a person: yes") if seen else tr("seen by a person: no")
        return f"{exhibit}\n{size_words(size)}  ·  {words}"


class SendingCard(Card):
    """`sendAsked(Sending)` by a key of its own once it was shown; `leaveAsked` without sending; `cancelAsked`."""

    sendAsked = Signal(object)
    leaveAsked = Signal()
    cancelAsked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("sendingCard")
        self.setAccessibleName(self.tr("Report to the clearing house"))
        self.sending: Sending | None = None
        self._where = plain_label("", "strong", self)
        self._urgent = plain_label("", "amber-strong", self)
        self._model = SentFiles(self)
        self.files = QListView(self)
        self.files.setAccessibleName(self.tr("Files that go out"))
        self.files.setModel(self._model)
        make_quiet(self.files)
        self.xml = AnswerField(self.tr("The report as it goes out"), self)
        theme.size(self.xml, min_height=90, max_height=4000)
        self.xml.setReadOnly(True)
        self.xml.setLineWrapMode(AnswerField.LineWrapMode.NoWrap)
        self.send = KeyButton(self.tr("Send it now"), SEND_SHOWN, kind=ButtonKind.PRIMARY, parent=self)
        self.send.setObjectName("sendReport")
        self.send.clicked.connect(self.ask)
        self.leave = KeyButton(self.tr("Back, without sending"), "Alt B", parent=self)
        self.leave.setObjectName("leaveSending")
        self.leave.clicked.connect(self.leaveAsked)
        self.cancel = KeyButton(self.tr("Cancel and retract"), "Alt X", parent=self)
        self.cancel.setObjectName("cancelSending")
        self.cancel.clicked.connect(self.cancelAsked)
        self.progress = ProgressBar(self.tr("Sending"), self)
        self.said = plain_label("", "", self)
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        title = PlainLabel(self.accessibleName(), self)
        theme.role(title, "strong")
        for part in (title, self._where, self._urgent):
            self.column.addWidget(part)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, words, view in (
            (left, self.tr("Files"), self.files),
            (right, self.tr("The report, to read"), self.xml),
        ):
            theme.space(side, gap=4)
            label = PlainLabel(words, self)
            theme.role(label, "caption")
            side.addWidget(label)
            side.addWidget(view, 1)
        row = QHBoxLayout()
        theme.space(row, gap=16)
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        self.column.addLayout(row, 1)
        self.column.addWidget(self.said)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        self.column.addLayout(row)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.send)
        self.column.addLayout(row)

    def clear(self) -> None:
        self.sending = None
        self._model.show_files(())
        self.xml.setPlainText("")
        self._say("")
        self.progress.hide()
        self.cancel.hide()
        self.leave.setEnabled(True)
        self.leave.set_words(self.tr("Back, without sending"))
        self.send.setEnabled(False)

    def show_sending(self, sending: Sending) -> None:
        """What would go out. Sending is another key."""
        self.clear()
        self.sending = sending
        seen = sum(1 for _exhibit, _size, seen in sending.files if seen)
        words = self.tr("Nothing was sent yet. To {address}: {n} files, {bytes}; {seen} of them seen by a person.")
        self._where.setText(
            words.format(
                address=sending.address,
                n=len(sending.files),
                bytes=size_words(sum(size for _exhibit, size, _seen in sending.files)),
                seen=seen,
            )
        )
        self._urgent.setText(self.tr("Marked as urgent: {why}").format(why=sending.high_priority))
        self._urgent.setVisible(bool(sending.high_priority))
        self._model.show_files(sending.files)
        self.xml.setPlainText(sending.xml)
        self.send.setEnabled(True)
        self.files.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self._where.text())

    def why_not_send(self) -> str:
        if self.sending is None:
            return self.tr("Look at what would be sent first: Alt H.")
        return self.tr("It is being sent, or was sent.") if not self.send.isEnabled() else ""

    def ask(self) -> None:
        if not self.why_not_send() and self.isVisible():
            self.sendAsked.emit(self.sending)

    def begin(self) -> None:
        self.send.setEnabled(False)
        self.leave.setEnabled(False)
        self.progress.begin(self.tr("Sending."))
        self.cancel.show()
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say("")

    def cancelling(self) -> None:
        self.progress.say(self.tr("Cancelling: what was begun is retracted."))

    def show_sent(self, sent: Sent) -> None:
        self._end(self.tr("Sent to {address}."))
        words = self.tr("The clearing house confirmed: report {number}, {n} files. SHA-256 of its receipt: {digest}")
        self._say(words.format(number=sent.report_id, n=sent.files, digest=sent.receipt_sha256))

    def show_failure(self, error: ReviewerError) -> None:
        """How far it came, in the error's words; it may be tried again after looking at it again."""
        self._end(self.tr("Not confirmed by {address}."))
        self.sending = None
        self._say(f"{error.what_happened} {error.what_was_kept} {error.what_to_do}", amber=True)

    def _end(self, words: str) -> None:
        if self.sending is not None:
            self._where.setText(words.format(address=self.sending.address))
        self.leave.setEnabled(True)
        self.leave.set_words(self.tr("Back"))
        if self.cancel.hasFocus():  # else Qt gives it to whatever comes next, outside the page
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.hide()
        self.cancel.hide()

    def _say(self, words: str, *, amber: bool = False) -> None:
        theme.role(self.said, "amber" if amber else "accent-strong")
        self.said.setText(words)
        self.said.setVisible(bool(words))
        announce(self, words, at_once=amber)
