"""The line at the bottom: exposure and the next break; then sync, the worker, the screen and the lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.break_words import PAUSE_SHOWN
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.plain_label import PlainLabel, plain_tip
from reviewer.ui.ports import SyncState
from reviewer.ui.shrinking_label import ShrinkingLabel
from reviewer.ui.wording import span_words, time_words, tr
from reviewer.wellbeing.meter import ExposureFigures

NEAR_CAP = 0.875
OWN_KEY = "F6"
NARROW = 1340  # below so many pixels at scale 1 the line says less


class ShareBar(QWidget):
    """A share of a whole as a thin bar; amber near the end. The words beside it say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, share: float) -> None:
        self._share = min(max(share, 0.0), 1.0)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(110), theme.px(6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            box = QRectF(self.rect())
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            if self._share > 0:
                box.setWidth(max(box.width() * self._share, box.height()))
                painter.setBrush(theme.colour("amber" if self._share >= NEAR_CAP else "accent"))
                painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)


def sync_words(state: SyncState, now: datetime, *, short: bool = False) -> tuple[list[str], bool]:
    """(what is said, needs attention). Where it is to be short, what needs attention comes first."""
    waiting = tr("{n} waiting to sync").format(n=state.waiting)
    parts = [waiting if state.waiting else tr("all decisions synced")]
    if state.parked:
        parts.append(tr("{n} parked").format(n=state.parked))
    if state.last_contact is None:
        parts.append(tr("no contact yet"))
    elif state.trouble:
        parts.append(tr("interrupted since {time}").format(time=time_words(state.last_contact, now)))
    elif not short:
        parts.append(tr("last contact {time}").format(time=time_words(state.last_contact, now)))
    attention = bool(state.parked or state.trouble)
    if short and attention:
        parts = [*parts[1:], parts[0]]
    return [parts[0][0].upper() + parts[0][1:], *parts[1:]], attention


def counted_words(figures: ExposureFigures) -> str:
    """What today's figure is made of, where it is not simply what was seen here; empty where it is."""
    parts = []
    if figures.elsewhere_today_s > 0:
        words = tr("{span} of it, unweighted, at your other workstations, as far as they have synced.")
        parts.append(words.format(span=span_words(figures.elsewhere_today_s)))
    if figures.elsewhere_unheard:
        parts.append(tr("Viewing at your other workstations could not be asked for: it may be missing here."))
    if figures.ahead_s > 0:
        words = tr("{span} are on a later day: this computer's clock was changed. They are not counted here.")
        parts.append(words.format(span=span_words(figures.ahead_s)))
    return " ".join(parts)


class MeterLabel(PlainLabel):
    """Today's figure; a click asks for the page it comes from, which has a key besides."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class StatusBar(QFrame):
    """`lock` is asked for here too, and at the meter the page of one's own data; everything else is only said."""

    lock = Signal()
    ownAsked = Signal()

    def __init__(self, capture_words: str, capture_safe: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAccessibleName(self.tr("Status"))
        self.setProperty("surface", "panel")
        self.setProperty("rule", "above")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.size(self, height=36)
        row = QHBoxLayout(self)
        theme.space(row, (16, 0, 16, 0), 20)
        self._again: dict[str, Callable[[], None]] = {}
        self._was_narrow = False
        self._viewing = MeterLabel(self)
        self._viewing.setObjectName("viewingToday")
        theme.role(self._viewing, "small")
        self._viewing.clicked.connect(self.ownAsked)
        self._own_key = KeyCap(OWN_KEY, self)
        self._bar = ShareBar(self)
        self._break = self._label("nextBreak", "small")
        self._sync = self._shrinking("sync", "small")
        self._worker = self._label("worker", "small")
        capture = self._shrinking("screenCapture", "accent-small" if capture_safe else "amber-small")
        capture.say(capture_words)
        self._lock = self._words_button(self.tr("Lock"), "lock")
        self._lock.setAccessibleDescription(self.tr("Key {key}").format(key="Ctrl L"))
        self._lock.clicked.connect(self.lock)
        for widget in (self._viewing, self._own_key, self._bar, self._break):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self._sync, self._worker, capture):
            row.addWidget(widget)
        pair = QHBoxLayout()
        theme.space(pair, gap=6)
        pair.addWidget(self._lock)
        pair.addWidget(KeyCap("Ctrl L", self))
        row.addLayout(pair)

    def _label(self, name: str, role: str) -> PlainLabel:
        label = PlainLabel(parent=self)
        label.setObjectName(name)
        theme.role(label, role)
        return label

    def _shrinking(self, name: str, role: str) -> ShrinkingLabel:
        """The longest ones: where the letters are large and there is much to say, the bar has no room for all."""
        label = ShrinkingLabel(parent=self)
        label.setObjectName(name)
        theme.role(label, role)
        return label

    def _words_button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setProperty("role", "quiet")
        button.setFlat(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def _narrow(self) -> bool:
        return self.width() < NARROW * theme.current().scale

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def _fit(self) -> None:
        """Say it shorter or longer at once where the room or the size of letters changed."""
        if hasattr(self, "_again") and self._narrow != self._was_narrow:
            self._was_narrow = self._narrow
            for say in tuple(self._again.values()):
                say()

    def show_exposure(self, figures: ExposureFigures | None) -> None:
        """None where nobody views, as on the supervisor's desk."""
        self._again["exposure"] = lambda: self.show_exposure(figures)
        for widget in (self._viewing, self._own_key, self._break):
            widget.setVisible(figures is not None)
        self._bar.setVisible(figures is not None and not self._narrow)  # at once: showing lays the whole row out anew
        if figures is None:
            return
        today, cap = span_words(figures.today_weighted_s), span_words(figures.daily_cap_s)
        words = self.tr("Today {today} of {cap}") if self._narrow else self.tr("Graphic viewing today {today} of {cap}")
        self._viewing.setText(words.format(today=today, cap=cap))
        counted = counted_words(figures)
        self._viewing.setToolTip(plain_tip(counted))
        self._viewing.setAccessibleDescription(counted)
        self._bar.say(figures.today_weighted_s / figures.daily_cap_s if figures.daily_cap_s else 0.0)
        due = figures.break_due_in_s
        if due > 0:
            words = self.tr("Break in {span}").format(span=span_words(max(due, 60.0)))
        else:
            words = self.tr("Break now · {key}") if self._narrow else self.tr("Break now is a good time · {key}")
            words = words.format(key=PAUSE_SHOWN)
        self._break.setText(words)
        theme.role(self._break, "small" if due > 0 else "amber-small")

    def show_sync(self, state: SyncState, now: datetime) -> None:
        self._again["sync"] = lambda: self.show_sync(state, now)
        parts, attention = sync_words(state, now, short=self._narrow)
        self._sync.say(" · ".join(parts), more=state.trouble, kept=parts[0] if attention else "")
        theme.role(self._sync, "amber-small" if attention else "small")

    def show_worker(self, sealed: bool | None) -> None:
        """None when no evidence is open. The next item may have its head start then: nothing is said about memory."""
        self._again["worker"] = lambda: self.show_worker(sealed)
        if sealed is None:
            self._worker.setText(self.tr("No evidence open"))
        elif sealed:
            self._worker.setText(self.tr("Sealed worker") if self._narrow else self.tr("Sealed worker · memory only"))
        else:
            self._worker.setText(self.tr("Worker not sealed"))
        theme.role(self._worker, "amber-small" if sealed is False else "accent-small")

    def say_paused(self) -> None:
        """On the break page: no figures there."""
        self._again.pop("exposure", None)
        self._viewing.hide()
        self._bar.hide()
        self._break.setText(self.tr("Paused"))
        theme.role(self._break, "small")
