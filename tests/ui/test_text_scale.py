"""At other text scales nothing is cut off either. One and a half times at 1366x768: test_every_page."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from whole_window import Person, a_page, a_window

from reviewer.model.preferences import Preferences
from reviewer.ui import theme
from reviewer.ui.elided_label import ElidedLabel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


def is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.height() + 1 < label.heightForWidth(label.width())
    return label.width() < label.sizeHint().width() or label.height() + 1 < label.sizeHint().height()


def cut_off(person: Person) -> list[str]:
    """What does not show all its words and has no tooltip that says them."""
    found = []
    for widget in person.window.findChildren(QWidget):
        if not widget.isVisible() or widget.toolTip():
            continue
        name = f"{type(widget).__name__} {widget.objectName()}"
        if isinstance(widget, QAbstractButton) and widget.text():
            line = QFontMetrics(theme.font()).height()
            if widget.width() < widget.sizeHint().width() or widget.height() < line + 4:
                found.append(f"{name} {widget.text()!r} {widget.size().toTuple()} of {widget.sizeHint().toTuple()}")
        elif isinstance(widget, QLabel) and widget.text() and not isinstance(widget, ElidedLabel) and is_cut(widget):
            found.append(f"{name} {widget.text()!r} {widget.size().toTuple()} of {widget.sizeHint().toTuple()}")
    return found


def overlaps(person: Person) -> list[str]:
    """Buttons of one parent that lie over each other."""
    found = []
    buttons = [button for button in person.window.findChildren(QAbstractButton) if button.isVisible()]
    for at, one in enumerate(buttons):
        for other in buttons[at + 1 :]:
            if one.parentWidget() is other.parentWidget() and one.geometry().intersects(other.geometry()):
                found.append(f"{one.text()!r} and {other.text()!r}")
    return found


@pytest.mark.parametrize(
    ("page", "scale", "size"),
    [("desk_video", 1.25, (1366, 768)), ("desk_video", 2.0, (1920, 1080)), ("desk_text", 2.0, (1920, 1080))],
)
def test_nothing_is_cut_off(page: str, scale: float, size: tuple[int, int], qtbot: QtBot, qapp: QApplication) -> None:
    session = a_page(page)
    session.preferred = Preferences(text_scale=scale)
    with a_window(qtbot, qapp, session, size=size) as person:
        person.go_to(page)
        qtbot.waitUntil(lambda: theme.current().scale == scale)
        person.settle()
        person.window.grab()
        assert cut_off(person) == []
        assert overlaps(person) == []
        assert person.window.width() <= size[0]
        assert person.window.height() <= size[1]
