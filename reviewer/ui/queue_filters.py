"""What part of the queue is shown: filters switched by number, arrows or mouse, and the line that says which are on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from reviewer.model.cases import ReferralSource
from reviewer.model.levels import Kind
from reviewer.model.policy import HarmType
from reviewer.model.queue_view import Only, QueueAsk, QueueListing
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.own_keys import claimed
from reviewer.ui.wording import kind_words, source_words, tr

_CLOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)


def only_words(only: Only) -> str:
    return {
        Only.DANGER: tr("Danger now"),
        Only.DUE_TODAY: tr("Due today"),
        Only.MINE: tr("For me"),
        Only.SECOND: tr("Second reviews"),
        Only.KNOWN: tr("Known matches"),
        Only.HELD: tr("Set aside"),
    }[only]


def filter_words(ask: QueueAsk, harms: dict[str, str]) -> str:
    """The filters that are on, in words; empty when none is."""
    parts = [only_words(only) for only in _ONLY if only in ask.only]
    if ask.source is not None:
        parts.append(source_words(ask.source))
    if ask.kind is not None:
        parts.append(kind_words(ask.kind))
    if ask.harm is not None:
        parts.append(harms.get(ask.harm, ask.harm))
    return " · ".join(parts)


def hidden_words(listing: QueueListing, harms: dict[str, str]) -> str:
    """What is filtered and how many that hides; empty where everything is shown."""
    parts = [words for words in (filter_words(listing.ask, harms),) if words]
    if listing.ask.words.strip():
        parts.append(tr("search"))
    if not parts:
        return tr("{count:,} set aside").format(count=listing.held) if listing.held else ""
    counts = tr("{shown:,} shown, {hidden:,} hidden").format(shown=len(listing.lines), hidden=listing.hidden)
    return f"{' · '.join(parts)}: {counts}"


def danger_words(listing: QueueListing) -> str:
    """Items of somebody in danger that are not in view: always said."""
    parts = []
    if listing.danger_not_shown:
        parts.append(
            tr("{count:,} where somebody may be in danger: hidden here").format(count=listing.danger_not_shown)
        )
    if listing.danger_held:
        parts.append(tr("{count:,} where somebody may be in danger: set aside").format(count=listing.danger_held))
    return "\n".join(parts)


_ONLY = (Only.DANGER, Only.DUE_TODAY, Only.MINE, Only.SECOND, Only.KNOWN, Only.HELD)


class QueueFilters(Card):
    """Takes every plain key while it is open. `changed` when a filter was switched: ask `applied_to`.

    Esc is left alone: it hides everything here as well.
    """

    changed = Signal()
    closed = Signal()

    def __init__(self, harms: tuple[HarmType, ...], now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(6, 6, 6, 6), gap=2, parent=parent)
        self.setObjectName("queueFilters")
        self.setAccessibleName(self.tr("Filters"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._now = now
        self.harms = {harm.key: harm.words for harm in harms}
        self._only: set[Only] = set()
        self._sources: tuple[ReferralSource | None, ...] = (None, *ReferralSource)
        self._kinds: tuple[Kind | None, ...] = (None, *Kind)
        self._harm_keys: tuple[str | None, ...] = (None, *self.harms)
        self._sizes = (len(self._sources), len(self._kinds), len(self._harm_keys))
        self._chosen = [0, 0, 0]
        self._at = 0
        self._rows = [self._row(number) for number in range(len(_ONLY) + len(self._sizes))]
        self._say()
        self.hide()

    def _row(self, number: int) -> KeyButton:
        row = KeyButton("", str(number + 1), kind=ButtonKind.CHOICE, parent=self)
        row.setObjectName(f"filter_{number + 1}")
        row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.clicked.connect(lambda: self._switch(number))
        self.column.addWidget(row)
        return row

    def applied_to(self, ask: QueueAsk) -> QueueAsk:
        today = self._now().astimezone().replace(hour=23, minute=59, second=59)
        source, kind, harm = self._chosen
        return QueueAsk(
            words=ask.words,
            grouping=ask.grouping,
            only=frozenset(self._only),
            today_ends=today.timestamp(),
            source=self._sources[source],
            kind=self._kinds[kind],
            harm=self._harm_keys[harm],
        )

    def open(self) -> None:
        self._mark(self._at)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def shut(self) -> None:
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def clear(self) -> None:
        self._only.clear()
        self._chosen = [0, 0, 0]
        self._say()
        self.changed.emit()

    def _switch(self, number: int, steps: int = 1) -> None:
        self._mark(number)
        if number < len(_ONLY):
            self._only ^= {_ONLY[number]}
        else:
            at = number - len(_ONLY)
            self._chosen[at] = (self._chosen[at] + steps) % self._sizes[at]
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        for number, only in enumerate(_ONLY):
            self._rows[number].set_words(only_words(only))
            self._rows[number].setChecked(only in self._only)
        everything = self.tr("all")
        source, kind, harm = (
            options[at] for options, at in zip((self._sources, self._kinds, self._harm_keys), self._chosen, strict=True)
        )
        values = (
            everything if source is None else source_words(ReferralSource(source)),
            everything if kind is None else kind_words(Kind(kind)),
            everything if harm is None else self.harms[harm],
        )
        names = (self.tr("From: {value}"), self.tr("Kind: {value}"), self.tr("Harm: {value}"))
        for at, (name, value) in enumerate(zip(names, values, strict=True)):
            row = self._rows[len(_ONLY) + at]
            row.set_words(name.format(value=value))
            row.setChecked(bool(self._chosen[at]))

    def _mark(self, at: int) -> None:
        self._at = at % len(self._rows)
        for number, row in enumerate(self._rows):
            row.set_current(number == self._at)
        self.setAccessibleDescription(self._rows[self._at].text())

    def event(self, event: QEvent) -> bool:
        return claimed(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        number = key - Qt.Key.Key_1.value
        if 0 <= number < len(self._rows):
            self._switch(number)
        elif key == Qt.Key.Key_0:
            self.clear()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self._mark(self._at + 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self._mark(self._at - 1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Right):
            self._switch(self._at)
        elif key == Qt.Key.Key_Left:
            self._switch(self._at, -1)
        elif key in _CLOSING:
            self.shut()

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return False
