"""On the break page: a few words to the colleagues of the case that was on the desk, without seeing anything of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.related import clean_words
from reviewer.ui import theme
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import plain_label
from reviewer.ui.thread_view import MessageField

WIDTH, FIELD_HEIGHT = 520, 72


class BreakNote(QWidget):
    """`opened(case id)` asks for the draft of before, which `put_draft` brings; `written` at each change after that.
    `leftEarly(case id, words)` when it shuts: words from before that draft was there, which are nowhere else.

    `sendAsked(case id, text)` is answered by `sent` or `not_sent`. What was said by others is not shown here.
    """

    opened = Signal(str)
    leftEarly = Signal(str, str)
    written = Signal(str, str)
    sendAsked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breakNote")
        self._case_id = ""
        self._number = ""
        self._read = False
        self._unreadable = False  # the draft of before could not be read when it was last asked for
        self._sends = False  # asked for before the draft of before was there
        self._about = plain_label("", "small", self)
        self.field = MessageField(self)
        self.field.setObjectName("breakNoteField")
        theme.size(self.field, height=FIELD_HEIGHT, min_width=WIDTH, max_width=WIDTH)
        self._said = plain_label("", "small", self)
        self._send = KeyButton(self.tr("Send"), self.tr("Ctrl Enter"), kind=ButtonKind.PRIMARY, parent=self)
        self._send.setObjectName("sendNote")
        self._shut = KeyButton(self.tr("Close"), "Esc", parent=self)
        self._shut.setObjectName("closeNote")
        column = QVBoxLayout(self)
        theme.space(column, gap=8)
        column.addWidget(self._about)
        column.addWidget(self.field)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self._said, 1)
        row.addWidget(self._shut)
        row.addWidget(self._send)
        column.addLayout(row)
        self.field.textChanged.connect(self._changed)
        self.field.send.connect(self._ask)
        self._send.clicked.connect(self._ask)
        self._shut.clicked.connect(self.shut)
        self.hide()

    def about(self, case: tuple[str, str] | None) -> None:
        """(id, number) of the case it goes to; None where there is none to write to."""
        self.shut()
        self._case_id, self._number = case if case is not None else ("", "")

    @property
    def possible(self) -> bool:
        return bool(self._case_id)

    def open(self) -> None:
        self._read = self._sends = self._unreadable = False
        words = self.tr("To those case {number} is shared with. They read it in its thread.")
        self._about.setText(words.format(number=self._number))
        self.field.setAccessibleName(self._about.text())
        self._put("")
        self._say("")
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.opened.emit(self._case_id)

    def shut(self) -> None:
        """What was written and not sent is the case's draft."""
        if not self.isHidden():
            if self.early:
                self.leftEarly.emit(self._case_id, self.early)
            self.hide()
            parent = self.parentWidget()
            if parent is not None and parent.isVisible():
                parent.setFocus()

    def put_draft(self, case_id: str, text: str) -> None:
        if case_id != self._case_id or self._read or self.isHidden():
            return
        self._read = True
        early = self.field.toPlainText()
        self._put(f"{text}\n{early}" if text and early else text or early)
        if early:
            self.written.emit(case_id, self.field.toPlainText())
        self._judge()
        if self._sends:
            self._sends = False
            self._ask()

    def sent(self, case_id: str) -> None:
        if case_id == self._case_id:
            self.field.setReadOnly(False)
            self._put("")
            self._say(self.tr("Sent, or on its way as soon as there is contact."))
            self._judge()

    def not_sent(self, case_id: str, why: str) -> None:
        if case_id == self._case_id:
            self.field.setReadOnly(False)
            self._say(self.tr("{why} Your words are still here.").format(why=why))
            self._judge()

    def not_read(self, case_id: str, why: str) -> None:
        """The draft of before: asked for again at the next word, or at Send."""
        if case_id == self._case_id and not self._read:
            self._unreadable, self._sends = True, False
            self.not_sent(case_id, why)

    def _read_again(self) -> None:
        if self._unreadable:
            self._unreadable = False
            self.opened.emit(self._case_id)

    @property
    def early(self) -> str:
        """Words that were typed before the draft of before was there, and are nowhere else."""
        return "" if self._read or self.isHidden() else self.field.toPlainText()

    def _put(self, text: str) -> None:
        self.field.blockSignals(True)
        self.field.setPlainText(text)
        self.field.blockSignals(False)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self._judge()

    def _changed(self) -> None:
        self._say("")
        self._judge()
        if self._read:
            self.written.emit(self._case_id, self.field.toPlainText())
        else:
            self._read_again()

    def _ask(self) -> None:
        text = self.field.toPlainText()
        self._sends = not self._read
        self._read_again()
        if self._read and clean_words(text) and not self.field.isReadOnly():
            self.field.setReadOnly(True)
            self._send.setEnabled(False)
            self.sendAsked.emit(self._case_id, text)

    def _judge(self) -> None:
        self._send.setEnabled(bool(clean_words(self.field.toPlainText())))

    def _say(self, words: str) -> None:
        self._said.setText(words)
