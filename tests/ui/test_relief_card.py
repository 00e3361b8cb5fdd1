"""Relief in two clicks: what it will do is said before, what was done after, and a failure is never taken for done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_supervisor_page import TEAM, TeamSession, page_for, said
from viewer_fakes import HandJobs

from reviewer.model.errors import CaseSystemRefused, CaseSystemUnreachable
from reviewer.model.supervision import ReliefKind
from reviewer.ui.key_button import KeyButton
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.supervisor_page import SupervisorPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def click(page: SupervisorPage, name: str) -> None:
    button = next(one for one in page.relief.findChildren(KeyButton, name) if one.isVisible())
    for _ in range(10):  # what was just added is laid out by the event loop; nobody clicks before that
        QApplication.processEvents()
        if button.height() >= button.sizeHint().height():
            break
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_two_clicks_and_what_came_of_it(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    click(page, "reliefButton")
    assert page.relief.opened == "reviewer-07"
    assert "They finish what is on their desk" in said(page, "relief")
    click(page, "relief_hand_over")
    jobs.settle()
    (asked,) = session.supervision.asked
    assert (asked.member_id, asked.kind) == ("reviewer-07", ReliefKind.HAND_OVER)
    assert asked.id[14] == "7"
    assert "Done: 3 items are anybody's again. They see that you did this." in said(page, "relief")
    assert page.relief.opened == ""


def test_offline_is_not_done_and_choosing_it_again_is_the_same_request(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    session.supervision.fail = CaseSystemUnreachable()
    page.relief.open("reviewer-07")
    page.relief.choose(ReliefKind.CALL)
    jobs.settle()
    words = said(page, "relief")
    assert "Not done as far as is known here" in words
    assert "Done:" not in words
    session.supervision.fail = None
    for _ in range(2):
        page.relief.open("reviewer-07")
        page.relief.choose(ReliefKind.CALL)
        jobs.settle()
    first, again, another = session.supervision.asked
    assert first == again, "the case system can tell that it is the same"
    assert another.id != again.id, "what was done can be done once more"
    assert "Done: they see that you ask for a call" in said(page, "relief")


def test_a_refusal_says_why(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    session.supervision.fail = CaseSystemRefused(404, happened="There is nobody like this here.")
    page.relief.open("reviewer-07")
    page.relief.choose(ReliefKind.THANKS)
    jobs.settle()
    assert "Not done: There is nobody like this here." in said(page, "relief")


def test_it_is_asked_once_while_no_answer_is_here(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    page.relief.open("reviewer-07")
    page.relief.choose(ReliefKind.OFFER)
    page.relief.open("reviewer-07")
    page.relief.choose(ReliefKind.OFFER)
    jobs.settle()
    assert len(session.supervision.asked) == 1


def test_by_keys_and_for_anybody_in_the_map(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    keys = Shortcuts(page)
    page.bind(keys)
    assert keys.why_not("relief_thanks")
    assert keys.run("relief")
    assert page.relief.opened == "reviewer-07"
    assert keys.run("relief")
    assert page.relief.opened == "reviewer-09"
    assert keys.run("relief_leave")
    assert page.relief.opened == ""
    page.heat_map.setFocus()
    QTest.keyClick(page.heat_map, Qt.Key.Key_Down)
    QTest.keyClick(page.heat_map, Qt.Key.Key_Return)
    assert page.relief.opened == "reviewer-01", "also for somebody who is not near a limit"
    assert keys.run("relief_thanks")
    jobs.settle()
    assert session.supervision.asked[0].member_id == "reviewer-01"
    assert "Reviewer 01" in said(page, "relief")
    page.toggle_golden()
    assert "Only among" in keys.why_not("team_find")
