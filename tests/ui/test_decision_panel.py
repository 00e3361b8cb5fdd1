"""The decision: every answer by key and by click, and what is missing in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from session_fakes import POLICY

from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.ui.decision_panel import MAX_RATIONALE, DecisionPanel
from reviewer.ui.pick_list import PickList
from reviewer.ui.readiness_card import ReadinessCard
from reviewer.ui.segments import Segments

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


@pytest.fixture
def panel(qtbot: QtBot) -> DecisionPanel:
    made = DecisionPanel(POLICY)
    qtbot.addWidget(made)
    made.resize(348, 760)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_draft(Draft(item_id="item-1"))
    return made


def missing_words(panel: DecisionPanel) -> str:
    return panel.findChild(ReadinessCard).words


def test_all_by_click(panel: DecisionPanel) -> None:
    for name in ("imminence_possible", "action_remove"):
        QTest.mouseClick(panel.findChild(QPushButton, name), Qt.MouseButton.LeftButton)
    severity = panel.findChild(Segments, "severity")
    QTest.mouseClick(severity, Qt.MouseButton.LeftButton, pos=severity.rect().center() / 4)
    QTest.mouseClick(panel.findChild(QPushButton, "confidence"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.findChild(QPushButton, "category"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.findChild(QPushButton, "category_self_harm"), Qt.MouseButton.LeftButton)
    assert panel.missing == ("grounds",)
    QTest.mouseClick(panel.findChild(QPushButton, "grounds"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.findChild(QPushButton, "grounds_seen"), Qt.MouseButton.LeftButton)
    assert panel.ready
    assert panel.draft == Draft(
        item_id="item-1", imminence=Imminence.POSSIBLE, category="self_harm", severity=1, confidence=Confidence.HIGH,
        action=Action.REMOVE, grounds=("seen",),
    )  # fmt: skip


def test_what_is_missing_is_said_in_words(panel: DecisionPanel) -> None:
    assert "0 of 5" in missing_words(panel)
    assert "is somebody in danger, category" in missing_words(panel)
    panel.set_imminence(Imminence.NO_SIGN)
    panel.set_action(Action.REPORT)
    assert "To report: 2 of 6" in missing_words(panel)
    assert "why" in missing_words(panel)
    assert not panel.ready


def test_a_report_is_ready_only_with_its_reason(panel: DecisionPanel) -> None:
    panel.set_imminence(Imminence.NO_SIGN)
    panel.set_severity(3)
    panel.next_confidence()
    panel.set_action(Action.REPORT)
    panel.open_categories()
    QTest.keyClick(panel.findChild(PickList, "categoryList"), Qt.Key.Key_1)
    assert not panel.ready
    panel.focus_why()
    QTest.keyClicks(panel.findChild(QPlainTextEdit), "Street sign at 00:16.")
    panel.say_seen("Seen: blurred.")
    assert panel.ready
    assert missing_words(panel) == "Ready to report Seen: blurred."


def test_the_category_list_takes_numbers_arrows_and_nothing_it_does_not_know(panel: DecisionPanel) -> None:
    panel.open_categories()
    listed = panel.findChild(PickList, "categoryList")
    QTest.keyClick(listed, Qt.Key.Key_9)
    assert listed.isVisible()
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert not listed.isVisible()
    assert panel.draft is not None
    assert panel.draft.category == "violence"


def test_confidence_goes_round(panel: DecisionPanel) -> None:
    seen = []
    for _ in range(4):
        panel.next_confidence()
        assert panel.draft is not None
        seen.append(panel.draft.confidence)
    assert seen == [Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW, Confidence.HIGH]


def test_a_severity_the_policy_does_not_know_is_not_taken(panel: DecisionPanel) -> None:
    panel.set_severity(5)
    panel.set_severity(0)
    assert panel.draft is not None
    assert panel.draft.severity is None


def test_every_change_is_told_with_all_that_was_answered(panel: DecisionPanel) -> None:
    told: list[Draft] = []
    panel.changed.connect(told.append)
    panel.set_imminence(Imminence.NO_SIGN)
    panel.focus_why()
    QTest.keyClicks(panel.findChild(QPlainTextEdit), "ab")
    assert [draft.rationale for draft in told] == ["", "a", "ab"]
    assert all(draft.imminence is Imminence.NO_SIGN for draft in told)


def test_showing_a_kept_draft_is_not_a_change(panel: DecisionPanel) -> None:
    told: list[Draft] = []
    panel.changed.connect(told.append)
    panel.show_draft(Draft(item_id="item-2", severity=2, rationale="kept words"))
    assert told == []
    assert panel.findChild(QPlainTextEdit).toPlainText() == "kept words"
    assert panel.findChild(Segments, "severity").index == 1


def test_nothing_can_be_answered_while_nothing_is_on_the_desk(panel: DecisionPanel) -> None:
    panel.show_draft(None)
    panel.set_imminence(Imminence.NO_SIGN)
    panel.open_categories()
    assert panel.draft is None
    assert not panel.findChild(PickList, "categoryList").isVisible()
    assert panel.findChild(QPlainTextEdit).toPlainText() == ""


def test_pasted_floods_are_cut(panel: DecisionPanel) -> None:
    panel.findChild(QPlainTextEdit).setPlainText("x" * (MAX_RATIONALE + 10))
    assert panel.draft is not None
    assert len(panel.draft.rationale) == MAX_RATIONALE


@pytest.mark.parametrize("height", [684, 816])
def test_the_whole_form_fits_without_scrolling(panel: DecisionPanel, height: int) -> None:
    panel.resize(348, height)
    panel.grab()
    assert panel._scroll.verticalScrollBar().maximum() == 0


def test_tab_from_the_words_leads_to_deciding_and_not_to_undo(panel: DecisionPanel, qtbot: QtBot) -> None:
    panel.say_primary("Decide and next", usable=True)
    why = panel.findChild(QPlainTextEdit, "why")
    why.setFocus()
    QTest.keyClick(why, Qt.Key.Key_Tab)
    assert panel.findChild(QPushButton, "decide").hasFocus()
