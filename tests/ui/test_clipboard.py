"""Nothing a person wrote stays on a clipboard after the lock, and nothing is dragged out of a field."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from reviewer.ui.clipboard import clear_what_is_ours
from reviewer.ui.main_window import MainWindow
from reviewer.ui.queue_panel import SearchField
from reviewer.ui.why_field import WhyField

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class FakeClipboard:
    """Owned or not, with or without an X11 selection; `cleared` is what was taken away."""

    def __init__(self, *, ours: bool, selects: bool = True) -> None:
        self.cleared: list[QClipboard.Mode] = []
        self.ownsClipboard = lambda: ours
        self.ownsSelection = lambda: ours
        self.supportsSelection = lambda: selects

    def clear(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        self.cleared.append(mode)


@pytest.mark.parametrize(
    ("ours", "selects", "cleared"),
    [
        (True, True, [QClipboard.Mode.Clipboard, QClipboard.Mode.Selection]),
        (True, False, [QClipboard.Mode.Clipboard]),
        (False, True, []),
    ],
)
def test_both_clipboards_are_cleared_where_they_are_ours(
    ours: bool, selects: bool, cleared: list[QClipboard.Mode], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeClipboard(ours=ours, selects=selects)
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: fake)
    clear_what_is_ours()
    assert fake.cleared == cleared


def test_the_lock_clears_them(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeClipboard(ours=True)
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: fake)
    window = SimpleNamespace(
        frame=None, _idle=None, _closing=False, unlock_page=SimpleNamespace(setFocus=lambda: None),
        _stack=SimpleNamespace(setCurrentWidget=lambda _page: None),
    )  # fmt: skip
    MainWindow._locked(window, None)  # type: ignore[arg-type]
    assert fake.cleared == [QClipboard.Mode.Clipboard, QClipboard.Mode.Selection]


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_selected_words_cannot_be_dragged_out(qtbot: QtBot, held: Qt.KeyboardModifier) -> None:
    field = WhyField()
    qtbot.addWidget(field)
    field.resize(400, 120)
    field.setPlainText("words about evidence that belong in the store and nowhere else")
    field.show()
    field.selectAll()
    QTest.mousePress(field.viewport(), Qt.MouseButton.LeftButton, held, QPoint(40, 12))
    assert not field.textCursor().hasSelection()  # without a selection under the press Qt begins no drag
    QTest.mouseRelease(field.viewport(), Qt.MouseButton.LeftButton, held, QPoint(40, 12))


def test_words_are_selected_with_the_mouse_as_ever(qtbot: QtBot) -> None:
    field = WhyField()
    qtbot.addWidget(field)
    field.resize(400, 120)
    field.setPlainText("words")
    field.show()
    QTest.mouseDClick(field.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(15, 12))
    assert field.textCursor().selectedText() == "words"
    field.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.mousePress(field.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, QPoint(300, 12))
    assert field.textCursor().selectedText() == "words"


def test_the_one_line_fields_do_not_drag(qtbot: QtBot) -> None:
    for field in (SearchField(), QLineEdit()):
        qtbot.addWidget(field)
        assert not field.dragEnabled()
