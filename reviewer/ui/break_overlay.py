"""The break page: covers the window, offers a pause, and stays quiet until the person comes back."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.break_words import left_words, minutes_words, reason_words, title_words
from reviewer.ui.breathing_guide import BreathingGuide
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import plain_label
from reviewer.wellbeing.prompts import Prompt

TICK_MS = 1000


class BreakOverlay(QWidget):
    """Lies over its parent, hidden until `ask`. It measures nothing; it only counts the pause down in minutes.

    `breakChosen(minutes)`, `postponed` and `handOver` answer the question; `ended` when the person is back. The page
    goes away by itself after `postponed`, `handOver` and `ended`.
    """

    breakChosen = Signal(float)
    postponed = Signal()
    handOver = Signal()
    ended = Signal()
    colleagueAsked = Signal()

    def __init__(self, parent: QWidget, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._window = parent
        self._minutes = (10.0, 5.0)
        self._ends = 0.0
        self.setObjectName("breakOverlay")
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.guide = BreathingGuide(self)
        self._title = self._centred("head")
        self._why = self._centred("dim")
        self._kept = self._centred("dim")
        self._contacts = self._centred("")
        self._rows = QStackedWidget(self)
        self._lay_out()
        self.hide()
        parent.installEventFilter(self)

    def _centred(self, role: str) -> QLabel:
        label = plain_label("", role, self)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.size(label, min_width=620, max_width=620)
        return label

    def _lay_out(self) -> None:
        self._long = KeyButton("", self.tr("Enter"), kind=ButtonKind.PRIMARY, parent=self)
        self._short = KeyButton("", "5", parent=self)
        self._later = KeyButton(self.tr("Later, I will choose"), "L", parent=self)
        self._hand = KeyButton(self.tr("Hand the rest over"), "H", parent=self)
        self._back = KeyButton(self.tr("Back when you are ready"), self.tr("Enter"), parent=self)
        self._write = KeyButton(self.tr("Write to a colleague"), "T", parent=self)
        self._support = KeyButton(self.tr("Support contacts"), "S", parent=self)
        self._long.clicked.connect(lambda: self._choose(self._minutes[0]))
        self._short.clicked.connect(lambda: self._choose(self._minutes[1]))
        self._later.clicked.connect(lambda: self._leave(self.postponed))
        self._hand.clicked.connect(lambda: self._leave(self.handOver))
        self._back.clicked.connect(lambda: self._leave(self.ended))
        self._write.clicked.connect(lambda: self.colleagueAsked.emit())
        self._support.clicked.connect(lambda: self._contacts.setVisible(self._contacts.isHidden()))
        self._write.hide()
        steady = self._contacts.sizePolicy()
        steady.setRetainSizeWhenHidden(True)
        self._contacts.setSizePolicy(steady)
        self._rows.addWidget(self._row(self._long, self._short, self._later, self._hand))
        self._rows.addWidget(self._row(self._back))
        column = QVBoxLayout(self)
        theme.space(column, (24, 24, 24, 24), 0)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        for widget, after in (
            (self.guide, 28),
            (self._title, 16),
            (self._why, 4),
            (self._kept, 24),
            (self._rows, 24),
            (self._row(self._write, self._support), 16),
            (self._contacts, 0),
        ):
            column.addWidget(widget, 0, middle)
            column.addSpacing(theme.px(after))
        column.addStretch(3)

    def _row(self, *buttons: KeyButton) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        theme.space(line, gap=12)
        line.addStretch(1)
        for button in buttons:
            line.addWidget(button)
        line.addStretch(1)
        return row

    # asking

    def ask(self, prompt: Prompt, minutes_viewed: float, policy: Policy) -> None:
        """Cover the window and ask. Hide and mute the evidence before calling this: the page says it is."""
        self._timer.stop()
        first = policy.breaks.after_violent_minutes if prompt is Prompt.AFTER_VIOLENT else policy.breaks.minutes
        self._minutes = (first, policy.breaks.short_minutes)
        self._long.set_words(minutes_words(self._minutes[0]))
        self._short.set_words(minutes_words(self._minutes[1]))
        self._title.setText(title_words(prompt))
        self._why.setText(reason_words(prompt, minutes_viewed, policy))
        self._kept.setText(
            self.tr("Everything is hidden and muted. Your draft is kept. Nothing on this page is measured.")
        )
        self._contacts.setText("\n".join(f"{contact.words}: {contact.reach}" for contact in policy.support))
        self._contacts.hide()
        self._support.setVisible(bool(policy.support))
        self._rows.setCurrentIndex(0)
        self.setAccessibleName(f"{self._title.text()}. {self._why.text()} {self._kept.text()}")
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def offer_colleague(self, offered: bool) -> None:
        """Whether writing to a colleague is possible here; `colleagueAsked` then says that somebody wants to."""
        self._write.setVisible(offered)

    @property
    def pausing(self) -> bool:
        """A pause was chosen and the person is not back yet."""
        return self._timer.isActive()

    @property
    def words(self) -> str:
        """What the page says now, for tests and screen readers."""
        return f"{self._title.text()} {self._why.text()} {self._kept.text()}"

    def _choose(self, minutes: float) -> None:
        self._ends = self._monotonic() + minutes * 60
        self._title.setText(self.tr("Paused"))
        self._kept.setText(self.tr("Nothing on this page is measured. You can come back earlier or later."))
        self._rows.setCurrentIndex(1)
        self._timer.start()
        self._tick()
        self.setFocus()
        self.breakChosen.emit(minutes)

    def _tick(self) -> None:
        words = left_words(self._ends - self._monotonic())
        if words != self._why.text():
            self._why.setText(words)
            self.setAccessibleName(f"{self._title.text()}. {words}")

    def _leave(self, answer: SignalInstance) -> None:
        self._timer.stop()
        self.hide()
        answer.emit()

    # keys and cover

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        focused = self.focusWidget()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, KeyButton):
            focused.click()
            return
        keys = {Qt.Key.Key_T: self._write, Qt.Key.Key_S: self._support}
        if self.pausing:
            keys |= {Qt.Key.Key_Return: self._back, Qt.Key.Key_Enter: self._back}
        else:
            keys |= {
                Qt.Key.Key_Return: self._long,
                Qt.Key.Key_Enter: self._long,
                Qt.Key.Key_5: self._short,
                Qt.Key.Key_L: self._later,
                Qt.Key.Key_H: self._hand,
            }
        button = keys.get(key)
        if button is None or not button.isVisible() or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        button.click()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        self._contacts.hide()
        super().hideEvent(event)
