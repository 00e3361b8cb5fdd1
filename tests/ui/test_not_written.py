"""A decision that is not written down, or something else that fails meanwhile: nothing is lost, and it is said."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession, an_entry
from whole_window import Person, a_window

from reviewer.model.errors import StoreUnavailable
from reviewer.model.known import Stack
from reviewer.ui.desk_flow import DeskState

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Keys, SHIFT, ALT = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
Answered = Callable[[], None]


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    stack = Stack(id="s", size=3, distance=0)
    stacked = [msgspec.structs.replace(an_entry(at, due_min=at), stack=stack) for at in (1, 2, 3)]
    with a_window(qtbot, qapp, FakeSession(entries=[*stacked, an_entry(900, due_min=900)])) as made:
        made.unlock()
        made.take_first()
        made.until(lambda: made.bench.together.count == 2)
        made.press(Keys.Key_K)
        made.press(Keys.Key_2, ALT)
        made.press(Keys.Key_F)
        made.press(Keys.Key_Z)
        made.until(lambda: made.bench.decision.ready)
        yield made


def test_a_failure_of_something_else_while_it_is_written_down_drops_no_copies(person: Person) -> None:
    gate = person.session.gates["decide"] = threading.Event()
    person.press(Keys.Key_D, SHIFT)
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.DECIDING)
    person.bench.flow.failed.emit(StoreUnavailable())
    gate.set()
    person.until(lambda: len(person.session.decisions) == 3)
    person.settle()
    assert "item-1" not in person.session.drafts


def test_why_it_was_not_written_down_is_still_said_on_return(person: Person) -> None:
    gate = person.session.gates["decide"] = threading.Event()
    person.session.fail["decide"] = StoreUnavailable()
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.DECIDING)
    person.press(Keys.Key_Escape)
    gate.set()
    person.until(lambda: person.bench.flow.state is DeskState.AWAY)
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert person.bench.notice.isVisible()
    assert StoreUnavailable().what_happened in person.bench.notice.words


def test_enter_twice_while_a_save_is_on_its_way_leaves_no_draft_behind(person: Person) -> None:
    person.settle()
    gate = person.session.gates["save_draft"] = threading.Event()
    slow = person.session.gates["decide"] = threading.Event()
    before = len(person.session.named("save_draft"))
    person.press(Keys.Key_2, ALT)
    person.press(Keys.Key_3, ALT)
    person.until(lambda: len(person.session.named("save_draft")) > before)
    person.press(Keys.Key_Return)
    person.press(Keys.Key_Return)
    gate.set()
    person.until(lambda: person.bench.flow.state is DeskState.DECIDING)
    for _ in range(3):
        person.settle()
    slow.set()
    person.until(lambda: len(person.session.decisions) == 1)
    person.settle()
    names = [str(call[0]) for call in person.session.calls]
    assert "save_draft" not in names[names.index("decide") :]


def test_a_draft_that_cannot_be_saved_is_said_on_the_page_in_view(person: Person) -> None:
    person.settle()
    person.session.fail["save_draft"] = StoreUnavailable()
    person.press(Keys.Key_3, ALT)
    person.press(Keys.Key_Escape)
    person.until(lambda: person.frame.notice.isVisible())
    assert StoreUnavailable().what_happened in person.frame.notice.words
    person.session.fail.clear()  # so that the window can close
