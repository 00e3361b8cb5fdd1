"""The sheet of keys and the palette know every action of the register, whoever is at the window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from whole_window import a_page, a_window

from reviewer.ui.key_cap import KeyCap
from reviewer.ui.palette_control import OWN
from reviewer.ui.preferences_page import PreferencesPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.mark.parametrize("page", ["keys", "supervisor"])
def test_every_action_is_in_the_sheet_and_in_the_palette(qtbot: QtBot, qapp: QApplication, page: str) -> None:
    with a_window(qtbot, qapp, a_page(page)) as person:
        person.go_to(page)
        actions = person.frame.shortcuts.actions
        person.frame.sheet.fill()
        said = {label.text() for label in person.frame.sheet.findChildren(QLabel)}
        assert {action.words for action in actions} <= said
        offered = {command.name for command in person.frame.commands.commands()}
        assert {action.name for action in actions} - {OWN} <= offered
        assert all(action.keys for action in actions)


def test_what_is_not_looked_at_yet_is_not_made_by_unlocking(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("empty")) as person:
        person.unlock()
        frame = person.frame
        assert frame.findChildren(PreferencesPage) == []
        assert frame.sheet.findChildren(KeyCap) == []
        frame.toggle_sheet()
        person.until(lambda: all(cap.isVisible() for cap in frame.sheet.findChildren(KeyCap)))
        assert len(frame.sheet.findChildren(KeyCap)) >= len(frame.shortcuts.actions)
        frame.asked.toggle_preferences()
        assert frame.findChildren(PreferencesPage) == [frame.pages.currentWidget()]
