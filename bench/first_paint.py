"""`python -m bench.first_paint FOLDER`: the `reviewer` command on that data folder until its unlock page is painted.

Prints the monotonic time of that moment in seconds and closes the window. Without a folder: a bare Qt window.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget


class FirstPaint(QObject):
    """Waits for the first widget of that class to be painted, then closes every window."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self._seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._seen and type(watched).__name__ == self._kind:
            self._seen = True
            QTimer.singleShot(0, self, self._painted)  # after the paint has reached the screen
        return False

    def _painted(self) -> None:
        print(time.monotonic(), flush=True)
        QApplication.closeAllWindows()


def _reviewer(folder: str) -> None:
    from reviewer.cli import app

    watch = FirstPaint("UnlockPage")
    from reviewer.ui.app import application

    application().installEventFilter(watch)
    app(["--data", folder])


def _bare() -> None:
    qt = QApplication(sys.argv[:1])
    watch = FirstPaint("QLabel")
    qt.installEventFilter(watch)
    window = QWidget()
    window.resize(1440, 900)
    QLabel("reviewer", window)
    window.show()
    qt.exec()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _reviewer(sys.argv[1])
    else:
        _bare()
