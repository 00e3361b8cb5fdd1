"""Talking to colleagues about a case: what was said, and the field to say something in. Plain words only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from reviewer.model.related import MAX_MESSAGE, clean_words
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.case_ports import Arrival, ThreadLine, ThreadView, UnreadThread
from reviewer.ui.case_sections import WORDS_WIDTH, emptied, quiet_button, wrapped
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.why_field import WhyField
from reviewer.ui.wording import time_words

SHOWN = 60
FIELD_HEIGHT = 84
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MessageField(WhyField):
    """`send` at Ctrl Enter, which elsewhere decides. Nothing but text comes in, however it is brought."""

    send = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _sends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _sends(event):
            self.send.emit()
            return
        super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls() and not source.hasImage()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.canInsertFromMimeData(source):
            self.insertPlainText(source.text()[: MAX_MESSAGE + 1])


def _sends(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() in _ENTER
        and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    )


class ThreadPage(QWidget):
    """`sendAsked(text)`, `sendAgainAsked(message id, text)`, `written(text)` at each change, `otherAsked(case id)`."""

    sendAsked = Signal(str)
    sendAgainAsked = Signal(str, str)
    written = Signal(str)
    otherAsked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("threadPage")
        self._case_id: str | None = None
        self._view: ThreadView | None = None
        self._again: str | None = None  # the message that is put in other words
        column = QVBoxLayout(self)
        theme.space(column, (14, 10, 14, 12), 8)
        self._others = QVBoxLayout()
        theme.space(self._others, gap=2)
        column.addLayout(self._others)
        column.addWidget(self._said(), 1)
        self.field = MessageField(self)
        self.field.setObjectName("messageField")
        self.field.setAccessibleName(self.tr("Talk to a colleague about this case"))
        self.field.setPlaceholderText(self.tr("Plain words to those this case is shared with"))
        theme.size(self.field, height=FIELD_HEIGHT)
        column.addWidget(self.field)
        column.addLayout(self._buttons())
        self.field.textChanged.connect(self._written)
        self.field.send.connect(self._ask)
        self.clear()

    def _said(self) -> QWidget:
        inner = QWidget(self)
        self._lines = QVBoxLayout(inner)
        theme.space(self._lines, (0, 0, 6, 0), 8)
        self._lines.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("said")
        self._scroll.setAccessibleName(self.tr("What was said about this case"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setWidget(inner)
        inner.setAutoFillBackground(False)
        return self._scroll

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        theme.space(row, gap=8)
        self._hint = PlainLabel(parent=self)
        theme.role(self._hint, "small")
        self._send = KeyButton(self.tr("Send"), self.tr("Ctrl Enter"), kind=ButtonKind.PRIMARY, parent=self)
        self._send.setObjectName("sendMessage")
        self._send.clicked.connect(self._ask)
        row.addWidget(self._hint, 1)
        row.addWidget(self._send)
        return row

    # what it shows

    def clear(self) -> None:
        """No case: nothing can be said."""
        self._begin(None)
        self.field.setEnabled(False)

    def begin(self, case_id: str) -> None:
        """What was said is on its way; the field takes words at once, or letters typed early would be keys."""
        self._begin(case_id)
        self.field.setEnabled(True)

    def _begin(self, case_id: str | None) -> None:
        self._case_id, self._view, self._again = case_id, None, None
        self.field.setReadOnly(False)
        self._put("")
        self._show_lines(())
        self._judge()

    def show_thread(self, view: ThreadView, now: datetime) -> None:
        """The words in the field are those of the case's draft, once; from then on they are the person's."""
        if view.case_id != self._case_id:
            return
        before, self._view = self._view, view
        if before is None or view.lines != before.lines:
            self._show_lines(view.lines, now)
        if before is None:
            early = self.field.toPlainText()
            if view.draft:
                self._put(f"{view.draft}\n{early}" if early else view.draft)
                self.field.moveCursor(QTextCursor.MoveOperation.End)
            if early:
                self.written.emit(self.field.toPlainText())
        self._judge()

    def show_unread(self, others: Sequence[UnreadThread]) -> None:
        """Other cases in which colleagues wrote something this person has not read."""
        emptied(self._others)
        for other in others:
            count = self.tr("1 new message") if other.count == 1 else self.tr("{count} new messages")
            words = self.tr("Case {number}: {count}").format(
                number=other.case_number, count=count.format(count=other.count)
            )
            button = quiet_button(words, self)
            button.clicked.connect(lambda _checked=False, case_id=other.case_id: self.otherAsked.emit(case_id))
            self._others.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def sent(self) -> None:
        """The words are durable: the field is free for others."""
        self._again = None
        self.field.setReadOnly(False)
        self._put("")
        self._judge()

    def not_sent(self) -> None:
        self.field.setReadOnly(False)
        self._judge()

    def focus_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def ready(self) -> bool:
        """The thread is there, and with it the draft of before."""
        return self._view is not None

    @property
    def early(self) -> str:
        """Words that were typed before the draft of before was there, and are nowhere else."""
        return self.field.toPlainText() if self._view is None and self._case_id is not None else ""

    @property
    def case_id(self) -> str | None:
        return self._case_id

    # inside

    def _show_lines(self, lines: Sequence[ThreadLine], now: datetime | None = None) -> None:
        emptied(self._lines)
        if not lines:
            self._lines.addWidget(
                wrapped(
                    self.tr("Nothing was said about this case yet. Those it is shared with read what is written here."),
                    "dim",
                    self,
                )
            )
        if len(lines) > SHOWN:
            earlier = self.tr("Earlier messages not shown here: {count}").format(count=len(lines) - SHOWN)
            self._lines.addWidget(wrapped(earlier, "small", self))
        for line in lines[-SHOWN:]:
            self._lines.addWidget(_Message(line, now, partial(self._in_other_words, line), self))
        self._lines.addStretch(1)
        # Once it is laid out.
        QTimer.singleShot(0, self, self._to_the_end)

    def _to_the_end(self) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _in_other_words(self, line: ThreadLine) -> None:
        """Never over words that are being written."""
        if not clean_words(self.field.toPlainText()):
            self._again = line.id
            self._put(line.text)
            self.written.emit(line.text)
        self._judge()
        self.focus_field()

    def _put(self, text: str) -> None:
        self.field.blockSignals(True)
        self.field.setPlainText(text)
        self.field.blockSignals(False)

    def _written(self) -> None:
        if not self.field.toPlainText():
            self._again = None
        self._judge()
        if self._view is not None:
            self.written.emit(self.field.toPlainText())

    def _judge(self) -> None:
        words = clean_words(self.field.toPlainText())
        over = len(words) - MAX_MESSAGE
        self._send.setEnabled(self._view is not None and bool(words) and over <= 0 and not self.field.isReadOnly())
        self._send.set_words(self.tr("Send again") if self._again is not None else self.tr("Send"))
        theme.role(self._hint, "amber-small" if over > 0 else "small")
        if over > 0:
            self._hint.setText(self.tr("{count:,} too many").format(count=over))
        else:
            self._hint.setText(self.tr("Kept as you write") if words else "")

    def _ask(self) -> None:
        self._judge()
        if not self._send.isEnabled():
            return
        text = self.field.toPlainText()
        self.field.setReadOnly(True)
        self._send.setEnabled(False)
        if self._again is not None:
            self.sendAgainAsked.emit(self._again, text)
        else:
            self.sendAsked.emit(text)


class _Message(Card):
    """One message; those of this person have a ground of their own, and say where they are."""

    def __init__(
        self, line: ThreadLine, now: datetime | None, in_other_words: Callable[[], None], parent: QWidget
    ) -> None:
        refused = line.arrival is Arrival.REJECTED
        surface = Surface.AMBER if refused else Surface.WASH if line.mine else Surface.CARD
        super().__init__(surface, margins=(10, 7, 10, 8), gap=3, parent=parent)
        self.setObjectName("message")
        who = self.tr("You") if line.mine else line.author
        head = [who, time_words(line.written_at, now if now is not None else line.written_at)]
        state = {
            Arrival.WAITING: self.tr("waiting to be sent"),
            Arrival.SENT: self.tr("sent"),
            Arrival.REJECTED: self.tr("not accepted"),
        }.get(line.arrival, "")
        if state:
            head.append(state)
        self.column.addWidget(wrapped(" · ".join(head), "amber-small" if refused else "small", self, width=_INSIDE))
        self.column.addWidget(wrapped(line.text, "", self, width=_INSIDE))
        self.setAccessibleName(f"{' · '.join(head)}: {line.text}")
        if refused:
            self.column.addWidget(wrapped(line.reason, "small", self, width=_INSIDE))
            again: QPushButton = quiet_button(self.tr("Put it in other words"), self)
            again.clicked.connect(in_other_words)
            self.column.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)


_INSIDE = WORDS_WIDTH - 20
