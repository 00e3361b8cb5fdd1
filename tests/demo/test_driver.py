"""The driver's keys and clicks arrive as a person's would, and waiting fails with words instead of hanging."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from reviewer.demo.driver import Driver, TourFailed
from reviewer.demo.screenshots import Screenshots

# The offscreen platform says this of every window it shows.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.resize(300, 200)
        self.line, self.button, self.label = QLineEdit(), QPushButton("Go on"), QLabel("quiet")
        self.line.setObjectName("line")
        layout = QVBoxLayout(self)
        for widget in (self.line, self.button, self.label):
            layout.addWidget(widget)
        self.shortcut = QShortcut(QKeySequence("Ctrl+L"), self)
        self.shortcut.activated.connect(lambda: self.label.setText("locked"))
        self.button.pressed.connect(lambda: self.label.setText("down"))
        self.button.released.connect(lambda: self.label.setText("up"))


@pytest.fixture
def window(qtbot):
    window = Window()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def driver(window):
    driver = Driver(timeout_s=3.0)
    driver.activate(window)
    return driver


def test_typing_arrives_in_the_focused_widget(driver, window):
    window.line.setFocus()
    driver.write("Correct horse-7 Battery!")
    assert window.line.text() == "Correct horse-7 Battery!"
    driver.key(Qt.Key.Key_Backspace)
    assert window.line.text() == "Correct horse-7 Battery"


def test_shortcuts_fire_whatever_has_the_focus(driver, window):
    window.line.setFocus()
    driver.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    driver.wait_until(lambda: driver.says(window, "locked"), "the lock")
    assert window.line.text() == ""


def test_a_shortcut_that_steals_letters_is_noticed(driver, window):
    thief = QShortcut(QKeySequence("o"), window)
    window.button.setFocus()
    stolen = []
    thief.activated.connect(lambda: stolen.append(1))
    driver.write("o")
    assert stolen == [1]


def test_clicking_and_holding_the_mouse(driver, window):
    driver.click(window.button)
    assert window.label.text() == "up"
    with driver.pressing(window.button):
        assert window.label.text() == "down"
    assert window.label.text() == "up"


def test_holding_a_key(driver, window):
    window.button.setFocus()
    with driver.holding(Qt.Key.Key_Space):
        assert window.label.text() == "down"
    assert window.label.text() == "up"


def test_a_held_key_is_released_when_the_block_fails(driver, window):
    window.button.setFocus()
    with pytest.raises(RuntimeError), driver.holding(Qt.Key.Key_Space):
        raise RuntimeError
    assert window.label.text() == "up"


def test_what_a_person_could_not_click_is_refused(driver, window):
    window.button.setEnabled(False)
    with pytest.raises(TourFailed, match="QPushButton cannot be clicked"):
        driver.click(window.button)


def test_waiting_ends_when_it_comes_true_or_says_what_did_not(driver, window):
    from PySide6.QtCore import QTimer

    QTimer.singleShot(60, lambda: window.label.setText("came"))
    assert 0.03 < driver.wait_until(lambda: driver.says(window, "came"), "the text") < 2
    driver.step("reveal")
    started = time.perf_counter()
    with pytest.raises(TourFailed, match=r"At step 'reveal': waited 0.1 s for the picture; the focus is on"):
        driver.wait_until(lambda: False, "the picture", timeout_s=0.1)
    assert time.perf_counter() - started < 2


def test_finding_says_which_names_there_are(driver, window):
    assert driver.find(window, QLineEdit, "line") is window.line
    with pytest.raises(TourFailed, match="no visible QLineEdit is named rationale; there are line"):
        driver.find(window, QLineEdit, "rationale")


def test_screenshots_are_numbered_and_an_empty_one_is_refused(driver, window, tmp_path, qtbot):
    shots = Screenshots(tmp_path / "out")
    assert shots.take(window, "unlock").name == "01-unlock.png"
    assert shots.take(window, "queue").name == "02-queue.png"
    assert shots.taken == ("01-unlock.png", "02-queue.png")
    assert (tmp_path / "out" / "01-unlock.png").read_bytes().startswith(b"\x89PNG")
    empty = QWidget()
    qtbot.addWidget(empty)
    with pytest.raises(TourFailed, match="empty window"):
        shots.take(empty, "nothing")
