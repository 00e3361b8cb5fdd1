"""The shortest ways: a common decision in two keys, an emergency to whom to call, a decision changed again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from test_window import Driver, person, session  # noqa: F401  (fixtures)

from reviewer.model.decisions import Action, Imminence
from reviewer.ui.desk_flow import DeskState

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
Keys = Qt.Key
ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def decide_with_preset(person: Driver) -> None:  # noqa: F811
    """Two keystrokes from an item that is open to the next."""
    person.press(Keys.Key_1, ALT_SHIFT)
    person.press(Keys.Key_Return)


def test_the_commonest_decision_takes_two_keys_to_the_next_item(person: Driver) -> None:  # noqa: F811
    person.unlock()
    person.take_first()
    decide_with_preset(person)
    person.until(lambda: person.name_on_desk() == "Case 2026-01851" and person.bench.flow.state is DeskState.OPEN)
    (decision,) = person.session.decisions
    assert (decision.imminence, decision.category, decision.action) == (Imminence.NO_SIGN, "other", Action.NONE)


def test_report_now_leads_through_what_is_missing_to_whom_to_call(person: Driver) -> None:  # noqa: F811
    person.unlock()
    person.take_first()
    panel, page = person.bench.decision, person.bench.report_page
    person.press(Keys.Key_I)
    assert panel.findChild(QPushButton, "reportNow").isVisible()
    person.press(Keys.Key_R, CTRL_SHIFT)
    assert panel.form.question("grounds").pointed_at
    person.press(Keys.Key_Return)
    person.until(lambda: panel.form.listing)
    person.press(Keys.Key_1)
    person.press(Keys.Key_Return)
    assert panel.form.question("severity").pointed_at
    person.press(Keys.Key_4, Qt.KeyboardModifier.AltModifier)
    person.press(Keys.Key_F)
    assert panel.form.writing
    person.type("A place and a time are named.")
    person.press(Keys.Key_Return, Qt.KeyboardModifier.ControlModifier)
    person.until(page.isVisible)
    (decision,) = person.session.decisions
    assert (decision.action, decision.imminence) == (Action.REPORT, Imminence.IMMINENT)
    assert "Nobody has been told yet" in page.words
    assert "it is you who sends it" in page.words
    assert person.session.policy.emergency[0].reach in page.words
    assert "place and a time" not in page.words
    person.qtbot.wait(200)
    assert page.isVisible(), "whom to call stays until it was read"
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert not page.isVisible()
    assert person.session.policy.emergency[0].reach not in page.words


def test_another_action_is_no_report_any_more(person: Driver) -> None:  # noqa: F811
    person.unlock()
    person.take_first()
    person.press(Keys.Key_R, CTRL_SHIFT)
    assert person.window.findChild(QPushButton, "decide").text() == "Decide and report"
    person.bench.decision.set_action(Action.NONE)
    assert person.window.findChild(QPushButton, "decide").text() == "Decide and next"


def test_the_last_decision_is_changed_and_what_lay_on_the_desk_goes_back(person: Driver) -> None:  # noqa: F811
    person.unlock()
    person.take_first()
    decide_with_preset(person)
    person.until(lambda: person.name_on_desk() == "Case 2026-01851" and person.bench.flow.state is DeskState.OPEN)
    person.press(Keys.Key_U, Qt.KeyboardModifier.ShiftModifier)
    person.until(lambda: person.name_on_desk() == "Case 2026-01843" and person.bench.flow.state is DeskState.OPEN)
    assert ("put_back", "item-1851") in person.session.calls
    assert person.bench.decision.draft is not None
    assert person.bench.decision.draft.action is Action.NONE
    assert person.bench.open_item is None
    assert "changing your last decision" in person.bench.viewer.notice.words
    person.press(Keys.Key_X)
    person.press(Keys.Key_Return)
    person.until(lambda: len(person.session.named("decide")) == 2)
    person.until(lambda: person.name_on_desk() == "Case 2026-01851")
    assert person.session.named("decide")[1][1].action is Action.REMOVE


def test_a_change_that_was_hidden_comes_back_and_undo_ends_it(person: Driver) -> None:  # noqa: F811
    person.unlock()
    person.take_first()
    decide_with_preset(person)
    person.until(lambda: person.name_on_desk() == "Case 2026-01851" and person.bench.flow.state is DeskState.OPEN)
    person.press(Keys.Key_U, Qt.KeyboardModifier.ShiftModifier)
    person.until(lambda: person.name_on_desk() == "Case 2026-01843" and person.bench.flow.state is DeskState.OPEN)
    person.press(Keys.Key_X)
    person.press(Keys.Key_Escape)
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert len(person.session.named("reopen")) == 2
    assert person.bench.decision.draft is not None
    assert person.bench.decision.draft.action is Action.REMOVE
    person.press(Keys.Key_U)
    person.until(lambda: bool(person.session.named("undo")))
    person.until(lambda: person.bench.flow.state is DeskState.EMPTY)
    assert person.bench.decision.draft is None


def test_nothing_to_change_is_said(person: Driver) -> None:  # noqa: F811
    person.unlock()
    person.press(Keys.Key_U, Qt.KeyboardModifier.ShiftModifier)
    person.until(lambda: "no decision of this session" in person.bench.notice.words)
