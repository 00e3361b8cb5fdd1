"""A supervisor marks decided items for calibration with the keyboard alone, and sees nothing of any item."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from whole_window import Person, a_page, a_window

from reviewer.model.decisions import Action
from reviewer.model.readings import GoldenAnswer, GoldenCandidate
from reviewer.ui.supervisor_page import SupervisorPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key, Held = Qt.Key, Qt.KeyboardModifier


def candidate(number: int) -> GoldenCandidate:
    return GoldenCandidate(
        item_id=f"item-{number}",
        exhibit=f"2026-01843/00{number}",
        case_number="2026-01843",
        decided=GoldenAnswer(category="other", severity=2, action=Action.REMOVE),
    )


def at_the_form(person: Person) -> SupervisorPage:
    person.session.second.candidates = [candidate(1), candidate(2)]  # type: ignore[attr-defined]
    person.go_to("supervisor")
    person.press(Key.Key_F8)
    home = person.frame.home
    assert isinstance(home, SupervisorPage)
    person.until(lambda: home.golden.list.count() == 2)
    return home


def test_marked_changed_and_withdrawn_without_a_mouse(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("supervisor")) as person:
        home = at_the_form(person)
        marked = person.session.second.marked  # type: ignore[attr-defined]
        person.press(Key.Key_Down)
        person.press(Key.Key_Return)
        assert home.golden.form.category.hasFocus()
        person.press(Key.Key_Return)
        person.press(Key.Key_3)
        person.press(Key.Key_Tab)
        person.press(Key.Key_Right)
        person.press(Key.Key_Tab)
        person.press(Key.Key_Tab)
        assert home.golden.form.note.hasFocus()
        person.type("the fence is new")
        person.press(Key.Key_Return, Held.ControlModifier)
        person.until(lambda: bool(marked))
        harm = person.session.policy.harm_types[2].key
        right = GoldenAnswer(category=harm, severity=3, action=Action.REMOVE, note="the fence is new")
        assert marked["item-2"].answer == right
        person.until(lambda: home.golden.list.currentItem() is not None and home.golden.form.withdraw.isVisible())
        person.press(Key.Key_Delete, Held.ControlModifier)
        person.until(lambda: not marked)
        person.press(Key.Key_F8)
        assert home.golden.isHidden()


def test_a_refusal_is_said_and_the_words_stay(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("supervisor")) as person:
        home = at_the_form(person)
        person.session.second.refuses = True  # type: ignore[attr-defined]
        home.golden.form.note.setText("why")
        person.press(Key.Key_Return, Held.ControlModifier)
        person.until(lambda: home.golden.notice.isVisible())
        assert home.golden.form.note.text() == "why"
        person.session.second.refuses = False  # type: ignore[attr-defined]
        person.press(Key.Key_Return, Held.ControlModifier)
        person.until(lambda: bool(person.session.second.marked))  # type: ignore[attr-defined]


def test_its_keys_are_in_the_sheet_and_the_palette(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("supervisor")) as person:
        person.go_to("supervisor")
        offered = {command.name: command for command in person.frame.commands.commands()}
        assert offered["golden"].why_not == ""
        assert offered["golden_mark"].why_not
        person.frame.toggle_sheet()
        said = {label.text() for label in person.frame.sheet.findChildren(QLabel)}
        assert {action.words for action in person.frame.shortcuts.actions} <= said
