"""Starts Qt, shows the window, and tidies up after it."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.main_window import MainWindow
from reviewer.ui.ports import Desk

START_SIZE = (1440, 900)

# How long a busy job may keep Python's lock from the window's thread; the default of 5 ms adds up while painting.
SWITCH_S = 0.0005


def application(theme_name: str = "dark") -> QApplication:
    """The one QApplication, dressed. Nothing of it writes a settings file: no QSettings, no session management."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    sys.setswitchinterval(SWITCH_S)
    QGuiApplication.setDesktopFileName("reviewer")
    app = QApplication(sys.argv[:1])
    app.setApplicationName("reviewer")
    app.setApplicationDisplayName("reviewer")
    app.setQuitOnLastWindowClosed(True)
    theme.apply(app, theme_name)
    return app


def run(desk: Desk) -> int:
    """Show the locked window and stay until it is closed. Returns the exit code."""
    app = application()
    jobs = Jobs()
    window = MainWindow(desk, jobs)
    screen = app.primaryScreen()
    room = screen.availableGeometry() if screen is not None else None
    if room is not None and (room.width() < START_SIZE[0] or room.height() < START_SIZE[1]):
        window.showMaximized()
    else:
        window.resize(*START_SIZE)
        window.show()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        # Ctrl+C in the terminal locks and closes like the window's own button.
        QTimer.singleShot(0, window, window.close)

    before = signal.signal(signal.SIGINT, interrupted)
    # Python sees a signal only between its own steps: give it one now and then.
    pulse = QTimer(window)
    pulse.timeout.connect(lambda: None)
    pulse.start(500)
    try:
        return app.exec()
    finally:
        signal.signal(signal.SIGINT, before)
        jobs.close()
        desk.close()
