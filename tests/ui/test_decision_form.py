"""The questions the policy asks: which apply, how they are picked, what is gone to when Enter comes too early."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import POLICY

from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.pick_list import PickList

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


@pytest.fixture
def panel(qtbot: QtBot) -> DecisionPanel:
    made = DecisionPanel(POLICY)
    qtbot.addWidget(made)
    made.resize(348, 684)
    made.say_primary("Decide and next", usable=True)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_draft(Draft(item_id="item-1", category="violence"))
    return made


def visible(panel: DecisionPanel, name: str) -> bool:
    return panel.findChild(QWidget, name).isVisible()


def pick(panel: DecisionPanel, field: str, *keys: Qt.Key) -> None:
    panel.open_list(field)
    for key in keys:
        QTest.keyClick(panel.findChild(PickList, f"{field}List"), key)


def test_the_form_asks_what_applies_and_nothing_else(panel: DecisionPanel) -> None:
    assert not any(visible(panel, name) for name in ("grounds", "classification", "age_group", "reportNow"))
    panel.set_imminence(Imminence.POSSIBLE)
    assert visible(panel, "grounds")
    assert visible(panel, "reportNow")
    pick(panel, "category", Qt.Key.Key_2)
    assert visible(panel, "classification")
    assert visible(panel, "age_group")
    panel.set_imminence(Imminence.NO_SIGN)
    assert not visible(panel, "reportNow")


def test_a_question_that_is_not_asked_opens_no_list_and_says_so(panel: DecisionPanel) -> None:
    panel.open_list("classification")
    assert not panel.findChild(PickList, "classificationList").isVisible()
    assert "Not asked" in panel.why_not_list("classification")
    assert panel.why_not_list("category") == ""


def test_several_are_ticked_by_number_and_enter_ends_it(panel: DecisionPanel) -> None:
    panel.set_imminence(Imminence.IMMINENT)
    listed = panel.findChild(PickList, "groundsList")
    pick(panel, "grounds", Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_3)
    assert listed.isVisible()
    assert "✓" in panel.findChild(QPushButton, "grounds_seen").text()
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert not listed.isVisible()
    assert panel.draft is not None
    assert panel.draft.grounds == ("said_so", "seen")
    assert panel.findChild(QPushButton, "grounds").text() == "Somebody said so +1"


def test_one_is_picked_by_number_and_that_ends_it(panel: DecisionPanel) -> None:
    pick(panel, "category", Qt.Key.Key_2)
    pick(panel, "classification", Qt.Key.Key_3)
    pick(panel, "age_group", Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert panel.draft is not None
    assert (panel.draft.classification, panel.draft.age_group) == ("B1", "6-12")
    assert not panel.findChild(PickList, "age_groupList").isVisible()


def test_labels_are_ticked_by_mouse(panel: DecisionPanel) -> None:
    QTest.mouseClick(panel.findChild(QPushButton, "labels"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.findChild(QPushButton, "labels_weapon"), Qt.MouseButton.LeftButton)
    assert panel.draft is not None
    assert panel.draft.labels == ("weapon",)


def test_a_preset_answers_at_once_and_keeps_what_was_written(panel: DecisionPanel) -> None:
    panel.focus_why()
    QTest.keyClicks(panel.findChild(QPlainTextEdit), "Garden fence.")
    QTest.mouseClick(panel.findChild(QPushButton, "preset_nothing_here"), Qt.MouseButton.LeftButton)
    assert panel.ready
    assert panel.draft == Draft(
        item_id="item-1", imminence=Imminence.NO_SIGN, category="other", severity=1, confidence=Confidence.HIGH,
        action=Action.NONE, rationale="Garden fence.",
    )  # fmt: skip
    panel.use_preset(9)
    assert panel.ready


def test_an_early_enter_goes_to_the_first_missing_and_each_answer_to_the_next(panel: DecisionPanel) -> None:
    panel.insist()
    assert panel.form.question("imminence").pointed_at
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert panel.draft is not None
    assert panel.draft.imminence is None, "a second Enter answers nothing by accident"
    panel.set_imminence(Imminence.POSSIBLE)
    assert panel.form.question("grounds").pointed_at
    pick(panel, "grounds", Qt.Key.Key_1)
    assert panel.form.listing
    QTest.keyClick(panel.findChild(PickList, "groundsList"), Qt.Key.Key_Return)
    assert panel.form.question("severity").pointed_at
    panel.set_severity(2)
    assert panel.form.question("confidence").pointed_at
    panel.next_confidence()
    assert panel.form.question("action").pointed_at
    panel.set_action(Action.ESCALATE)
    assert panel.form.writing
    QTest.keyClicks(QApplication.focusWidget(), "ab")
    assert panel.ready
    assert panel.form.writing, "nobody is taken out of the words they are writing"


def test_what_is_missing_is_in_view_when_it_is_gone_to(panel: DecisionPanel) -> None:
    panel.resize(348, 420)
    panel.set_imminence(Imminence.NO_SIGN)
    panel.set_severity(1)
    panel.next_confidence()
    panel.insist()
    action = panel.form.question("action")
    top = action.mapTo(panel._scroll.viewport(), action.rect().topLeft()).y()
    assert 0 <= top < panel._scroll.viewport().height()
    decide = panel.findChild(QPushButton, "decide")
    assert decide.mapTo(panel, decide.rect().bottomLeft()).y() < panel.height()


def test_a_long_list_stays_inside_the_panel(panel: DecisionPanel) -> None:
    panel.resize(348, 300)
    panel.open_list("labels")
    listed = panel.findChild(PickList, "labelsList")
    assert panel.rect().contains(listed.geometry())
    assert listed.width() <= panel.width()


def test_after_a_list_is_shut_letters_mean_keys_again(qtbot: QtBot) -> None:
    """Tab is the list's own while it is open, so that Qt would leave the focus on it when it is hidden."""
    window = QWidget()
    qtbot.addWidget(window)
    field = QLineEdit(window)
    listed = PickList("grounds", "What says so", (("a", "One"), ("b", "Two")), window, several=True)
    window.resize(400, 400)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    listed.open((), QRect(0, 0, 200, 30))
    assert QApplication.focusWidget() is listed
    qtbot.keyClick(listed, Qt.Key.Key_1)
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert not listed.isVisible()
    assert QApplication.focusWidget() is field
    field.hide()
    listed.open((), QRect(0, 0, 200, 30))
    listed.shut()
    assert QApplication.focusWidget() is not listed
