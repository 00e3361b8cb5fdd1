"""How a page is gone through by keyboard and ear alone (test_every_page does, on each), and what is announced."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot
from whole_window import Person, a_page, a_window

from reviewer.ui import announce

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

MOST_TABS = 120
REGIONS = (
    "topBar", "queuePanel", "viewerPanel", "decisionPanel", "casePanel", "galleryBatch", "statusBar", "handoffRail",
    "letterCard",
)  # fmt: skip


def said_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def named(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r} {said_name(widget)!r}"


def is_ours(widget: QWidget) -> bool:
    return not widget.objectName().startswith("qt_") and "QScrollBar" not in type(widget).__name__


def tab_stops(person: Person) -> list[QWidget]:
    """All that is to be seen now and says it can be reached by Tab."""
    return [
        widget
        for widget in person.window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and is_ours(widget)
    ]


def walk(person: Person) -> list[QWidget]:
    """What Tab reaches, from where the focus is until it comes round."""
    reached: list[QWidget] = []
    for _ in range(MOST_TABS):
        QTest.keyClick(QApplication.focusWidget() or person.window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now in reached:
            break
        reached.append(now)
    return reached


def region_of(widget: QWidget) -> str:
    at: QWidget | None = widget
    while at is not None:
        if at.objectName() in REGIONS:
            return at.objectName()
        at = at.parentWidget()
    return ""


def nameless(person: Person) -> list[str]:
    """What can be used and has no name that is said."""
    return [
        named(widget)
        for widget in person.window.findChildren(QWidget)
        if widget.isVisible()
        and (isinstance(widget, QAbstractButton) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus)
        and is_ours(widget)
        and not said_name(widget).strip()
    ]


def jumps_back_up(person: Person, reached: list[QWidget]) -> list[str]:
    """Within a part of the window each stop lies below the one before or beside it."""
    jumps = []
    for before, after in itertools.pairwise(reached):
        if region_of(before) != region_of(after) or after is first_of(reached):
            continue
        top = after.mapTo(person.window, QPoint(0, 0)).y()
        above = before.mapTo(person.window, QPoint(0, 0)).y()
        if top + after.height() <= above:
            jumps.append(f"{named(before)} -> {named(after)}")
    return jumps


def parts_visited(reached: list[QWidget]) -> list[str]:
    """The parts of the window in the order Tab comes to them; no part is to be come back to."""
    parts = [region_of(widget) for widget in reached]
    visits = [part for at, part in enumerate(parts) if part and (at == 0 or parts[at - 1] != part)]
    if len(visits) > 1 and visits[0] == visits[-1]:
        visits.pop()  # the walk began in the middle of this part
    return visits


def first_of(reached: list[QWidget]) -> QWidget | None:
    """The stop at the top left: the walk goes round there."""
    window = reached[0].window() if reached else None
    if window is None:
        return None
    places = {widget: widget.mapTo(window, QPoint(0, 0)) for widget in reached}
    return min(reached, key=lambda widget: (places[widget].y(), places[widget].x()))


def says_key(button: QAbstractButton) -> bool:
    return button.accessibleDescription().startswith("Key ") or ", key " in button.accessibleName()


def keyless(person: Person) -> list[str]:
    return [
        named(button)
        for button in person.window.findChildren(QAbstractButton)
        if button.isVisible() and is_ours(button) and not says_key(button)
    ]


def silent(person: Person) -> list[str]:
    """A widget that paints by itself and is looked at has at least a name."""
    return [
        named(area)
        for area in person.window.findChildren(QAbstractScrollArea)
        if area.isVisible() and area.focusPolicy() & Qt.FocusPolicy.TabFocus and not said_name(area)
    ]


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What a screen reader would be told: (words, at once)."""
    said: list[tuple[str, bool]] = []

    def update(event: QAccessibleAnnouncementEvent) -> None:
        said.append((event.message(), event.politeness() is QAccessible.AnnouncementPoliteness.Assertive))

    class Heard:
        AnnouncementPoliteness = QAccessible.AnnouncementPoliteness
        updateAccessibility = staticmethod(update)

    monkeypatch.setattr(announce, "QAccessible", Heard)
    return said


def test_levels_decisions_and_notices_are_announced(
    announced: list[tuple[str, bool]], qtbot: QtBot, qapp: QApplication
) -> None:
    with a_window(qtbot, qapp, a_page("desk_image")) as person:
        person.go_to("desk_image")
        assert ("Case 2026-01843", False) in announced
        announced.clear()
        person.press(Qt.Key.Key_3)
        person.until(lambda: ("Drawing is shown.", False) in announced)
        person.press(Qt.Key.Key_U)
        person.until(lambda: any("no decision of this session to undo" in words for words, _at_once in announced))
        for key, held in (("K", False), ("2", True), ("F", False), ("Z", False)):
            alt = Qt.KeyboardModifier.AltModifier if held else Qt.KeyboardModifier.NoModifier
            person.press(Qt.Key[f"Key_{key}"], alt)
        person.press(Qt.Key.Key_Return)
        person.until(lambda: ("Decision recorded.", False) in announced)
        person.press(Qt.Key.Key_Escape)
        assert announced[-1] == ("Everything is hidden.", True)
        said = " ".join(words for words, _at_once in announced)
        assert "Two rooms" not in said  # nothing of an item
