"""Keys: one meaning each, silent while somebody types, held ones let go."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.key_button import KeyButton
from reviewer.ui.shortcut_sheet import ShortcutSheet, spread
from reviewer.ui.shortcuts import ClashingKey, Shortcuts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.text = QPlainTextEdit(self)
        self.button = KeyButton("Press", parent=self)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(self.button)
        self.keys = Shortcuts(self)
        self.heard: list[object] = []

    def hears(self, name: str, key: str, *, always: bool = False) -> None:
        self.keys.bind(name, key, name, lambda: self.heard.append(name), group="test", always=always)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


def test_two_meanings_for_one_key_are_refused(window: Window) -> None:
    window.hears("one", "K")
    with pytest.raises(ClashingKey):
        window.hears("other", "K")
    with pytest.raises(ClashingKey):
        window.hears("nothing", "")


def test_a_letter_does_its_work_but_not_while_typing(window: Window) -> None:
    window.hears("k", "K")
    QTest.keyClick(window, Qt.Key.Key_K)
    assert window.heard == ["k"]
    window.text.setFocus()
    QTest.keyClicks(window.text, "kK")
    assert window.heard == ["k"]
    assert window.text.toPlainText() == "kK"


def test_enter_in_a_text_is_a_new_line_and_the_panic_key_works_even_there(window: Window) -> None:
    window.hears("decide", "Return")
    window.hears("hide", "Esc", always=True)
    window.text.setFocus()
    QTest.keyClick(window.text, Qt.Key.Key_Return)
    QTest.keyClick(window.text, Qt.Key.Key_Escape)
    assert window.heard == ["hide"]
    assert window.text.toPlainText() == "\n"


def test_enter_and_space_belong_to_a_button_reached_by_tab(window: Window, qtbot: QtBot) -> None:
    window.hears("decide", "Return")
    window.hears("play", "Space")
    pressed: list[bool] = []
    window.button.clicked.connect(lambda: pressed.append(True))
    window.button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pressed) == 1)
    QTest.keyClick(window.button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(pressed) == 2)
    assert window.heard == []


def test_a_click_does_not_leave_enter_pointing_at_the_button(window: Window) -> None:
    QTest.mouseClick(window.button, Qt.MouseButton.LeftButton)
    assert not window.button.hasFocus()


def test_a_held_key_is_let_go_when_it_comes_up(window: Window) -> None:
    window.keys.bind_hold("lens", "4", "lens", window.heard.append, group="test")
    QTest.keyPress(window, Qt.Key.Key_4)
    QTest.keyRelease(window, Qt.Key.Key_5)
    assert window.heard == [True]
    QTest.keyRelease(window, Qt.Key.Key_4)
    assert window.heard == [True, False]
    QTest.keyRelease(window, Qt.Key.Key_4)
    assert window.heard == [True, False]


def test_a_held_key_is_let_go_when_the_window_loses_focus(window: Window, qtbot: QtBot) -> None:
    window.keys.bind_hold("lens", "4", "lens", window.heard.append, group="test")
    QTest.keyPress(window, Qt.Key.Key_4)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: window.heard == [True, False])


def test_a_page_over_the_desk_silences_all_but_the_keys_that_always_work(window: Window) -> None:
    window.hears("k", "K")
    window.hears("hide", "Esc", always=True)
    window.keys.bind_hold("lens", "4", "lens", window.heard.append, group="test")
    QTest.keyPress(window, Qt.Key.Key_4)
    window.keys.pause()
    QTest.keyClick(window, Qt.Key.Key_K)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.heard == [True, False, "hide"]
    window.keys.resume()
    QTest.keyClick(window, Qt.Key.Key_K)
    assert window.heard[-1] == "k"


def test_the_sheet_shows_every_action(window: Window, qtbot: QtBot) -> None:
    window.hears("Grey or colour", "G")
    window.hears("Undo", "U")
    sheet = ShortcutSheet(window.keys.actions)
    qtbot.addWidget(sheet)
    sheet.fill()
    from PySide6.QtWidgets import QLabel

    words = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Grey or colour", "Undo"} <= words


def test_the_groups_are_spread_over_columns_of_nearly_equal_height() -> None:
    heights = {"a": 5, "b": 19, "c": 17, "d": 8, "e": 9, "f": 23, "g": 9}
    columns = spread(heights, 4)
    assert sorted(name for column in columns for name in column) == sorted(heights)
    tall = [sum(heights[name] for name in column) for column in columns]
    assert max(tall) - min(tall) <= 8
    assert spread({"a": 3}, 4) == [["a"]]
