"""Finding words in a veiled text: how many lines, never which words; and what was typed is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from viewer_fakes import FakeLine, FakeOpenItem, HandJobs

from reviewer.model.cases import ItemFacts
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Text
from reviewer.ui.text_page import TextPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

LINES = [
    FakeLine(f"the parcel {number} and *slugs*" if number % 3 == 0 else "rain", "AB"[number % 2])
    for number in range(30)
]


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def page(qtbot: QtBot, jobs: HandJobs) -> Iterator[TextPage]:
    made = TextPage(jobs)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    item = FakeOpenItem(ItemFacts(kind=Kind.CHAT), viewable=False, readable=True, lines=LINES)
    made.desk.open(item, text=Text())
    made.desk.settle(Level.BLURRED)
    jobs.settle()
    yield made
    made.close()


def field(page: TextPage) -> QLineEdit:
    found = page.find_bar.findChild(QLineEdit)
    assert found is not None
    return found


def look_for(page: TextPage, jobs: HandJobs, words: str) -> None:
    page.find_bar.begin()
    QTest.keyClicks(field(page), words)
    QTest.keyClick(field(page), Qt.Key.Key_Return)
    jobs.settle()


def all_words(page: TextPage) -> str:
    """Everything the page says, to the eye or to a screen reader, but for what was typed."""
    said = [label.text() for label in page.findChildren(QLabel)]
    for widget in [page, *page.findChildren(QLabel), page.view, page.find_bar]:
        said += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
    return " ".join(said)


def test_it_says_how_many_lines_and_shows_none(page: TextPage, jobs: HandJobs) -> None:
    look_for(page, jobs, "slugs")
    assert page.find_bar.words == "10 lines, at 1"
    QTest.keyClick(field(page), Qt.Key.Key_Return)
    assert page.find_bar.words == "10 lines, at 2"
    assert page.view.focus_line == 3
    QTest.keyClick(field(page), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.focus_line == 0
    assert not page.view.shown
    assert "slugs" not in all_words(page)


def test_nothing_found_is_said(page: TextPage, jobs: HandJobs) -> None:
    look_for(page, jobs, "tractor")
    assert page.find_bar.words == "No line"


def test_what_was_typed_is_forgotten_when_the_item_goes(page: TextPage, jobs: HandJobs) -> None:
    look_for(page, jobs, "slugs")
    page.close_item()
    assert field(page).text() == ""
    assert not field(page).isUndoAvailable()
    assert page.find_bar.isHidden()
    assert page.find_bar.words == ""


def test_the_same_key_opens_and_closes_it(page: TextPage, jobs: HandJobs) -> None:
    page.find_bar.begin()
    assert QApplication.focusWidget() is field(page)
    page.find_bar.begin()
    assert page.find_bar.isHidden()
    assert QApplication.focusWidget() is page.view


@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
def test_words_are_never_in_what_a_screen_reader_is_told(page: TextPage, jobs: HandJobs, level: Level) -> None:
    if level is Level.LENS:
        page.desk.begin_lens()
    else:
        page.desk.begin_clear()
    jobs.settle()
    assert any("parcel" in words for words in page.view.shown.values())
    assert "parcel" not in all_words(page)
    assert page.view.accessibleName() == f"Text: {level.name.capitalize()}"


def test_words_cannot_be_copied_out(page: TextPage, jobs: HandJobs) -> None:
    page.desk.begin_clear()
    jobs.settle()
    before = QApplication.clipboard().text()
    page.view.setFocus()
    QTest.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_A, Qt.Key.Key_C):
        QTest.keyClick(page.view, key, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == before


def test_the_terms_key_is_offered_only_where_it_does_something(page: TextPage, jobs: HandJobs) -> None:
    assert not page.desk.can_show_terms
    page.desk.begin_lens()
    jobs.settle()
    assert page.desk.can_show_terms
    page.desk.move(1)
    jobs.settle()
    assert not page.desk.can_show_terms


@pytest.mark.parametrize("highest", [Level.FACTS, Level.BLURRED, Level.DRAWING])
def test_where_reading_is_closed_search_answers_nothing(page: TextPage, jobs: HandJobs, highest: Level) -> None:
    item = FakeOpenItem(ItemFacts(kind=Kind.CHAT), viewable=False, readable=True, lines=LINES)
    page.close_item()
    page.desk.open(item, highest=highest, text=Text())
    page.desk.settle(Level.BLURRED)
    jobs.settle()
    look_for(page, jobs, "slugs")
    page.desk.find("slugs")
    jobs.settle()
    assert "find" not in item.asked
    assert page.desk.found is None
    closed = "" if highest is Level.FACTS else "Reading is closed here, and so is search"
    assert page.find_bar.words == closed


def test_where_one_line_may_be_read_search_answers(page: TextPage, jobs: HandJobs) -> None:
    item = FakeOpenItem(ItemFacts(kind=Kind.CHAT), viewable=False, readable=True, lines=LINES)
    page.desk.open(item, highest=Level.LENS, text=Text())
    page.desk.settle(Level.BLURRED)
    jobs.settle()
    look_for(page, jobs, "slugs")
    assert "find" in item.asked
    assert page.find_bar.words == "10 lines, at 1"
