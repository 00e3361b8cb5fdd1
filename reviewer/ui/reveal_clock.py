"""The time a revealed picture has left before it veils itself."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

TICK_MS = 250


class RevealClock(QObject):
    """`ticked(whole seconds left, share left)` four times a second; `ended` once, when the time is over."""

    ticked = Signal(int, float)
    ended = Signal()

    def __init__(self, parent: QObject | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._seconds = 0.0
        self._ends = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def start(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = self._monotonic() + seconds
        self._timer.start(min(TICK_MS, max(1, round(seconds * 1000))))
        self._tick()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        left = self._ends - self._monotonic()
        if left <= 0:
            self._timer.stop()
            self.ended.emit()
        else:
            self.ticked.emit(math.ceil(left), left / self._seconds)
