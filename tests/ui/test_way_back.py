"""Pages over desk and gallery lead back to the one they came from, and what is in view afterwards counts as seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gallery_fakes import GallerySession, many
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession, an_entry
from whole_window import Person, a_window

from reviewer.ui.desk_flow import DeskState

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Keys, ALT, CTRL = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier
OVER = [
    (Keys.Key_Question, PLAIN),
    (Keys.Key_F2, PLAIN),
    (Keys.Key_F6, PLAIN),
    (Keys.Key_Comma, CTRL),
    (Keys.Key_F8, PLAIN),
]


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    with a_window(qtbot, qapp, GallerySession(entries=many(20))) as made:
        made.unlock()
        yield made


def gallery_open(person: Person) -> bool:
    return person.frame.gallery is not None and person.frame.gallery.open


@pytest.mark.parametrize(("key", "held"), OVER)
def test_a_page_over_the_gallery_leads_back_to_it(key: Qt.Key, held: Qt.KeyboardModifier, person: Person) -> None:
    person.open_gallery(form=False)
    person.press(key, held)
    assert not gallery_open(person)
    person.press(key, held)
    assert gallery_open(person)
    person.press(Keys.Key_B, CTRL)
    assert person.bench.isVisible()
    assert not person.bench.looking.away


def test_hidden_from_a_page_over_the_gallery_the_way_back_is_the_gallery(person: Person) -> None:
    person.open_gallery(form=False)
    person.press(Keys.Key_F2)
    person.press(Keys.Key_Escape)
    assert person.frame.pages.currentWidget() is person.frame.cover
    person.press(Keys.Key_Return)
    assert gallery_open(person)


def test_the_gallery_opened_from_a_page_over_it_leaves_no_way_back_behind(person: Person) -> None:
    person.open_gallery(form=False)
    person.press(Keys.Key_F2)
    person.press(Keys.Key_B, CTRL)
    assert gallery_open(person)
    person.press(Keys.Key_B, CTRL)
    assert person.bench.isVisible()


def test_something_without_pictures_after_a_pause_from_the_gallery_leaves_no_way_back_behind(person: Person) -> None:
    person.open_gallery(form=False)
    person.press(Keys.Key_P, ALT)
    assert person.frame.gallery is not None
    assert person.frame.gallery.returns
    person.frame.pause.links.plain.setEnabled(True)
    person.frame.pause.links.plain.setChecked(True)
    person.press(Keys.Key_Return)
    person.frame.pause.ended.emit()
    assert not person.frame.gallery.returns


def test_what_comes_to_a_desk_in_view_is_counted(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, FakeSession(entries=[an_entry(101), an_entry(102)])) as person:
        person.unlock()
        person.bench.looking.hide()  # by whatever way it came to that
        person.take_first()
        assert not person.bench.looking.away
        assert person.bench.flow.state is DeskState.OPEN
