"""Dark or light, larger or smaller, less motion: by key, for the whole window, remembered for the person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from session_fakes import PASSPHRASE, FakeDesk, FakeSession

from reviewer.model.preferences import Look, Preferences
from reviewer.ui import theme
from reviewer.ui.breathing_guide import BreathingGuide
from reviewer.ui.bridge import Jobs
from reviewer.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def window(session: FakeSession, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    theme.apply(qapp)
    jobs = Jobs()
    made = MainWindow(FakeDesk(session), jobs)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    qtbot.waitUntil(lambda: not made.isVisible())
    shiboken6.delete(made)
    jobs.close()
    theme.set_motion(True)
    theme.apply(qapp)


def unlock(window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
    QTest.keyClicks(QApplication.focusWidget(), PASSPHRASE)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.frame is not None)
    qtbot.waitUntil(lambda: bool(session.named("preferences")))
    qtbot.wait(30)


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, held)


def test_larger_usual_smaller_and_light_are_kept(window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
    unlock(window, session, qtbot)
    press(window, Qt.Key.Key_Plus, CONTROL)
    press(window, Qt.Key.Key_Plus, CONTROL)
    assert theme.current().scale == 1.5
    press(window, Qt.Key.Key_D, CONTROL | SHIFT)
    assert theme.current().name == "light"
    press(window, Qt.Key.Key_Minus, CONTROL)
    assert theme.current().scale == 1.25
    qtbot.waitUntil(lambda: session.preferred == Preferences(look=Look.LIGHT, text_scale=1.25))
    press(window, Qt.Key.Key_0, CONTROL)
    assert theme.current().scale == 1.0
    qtbot.waitUntil(lambda: session.preferred == Preferences(look=Look.LIGHT))


def test_the_window_opens_as_the_person_left_it(window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
    session.preferred = Preferences(look=Look.LIGHT, text_scale=2.0, less_motion=True)
    unlock(window, session, qtbot)
    qtbot.waitUntil(lambda: theme.current().name == "light")
    assert theme.current().scale == 2.0
    assert not theme.motion()


def test_a_very_large_window_adds_to_what_was_chosen(window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
    unlock(window, session, qtbot)
    press(window, Qt.Key.Key_Plus, CONTROL)
    window.resize(3840, 2160)
    qtbot.waitUntil(lambda: theme.current().scale == 2.5)
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: theme.current().scale == 1.25)


def test_less_motion_holds_the_breathing_guide_still(window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
    unlock(window, session, qtbot)
    guide = BreathingGuide(window)
    guide.show()
    moved = guide._timer.isActive()
    press(window, Qt.Key.Key_M, CONTROL | SHIFT)
    assert not theme.motion()
    guide.hide()
    guide.show()
    assert not guide._timer.isActive()
    press(window, Qt.Key.Key_M, CONTROL | SHIFT)
    guide.hide()
    guide.show()
    assert guide._timer.isActive() is moved
