"""What a screen reader is told of the gallery's headings, and what stays in view when the form opens beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gallery_fakes import GallerySession, many
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_gallery_ways import control_of
from whole_window import Person, a_window

from reviewer.ui.gallery_heading import heading_words

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Keys = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SAID = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    with a_window(qtbot, qapp, GallerySession(entries=many(120))) as made:
        made.unlock()
        made.open_gallery(form=False)
        yield made


def test_the_first_cell_under_a_heading_says_the_heading(person: Person) -> None:
    model = control_of(person).model
    assert len(model.sections) >= 3
    row = 0
    for section in model.sections:
        head, count = heading_words(section)
        said = str(model.data(model.index(row), SAID))
        assert said.startswith(f"{head}, {count}: ")
        assert section[0].entry.item.exhibit in said
        if len(section) > 1:
            assert head not in str(model.data(model.index(row + 1), SAID))
        row += len(section)
    person.press(Keys.Key_G)
    (only, *_) = model.sections
    assert str(model.data(model.index(0), SAID)).startswith(heading_words(only)[0])


def test_the_form_opens_and_closes_without_moving_what_is_first_in_view(person: Person) -> None:
    control = control_of(person)
    grid = control.page.grid
    bar = grid.verticalScrollBar()
    for place in (bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
        columns, first = grid.columns, grid.in_view()[0]
        person.press(Keys.Key_Return, CTRL)
        person.until(lambda columns=columns: grid.columns < columns)
        assert grid.in_view()[0] <= first <= grid.in_view()[0] + grid.columns - 1
        person.press(Keys.Key_Q)
        person.until(lambda columns=columns: grid.columns == columns)
        assert grid.in_view()[0] <= first <= grid.in_view()[0] + columns - 1
