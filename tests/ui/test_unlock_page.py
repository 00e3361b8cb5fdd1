"""Unlocking: Enter, a clear answer to a wrong passphrase, and a window that never freezes meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from session_fakes import PASSPHRASE, FakeDesk

from reviewer.model.errors import StoreTooNew
from reviewer.ui.bridge import Jobs
from reviewer.ui.notice import Notice
from reviewer.ui.ports import Session
from reviewer.ui.unlock_page import UnlockPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def a_page(desk: FakeDesk, jobs: Jobs, qtbot: QtBot) -> UnlockPage:
    page = UnlockPage(desk, jobs)
    qtbot.addWidget(page)
    page.show()
    return page


def enter(page: UnlockPage, passphrase: str) -> QLineEdit:
    field = page.findChild(QLineEdit, "passphrase")
    field.clear()
    QTest.keyClicks(field, passphrase)
    QTest.keyClick(field, Qt.Key.Key_Return)
    return field


def test_the_pseudonym_is_shown_and_the_passphrase_is_not(jobs: Jobs, qtbot: QtBot) -> None:
    page = a_page(FakeDesk(), jobs, qtbot)
    assert page.findChild(QLabel, "pseudonym").text() == "Reviewer 07"
    assert page.findChild(QLineEdit, "passphrase").echoMode() is QLineEdit.EchoMode.Password


def test_the_right_passphrase_opens_and_is_wiped_from_the_field(jobs: Jobs, qtbot: QtBot) -> None:
    desk = FakeDesk()
    page = a_page(desk, jobs, qtbot)
    with qtbot.waitSignal(page.unlocked) as opened:
        field = enter(page, PASSPHRASE)
    assert opened.args == [desk.session]
    assert field.text() == ""


def test_a_wrong_passphrase_is_answered_in_three_sentences(jobs: Jobs, qtbot: QtBot) -> None:
    page = a_page(FakeDesk(), jobs, qtbot)
    field = enter(page, "wrong")
    notice = page.findChild(Notice)
    qtbot.waitUntil(notice.isVisible)
    assert "does not open this vault" in notice.words
    assert "unchanged" in notice.words
    assert "keyboard layout" in notice.words
    assert "wrong" not in notice.words
    assert field.selectedText()
    enter(page, PASSPHRASE)
    qtbot.waitUntil(lambda: not notice.isVisible())


def test_other_troubles_are_told_as_well(jobs: Jobs, qtbot: QtBot) -> None:
    class NewerDesk(FakeDesk):
        def unlock(self, passphrase: str) -> Session:
            raise StoreTooNew

    page = a_page(NewerDesk(), jobs, qtbot)
    enter(page, PASSPHRASE)
    qtbot.waitUntil(lambda: "newer version" in page.findChild(Notice).words)


def test_an_empty_passphrase_is_not_tried(jobs: Jobs, qtbot: QtBot) -> None:
    desk = FakeDesk()
    page = a_page(desk, jobs, qtbot)
    enter(page, "")
    qtbot.wait(20)
    assert next(desk.tries) == 0


def test_the_window_lives_on_while_the_key_is_derived_and_a_second_enter_is_ignored(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()

    class SlowDesk(FakeDesk):
        def unlock(self, passphrase: str) -> Session:
            session = super().unlock(passphrase)
            gate.wait(5)
            return session

    desk = SlowDesk()
    page = a_page(desk, jobs, qtbot)
    beats: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(1))
    timer.start(5)
    field = enter(page, PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(beats) > 5)
    assert page.findChild(QLabel, "unlockProgress").text()
    with qtbot.waitSignal(page.unlocked):
        gate.set()
    timer.stop()
    assert page.findChild(QLabel, "unlockProgress").text() == ""
    assert next(desk.tries) == 1
