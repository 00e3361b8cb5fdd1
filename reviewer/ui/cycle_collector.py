"""Python's cycle collector, kept on the Qt thread and out of Qt's own calls.

Left alone it runs wherever Python allocates next. A QObject freed on a job's thread leaves its timers behind, and the
window's event loop then calls into freed memory; one freed while Qt destroys another can wait for a lock that thread
already holds, and the window hangs.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000
FULL_EVERY = 300


class CycleCollector(QObject):
    """From `start` on cycles are collected once a second, here; the oldest generation every five minutes.

    Nothing turns the automatic collector on again: after `stop` windows are still to be destroyed.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _collect(self) -> None:
        self._turn += 1
        gc.collect(2 if self._turn % FULL_EVERY == 0 else 1)
