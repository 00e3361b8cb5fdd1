"""A whole window in a process of its own in which somebody types without end; killed by the test in the middle.

Usage: python typing_window.py FOLDER [why|talk|settle]. Writes a line "MOMENT LETTERS" to its output for each letter,
the moment on the system's monotonic clock, when the letter is in the field.
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from reviewer.demo.driver import Driver
from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Draft
from reviewer.model.readings import Reading, Readings, Stage
from reviewer.ui.app import application
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.main_window import MainWindow
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation
from reviewer.workstation.second_review import SecondReview

SETTLE = "settle"
KEYS = {"why": Qt.Key.Key_W, "talk": Qt.Key.Key_Y}
LETTER_S = 0.04  # 25 letters a second: faster than people type


def words() -> itertools.chain[str]:
    """Word by word, no two alike."""
    return itertools.chain.from_iterable((f"rhubarb{at:04} ",) for at in itertools.count())


def differing(item: Item) -> Readings:
    """What the case system shows once a colleague decided it otherwise, and the two are to agree."""
    mine = Draft(item_id=item.id, category="other", severity=2, action=Action.REMOVE)
    theirs = msgspec.structs.replace(mine, action=Action.NONE)
    readings = (Reading(author="One", words=mine, mine=True), Reading(author="Two", words=theirs))
    return Readings(item=item, case_number="1", stage=Stage.CONSENSUS, readings=readings, differ=("action",))


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
    if where == SETTLE:
        assert bench.flow.entry is not None
        shown = differing(bench.flow.entry.item)
        # Only what comes over the network is made up here: where the words go is not.
        setattr(SecondReview, "side_by_side", lambda _self, _item_id: shown)  # noqa: B010
        assert window.frame is not None
        page = window.frame.asked.readings
        page.show_item(shown.item.id)
        driver.key(Qt.Key.Key_F8)
        driver.wait_until(lambda: page.sides.settles and page.isVisible(), "both sides")
        driver.settle(0.2)
        page.sides.findChildren(QPlainTextEdit)[-1].setFocus()
    else:
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
