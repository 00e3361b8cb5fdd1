"""The break page: covers the window, offers a pause, and stays quiet until the person comes back."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.break_links import BreakLinks
from reviewer.ui.break_note import BreakNote
from reviewer.ui.break_words import left_words, minutes_words, plain_words, reason_words, title_words
from reviewer.ui.breathing_guide import SIDE, BreathingGuide
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import plain_label
from reviewer.wellbeing.prompts import Prompt

TICK_MS = 1000
SMALLEST_GUIDE = 110
WORDS_WIDTH = 640


class BreakOverlay(QWidget):
    """Lies over its parent, hidden until `ask`. It measures nothing; it only counts the pause down in minutes.

    `breakChosen(minutes)`, `postponed` and `handOver` answer the question; `ended` when the person is back. The page
    goes away by itself after `postponed`, `handOver` and `ended`. `note` is for a few words to a colleague.
    """

    breakChosen = Signal(float)
    postponed = Signal()
    handOver = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._window = parent
        self._minutes = (10.0, 5.0)
        self._ends = 0.0
        self._guided = True
        self._prompt: Prompt | None = None
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
        self._danger = self._centred("amber")
        self._contacts = self._centred("")
        self._rows = QStackedWidget(self)
        self.links = BreakLinks(self)
        self.note = BreakNote(self)
        self._make_answers()
        self._lay_out()
        self.hide()
        parent.installEventFilter(self)

    def _centred(self, role: str) -> QLabel:
        label = plain_label("", role, self)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.size(label, min_width=WORDS_WIDTH, max_width=WORDS_WIDTH)
        return label

    def _make_answers(self) -> None:
        self._long = KeyButton("", self.tr("Enter"), kind=ButtonKind.PRIMARY, parent=self)
        self._short = KeyButton("", "5", parent=self)
        self._later = KeyButton(self.tr("Later, I will choose"), "L", parent=self)
        self._hand = KeyButton(self.tr("Hand the rest over"), "H", parent=self)
        self._back = KeyButton(self.tr("Back when you are ready"), self.tr("Enter"), parent=self)
        self._long.clicked.connect(lambda: self._choose(self._minutes[0]))
        self._short.clicked.connect(lambda: self._choose(self._minutes[1]))
        self._later.clicked.connect(lambda: self._leave(self.postponed))
        self._hand.clicked.connect(lambda: self._leave(self.handOver))
        self._back.clicked.connect(lambda: self._leave(self.ended))
        self.links.write.clicked.connect(self._open_note)
        self.links.support.clicked.connect(lambda: self._show_contacts(self._contacts.isHidden()))
        self.links.guide.clicked.connect(lambda: self.set_guided(not self._guided))
        self._rows.addWidget(self._row(self._long, self._short, self._later, self._hand))
        self._rows.addWidget(self._row(self._back))

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        theme.space(column, (24, 24, 24, 24), 0)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        for widget, after in (
            (self.guide, 28),
            (self._title, 16),
            (self._why, 4),
            (self._kept, 4),
            (self._danger, 20),
            (self._rows, 24),
            (self.links, 16),
            (self._contacts, 0),
            (self.note, 0),
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

    def ask(self, prompt: Prompt | None, minutes_viewed: float, policy: Policy, *, danger_next: bool = False) -> None:
        """Cover the window and ask. Hide and mute the evidence before calling this: the page says it is.

        `prompt` is None where nobody was asked and the person came by themselves.
        """
        self._timer.stop()
        self._prompt = prompt
        first = policy.breaks.after_violent_minutes if prompt is Prompt.AFTER_VIOLENT else policy.breaks.minutes
        self._minutes = (first, policy.breaks.short_minutes)
        self._long.set_words(minutes_words(self._minutes[0]))
        self._short.set_words(minutes_words(self._minutes[1]))
        self._short.setVisible(self._minutes[0] != self._minutes[1])
        self._later.set_words(self.tr("Later, I will choose") if prompt is not None else self.tr("Back to the desk"))
        self._title.setText(title_words(prompt))
        self._why.setText(reason_words(prompt, minutes_viewed, policy))
        self._kept.setText(
            self.tr("Everything is hidden and muted. Your draft is kept. Nothing on this page is measured.")
        )
        self._danger.setText(self.tr("Somebody may be in danger in what waits next.") if danger_next else "")
        self._danger.setVisible(danger_next)
        self._contacts.setText("\n".join(f"{contact.words}: {contact.reach}" for contact in policy.support))
        self._contacts.hide()
        self.links.support.setVisible(bool(policy.support))
        self.links.plain.setChecked(False)
        self.links.offer_plain(plain_words(prompt), there_is=True)
        self.note.about(None)
        self.links.write.hide()
        self._rows.setCurrentIndex(0)
        self.setAccessibleName(
            f"{self._title.text()}. {self._why.text()} {self._kept.text()} {self._danger.text()}".rstrip()
        )
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus()
        self._fit()

    def offer_note(self, case: tuple[str, str] | None) -> None:
        """(id, number) of the case a note to colleagues would go to; None where there is none."""
        self.note.about(case)
        self.links.write.setVisible(case is not None)
        self._fit()

    def say_plain_next(self, there_is: bool) -> None:
        """Whether something without pictures waits."""
        words = plain_words(self._prompt) if there_is else self.tr("Nothing without pictures waits just now")
        self.links.offer_plain(words, there_is=there_is)
        self._fit()

    @property
    def wants_plain(self) -> bool:
        """Something without pictures was asked for next."""
        return self.links.plain.isChecked()

    @property
    def guided(self) -> bool:
        return self._guided

    def set_guided(self, guided: bool) -> None:
        """Whether the circle to breathe by is there."""
        self._guided = guided
        self._fit()

    @property
    def pausing(self) -> bool:
        """A pause was chosen and the person is not back yet."""
        return self._timer.isActive()

    @property
    def words(self) -> str:
        """What the page says now, for tests and screen readers."""
        return f"{self._title.text()} {self._why.text()} {self._kept.text()} {self._danger.text()}".rstrip()

    def _choose(self, minutes: float) -> None:
        self._ends = self._monotonic() + minutes * 60
        self._title.setText(self.tr("Paused"))
        self._kept.setText(self.tr("Nothing on this page is measured. You can come back earlier or later."))
        self._danger.hide()
        self._rows.setCurrentIndex(1)
        self._timer.start()
        self._tick()
        self.setFocus()
        self.breakChosen.emit(minutes)

    def _tick(self) -> None:
        left = self._ends - self._monotonic()
        words = left_words(left)
        if words != self._why.text():
            if left <= 0:
                announce(self, words)
            self._why.setText(words)
            self.setAccessibleName(f"{self._title.text()}. {words}")

    def stop(self) -> None:
        """Nobody answers any more: another page came over this one."""
        self._timer.stop()
        self.note.shut()

    def _leave(self, answer: SignalInstance) -> None:
        self.stop()
        self.hide()
        answer.emit()

    # what is offered beside

    def _open_note(self) -> None:
        self._contacts.hide()
        self.note.open()
        self._fit()

    def _show_contacts(self, shown: bool) -> None:
        self.note.shut()
        self._contacts.setVisible(shown)
        if shown:
            announce(self, self._contacts.text())
        self._fit()

    def escape(self) -> bool:
        """Close what was opened on the page; False where nothing was. The page itself stays: all is hidden."""
        opened = not (self.note.isHidden() and self._contacts.isHidden())
        self._show_contacts(False)
        return opened

    # keys and cover

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        focused = self.focusWidget()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, KeyButton):
            focused.click()
            return
        links = self.links
        keys = {
            Qt.Key.Key_T: links.write,
            Qt.Key.Key_S: links.support,
            Qt.Key.Key_G: links.guide,
            Qt.Key.Key_N: links.plain,
        }
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

    def _fit(self) -> None:
        """The circle takes what room the words leave, and goes where that is too little."""
        self.links.fit(self.width() - 2 * theme.px(24))
        if not self._guided:
            self.guide.hide()
            return
        self.guide.hide()
        self._column.invalidate()
        self._column.activate()
        room = self.height() - self._column.sizeHint().height()
        side = min(theme.px(SIDE), room)
        if side >= theme.px(SMALLEST_GUIDE):
            self.guide.set_side(side)
            self.guide.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_column"):
            QTimer.singleShot(0, self, self._fit)

    def hideEvent(self, event: QHideEvent) -> None:
        self._contacts.hide()
        super().hideEvent(event)
