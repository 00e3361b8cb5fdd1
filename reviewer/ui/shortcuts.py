"""The one register of keys. Every action has one, none has two meanings, and the sheet is made from this list.

Single letters never fire while somebody types: Qt offers a key to the text field first and it accepts the letter. Keys
that must work even then (Esc, Ctrl+L, Ctrl+Enter) are ones no text field wants.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from reviewer.ui import theme
from reviewer.ui.key_button import KeyButton

# A button reached by Tab wants these for itself.
_FOCUS_KEYS = frozenset({"Return", "Enter", "Space"})


class ClashingKey(ValueError):
    """Two actions want one key: a defect, found when the window is built."""


@dataclass(frozen=True, slots=True)
class KeyAction:
    """One line of the sheet. `keys` are portable key sequences; `shown` is what a key cap says."""

    name: str
    group: str
    words: str
    keys: tuple[str, ...]
    shown: str


class Shortcuts(QObject):
    """Binds actions to keys in one window. `pause` leaves only those bound with `always`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, KeyAction] = {}
        self._taken: dict[str, str] = {}
        self._pausable: list[tuple[str, QShortcut]] = []
        self._paused = False
        self._muted: frozenset[str] = frozenset()
        self._held: tuple[int, Callable[[bool], None]] | None = None
        self._runs: dict[str, Callable[[], None]] = {}
        self._always: set[str] = set()
        self._why_not: dict[str, list[Callable[[], str]]] = {}

    @property
    def actions(self) -> tuple[KeyAction, ...]:
        return tuple(self._actions.values())

    def bind(
        self,
        name: str,
        keys: str | tuple[str, ...],
        words: str,
        do: Callable[[], None],
        *,
        group: str,
        shown: str = "",
        always: bool = False,
        repeats: bool = False,
        why_not: Callable[[], str] | None = None,
    ) -> None:
        """Call `do` when one of `keys` is pressed. `ClashingKey` when a key is taken.

        `why_not` says in one sentence why the action does nothing at the moment; empty when it does something.
        """
        wanted = (keys,) if isinstance(keys, str) else keys
        self._note(KeyAction(name, group, words, wanted, shown or wanted[0]))
        self._runs[name] = do
        if always:
            self._always.add(name)
        if why_not is not None:
            self.explain(why_not, name)
        for key in wanted:
            shortcut = self._shortcut(key, group, always)
            shortcut.setAutoRepeat(repeats)
            shortcut.activated.connect(lambda key=key: self._fire(key, do))

    def bind_hold(
        self, name: str, key: str, words: str, held: Callable[[bool], None], *, group: str, shown: str = ""
    ) -> None:
        """Call `held(True)` when the key goes down and `held(False)` when it comes up or the window loses focus."""
        self._note(KeyAction(name, group, words, (key,), shown or key))
        shortcut = self._shortcut(key, group, False)
        shortcut.setAutoRepeat(False)
        number = QKeySequence(key)[0].key().value  # type: ignore[index]
        shortcut.activated.connect(lambda: self._press(number, held))

    def explain(self, why_not: Callable[[], str], *names: str) -> None:
        """One more reason why these actions may do nothing, asked after those there are."""
        for name in names:
            self._why_not.setdefault(name, []).append(why_not)

    def why_not(self, name: str) -> str:
        """Why the action does nothing at the moment, in one sentence; empty when it does something.

        `KeyError` for a name that was never bound.
        """
        action = self._actions[name]
        if name not in self._always:
            if self._paused:
                return self.tr("Only on the desk: go back to it first.")
            if action.group in self._muted:
                return self.tr("Not in full screen: leave it first.")
        if name not in self._runs:
            return self.tr("Only while its key is held.")
        return next((words for reason in self._why_not.get(name, ()) if (words := reason())), "")

    def run(self, name: str) -> bool:
        """Do what the action's key does; False, and nothing done, when `why_not` has a reason."""
        if self.why_not(name):
            return False
        self._runs[name]()
        return True

    def pause(self) -> None:
        """While a page of its own lies over the desk."""
        self._release()
        self._paused = True
        self._enable()

    def resume(self) -> None:
        self._paused = False
        self._enable()

    def mute(self, *groups: str) -> None:
        """The keys of these groups do nothing, those of all others as ever; without groups all are back."""
        self._muted = frozenset(groups)
        self._enable()

    def _enable(self) -> None:
        for group, shortcut in self._pausable:
            shortcut.setEnabled(not self._paused and group not in self._muted)

    def _note(self, action: KeyAction) -> None:
        for key in action.keys:
            normal = QKeySequence(key).toString()
            if not normal:
                raise ClashingKey(f"{action.name}: {key} is not a key")
            if normal in self._taken:
                raise ClashingKey(f"{action.name} and {self._taken[normal]} both want {normal}")
            self._taken[normal] = action.name
        self._actions[action.name] = action

    def _shortcut(self, key: str, group: str, always: bool) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self._window)
        if not always:
            self._pausable.append((group, shortcut))
        return shortcut

    def _fire(self, key: str, do: Callable[[], None]) -> None:
        focused = QApplication.focusWidget()
        if key in _FOCUS_KEYS and isinstance(focused, QAbstractButton) and focused.isEnabled():
            if isinstance(focused, KeyButton) and theme.motion():
                focused.animateClick()
            else:
                focused.click()
            return
        do()

    def _press(self, number: int, held: Callable[[bool], None]) -> None:
        self._release()
        self._held = (number, held)
        # Only while a key is held: an event filter on the application costs every event a Python call.
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        held(True)

    def _release(self) -> None:
        if self._held is None:
            return
        _number, held = self._held
        self._held = None
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        held(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if self._held is None:
            return False
        if event.type() in (QEvent.Type.ApplicationDeactivate, QEvent.Type.WindowDeactivate):
            self._release()
        elif event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if event.key() == self._held[0] and not event.isAutoRepeat():
                self._release()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            # The repeats of the held key must not reach a list or a button.
            return event.key() == self._held[0] and event.isAutoRepeat()
        return False
