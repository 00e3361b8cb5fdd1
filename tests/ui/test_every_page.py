"""Every page of the window, once, with all that is demanded of each: room for its words at a large scale, colours that
can be read, and a way through it by ear and by keyboard. The page is opened once for the three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from test_accessibility import jumps_back_up, keyless, named, nameless, parts_visited, silent, tab_stops, walk
from test_contrast import LOOKS, unreadable
from test_text_scale import cut_off, overlaps
from whole_window import PAGES, Person, a_page, a_window

from reviewer.model.preferences import Look, Preferences
from reviewer.ui import theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
LARGE = 1.5


@dataclass
class Opened:
    page: str
    look: str
    person: Person

    def scale(self, scale: float) -> None:
        self.person.window._appearance.show(Preferences(look=Look(self.look), text_scale=scale))
        assert theme.current().scale == scale
        self.person.settle()


def cases() -> Iterator[object]:
    """Each page in one look; in the other one, `make matrix`."""
    for at, page in enumerate(PAGES):
        for look in LOOKS:
            marks = () if LOOKS.index(look) == at % len(LOOKS) else pytest.mark.matrix
            yield pytest.param((page, look), id=f"{page}-{look}", marks=marks)


@pytest.fixture(scope="module", params=cases())
def opened(request: pytest.FixtureRequest, module_bot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    """On a small screen, with large words."""
    page, look = request.param
    session = a_page(page)
    with a_window(module_bot, qapp, session, look=look) as person:
        session.preferred = Preferences(look=Look(look), text_scale=LARGE)
        person.go_to(page)
        made = Opened(page, look, person)
        if page == "unlock":
            made.scale(LARGE)
        person.until(lambda: theme.current().scale == LARGE)
        person.settle()
        yield made


def test_nothing_is_cut_off_on_a_small_screen(opened: Opened) -> None:
    person = opened.person
    person.window.grab()
    assert cut_off(person) == []
    assert overlaps(person) == []
    assert person.window.width() <= 1366
    assert person.window.height() <= 768


def test_every_label_can_be_read(opened: Opened) -> None:
    window = opened.person.window
    assert theme.current().name == opened.look
    labels = [
        label
        for label in window.findChildren(QLabel)
        if label.isVisible() and label.text().strip() and label.property("role") != "faint"
    ]
    fields = [field for kind in (QLineEdit, QPlainTextEdit) for field in window.findChildren(kind) if field.isVisible()]
    assert unreadable(labels, fields) == []
    assert [named(field) for field in fields if not field.focusPolicy() & Qt.FocusPolicy.TabFocus] == []
    inks = {label.palette().color(label.foregroundRole()).name() for label in labels}
    assert opened.page == "unlock" or len(inks) > 1  # the style sheet's inks are seen here at all


def test_by_ear_and_by_keyboard(opened: Opened) -> None:
    """Whatever can be used has a name and says its key; Tab reaches everything, in order, and is caught nowhere.
    At the usual size, with every action on the sheet of keys."""
    opened.scale(1.0)
    page, person = opened.page, opened.person
    focus, wanted = QApplication.focusWidget(), tab_stops(person)
    found = {"nameless": nameless(person), "keyless": keyless(person), "silent": silent(person)}
    assert found == {"nameless": [], "keyless": [], "silent": []}
    reached = walk(person)
    if page == "palette":
        assert focus is person.frame.commands.palette.field
        assert reached == [focus]  # it keeps the focus: Tab moves in its list, Esc and Ctrl+K leave
    else:
        assert [named(widget) for widget in wanted if widget not in reached] == [], "missed by Tab"
        assert jumps_back_up(person, reached) == []
        visits = parts_visited(reached)
        assert len(visits) == len(set(visits)), visits
    if page != "unlock":
        every_action_has_words_a_key_and_a_place_on_the_sheet(person)


def every_action_has_words_a_key_and_a_place_on_the_sheet(person: Person) -> None:
    actions = person.frame.shortcuts.actions
    assert [action.name for action in actions if not (action.words.strip() and action.keys and action.shown)] == []
    keys = [key for action in actions for key in action.keys]
    assert len(keys) == len(set(keys))
    person.frame.toggle_sheet()
    words = {label.text() for label in person.frame.sheet.findChildren(QLabel)}
    assert {action.words for action in actions} <= words
    same = [action.words for action in actions]
    assert sorted({words for words in same if same.count(words) > 1}) == []
