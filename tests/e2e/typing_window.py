"""A whole window in a process of its own in which somebody types without end; killed by the test in the middle.

Usage: python typing_window.py FOLDER [why|talk]. Writes a line "MOMENT LETTERS" to its output for each letter, the
moment on the system's monotonic clock, when the letter is in the field.
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from reviewer.demo.driver import Driver
from reviewer.demo.organisation import PASSPHRASE
from reviewer.ui.app import application
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.main_window import MainWindow
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation

KEYS = {"why": Qt.Key.Key_W, "talk": Qt.Key.Key_Y}
LETTER_S = 0.04  # 25 letters a second: faster than people type


def words() -> itertools.chain[str]:
    """Word by word, no two alike."""
    return itertools.chain.from_iterable((f"rhubarb{at:04} ",) for at in itertools.count())


def main(folder: Path, where: str) -> None:
    application()
    driver, jobs = Driver(60.0), Jobs()
    window = MainWindow(Workstation(folder, SystemClock()), jobs)
    window.resize(1366, 768)
    driver.activate(window)
    driver.write(PASSPHRASE)
    driver.key(Qt.Key.Key_Return)
    driver.wait_until(lambda: window.frame is not None, "the desk")
    bench = window.frame.workbench if window.frame is not None else None
    assert bench is not None
    driver.wait_until(lambda: bench.queue.model.rowCount() > 0, "the queue")
    driver.key(Qt.Key.Key_Return)
    driver.wait_until(lambda: bench.flow.state is DeskState.OPEN, "the item")
    driver.key(KEYS[where])
    driver.wait_until(lambda: isinstance(QApplication.focusWidget(), QPlainTextEdit), "the field")
    field = QApplication.focusWidget()
    assert isinstance(field, QPlainTextEdit)
    for word in words():
        for letter in word:
            driver.write(letter)
            print(time.monotonic(), len(field.toPlainText()), flush=True)
            driver.settle(LETTER_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "why")
