"""Notices that nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow

CHECK_MS = 1_000
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """`idle` once after `minutes` without a touch. Watches the window's own events, not those of every widget."""

    idle = Signal()

    def __init__(self, minutes: float, parent: QObject, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._limit_s = minutes * 60.0
        self._monotonic = monotonic
        self._touched_at = monotonic()
        self._resting = False
        self._timer = QTimer(self)
        self._timer.setInterval(CHECK_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def watch(self, window: QWindow) -> None:
        window.installEventFilter(self)

    def touch(self) -> None:
        self._touched_at = self._monotonic()

    def rest(self, minutes: float) -> None:
        """A pause of so many minutes begins: until `wake` no touch is looked at, and `idle` comes that much later."""
        self._resting = True
        self._touched_at = self._monotonic() + minutes * 60.0

    def wake(self) -> None:
        self._resting = False
        self.touch()

    def check(self) -> None:
        if self._monotonic() - self._touched_at >= self._limit_s:
            self.touch()
            self.idle.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not self._resting and event.type() in _TOUCHES:
            self.touch()
        return False
