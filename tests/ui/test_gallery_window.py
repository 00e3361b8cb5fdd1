"""The gallery in the whole window, driven by keys: what is opened, what counts as seen, what is decided together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from gallery_fakes import GallerySession, many
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import PASSPHRASE, FakeDesk

from reviewer.model.batch import BatchOutcome
from reviewer.model.decisions import Action, Draft, Imminence
from reviewer.model.errors import CaseSystemUnreachable, DamagedMedia
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.gallery_control import GalleryControl
from reviewer.ui.gallery_feed import AT_ONCE, MOST_KEPT
from reviewer.ui.gallery_grid import GalleryGrid
from reviewer.ui.main_window import MainWindow
from reviewer.wellbeing.prompts import Prompt

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Keys = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Person:
    """Somebody at the keyboard."""

    def __init__(self, window: MainWindow, session: GallerySession, qtbot: QtBot) -> None:
        self.window = window
        self.session = session
        self.qtbot = qtbot

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=20_000)

    @property
    def gallery(self) -> GalleryControl:
        assert self.window.frame is not None
        assert self.window.frame.gallery is not None
        assert self.window.frame.gallery.control is not None
        return self.window.frame.gallery.control

    @property
    def grid(self) -> GalleryGrid:
        return self.gallery.page.grid

    def unlock(self) -> None:
        QTest.keyClicks(QApplication.focusWidget(), PASSPHRASE)
        self.press(Keys.Key_Return)
        self.until(lambda: self.window.frame is not None)
        bench = self.window.frame.workbench  # type: ignore[union-attr]
        self.until(lambda: bench is not None and bench.queue.model.rowCount() > 0)

    def open(self) -> None:
        self.press(Keys.Key_B, CTRL)
        self.until(lambda: self.gallery.model.rowCount() > 0)

    def see(self) -> None:
        """Every picture of the first screens is there and was painted."""
        self.until(lambda: self.gallery.looking.feed.waiting == 0)
        self.qtbot.wait(30)

    def answer(self) -> None:
        self.press(Keys.Key_K)
        self.press(Keys.Key_2, ALT)
        self.press(Keys.Key_F)
        self.press(Keys.Key_Z)

    def label(self, name: str) -> str:
        return self.window.findChild(QLabel, name).text()


@pytest.fixture
def session() -> GallerySession:
    return GallerySession(entries=many(400))


@pytest.fixture
def person(session: GallerySession, qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    theme.apply(qapp)
    jobs = Jobs()
    window = MainWindow(FakeDesk(session), jobs)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made = Person(window, session, qtbot)
    made.unlock()
    yield made
    if session.pace is not None:
        for _ in range(1000):
            session.pace.release()
    if session.gallery.gate is not None:
        session.gallery.gate.set()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    shiboken6.delete(window)
    jobs.close()


def wiped(session: GallerySession) -> bool:
    return all(not any(frame.data) for frame in session.gallery.frames)


def test_only_what_is_in_view_and_one_screen_ahead_is_opened_two_at_a_time(person: Person) -> None:
    person.open()
    person.see()
    first, last = person.grid.in_view()
    assert first == 0
    assert last < 60
    _, beyond = person.grid.in_view(ahead=1)
    near = [cell.id for cell in person.gallery.model.between(0, beyond) if person.gallery.looking.may_show(cell)]
    assert person.session.gallery.opened == near
    assert person.session.gallery.most <= AT_ONCE


def test_rows_in_view_are_those_that_are_painted(person: Person) -> None:
    person.open()
    person.see()
    grid, model = person.grid, person.gallery.model
    for scrolled in (0, 37, 400, grid.verticalScrollBar().maximum()):
        grid.verticalScrollBar().setValue(scrolled)
        person.qtbot.wait(10)
        room = grid.viewport().rect()
        seen = [row for row in range(model.rowCount()) if grid.visualRect(model.index(row)).intersects(room)]
        assert (seen[0], seen[-1]) == grid.in_view()


def test_stacks_are_one_cell_and_known_items_come_last_and_stay_facts(person: Person) -> None:
    person.open()
    person.see()
    cells = person.gallery.model.cells
    assert sum(len(cell.item_ids) for cell in cells) == 400
    assert {len(cell.item_ids) for cell in cells if cell.copies} == {2}
    known = [bool(cell.entry.matches) for cell in cells]
    assert known == sorted(known)
    assert sum(known) == 120
    person.press(Keys.Key_End)
    person.see()
    assert not {cell.id for cell in cells if cell.entry.matches} & set(person.session.gallery.opened)


def test_what_starts_at_facts_shows_pixels_only_when_asked(qtbot: QtBot, person: Person) -> None:
    person.session.entries = many(30, harm="threat_to_life", plain=True)
    person.open()
    person.qtbot.wait(100)
    assert person.session.gallery.opened == []
    assert person.session.gallery.shown == []
    person.press(Keys.Key_T)
    person.see()
    assert person.session.gallery.opened == ["item-0"]
    assert person.session.gallery.shown[-1] == {"item-0": "threat_to_life"}
    person.press(Keys.Key_B, CTRL)
    person.press(Keys.Key_B, CTRL)
    person.until(lambda: person.session.gallery.shown[-1] == {"item-0": "threat_to_life"})  # kept for the session
    person.press(Keys.Key_T, SHIFT)
    person.until(lambda: len(person.session.gallery.opened) > 20)


def test_only_painted_cells_count_as_seen_and_only_while_in_view(person: Person) -> None:
    person.open()
    person.see()
    in_view = {cell.id for cell in person.gallery.model.between(*person.grid.in_view())}
    told = set(person.session.gallery.shown[-1])
    assert told == {item for item in in_view if item in person.session.gallery.opened}
    ahead = set(person.session.gallery.opened) - told
    assert ahead  # opened beforehand, painted by nobody
    assert not ahead & person.session.gallery.seen
    person.press(Keys.Key_PageDown)
    person.press(Keys.Key_PageDown)
    person.see()
    assert "item-0" not in person.session.gallery.shown[-1]
    assert person.session.gallery.shown[-1]


@pytest.mark.parametrize("how", ["hide", "lock", "focus", "desk", "sheet", "break"])
def test_every_picture_is_gone_at_once(person: Person, how: str) -> None:
    person.open()
    person.see()
    assert not wiped(person.session)
    control = person.gallery
    if how == "hide":
        person.press(Keys.Key_Escape)
    elif how == "lock":
        person.press(Keys.Key_L, CTRL)
    elif how == "desk":
        person.press(Keys.Key_B, CTRL)
    elif how == "sheet":
        person.press(Keys.Key_F1)
    elif how == "break":
        person.session.due = Prompt.BREAK_DUE
        control.looking._beat()
    else:
        other = QWidget()
        other.show()
        other.activateWindow()
        person.until(lambda: not person.window.isActiveWindow())
    assert wiped(person.session)
    assert control.looking.feed.kept == 0
    assert person.session.gallery.shown[-1] == {}
    if how == "focus":
        other.close()
        person.window.activateWindow()
        person.until(lambda: person.session.gallery.shown[-1] != {})


def test_what_comes_after_hiding_is_wiped(person: Person) -> None:
    person.session.gallery.gate = threading.Event()
    person.open()
    person.until(lambda: len(person.session.gallery.opened) >= AT_ONCE)
    dropped = person.session.gallery.dropped
    person.press(Keys.Key_Escape)
    assert person.session.gallery.dropped > dropped
    person.session.gallery.gate.set()
    person.qtbot.wait(50)
    assert wiped(person.session)
    assert person.gallery.looking.feed.kept == 0


def test_the_item_on_the_desk_is_put_away_and_comes_back(person: Person) -> None:
    person.press(Keys.Key_Return)
    bench = person.window.frame.workbench  # type: ignore[union-attr]
    assert bench is not None
    person.until(lambda: bench.flow.state is DeskState.OPEN)
    person.open()
    assert bench.flow.state is DeskState.AWAY
    assert person.session.shown[-1] == (None, Level.FACTS)
    assert person.gallery.page.scope.index == 0  # its case
    person.press(Keys.Key_B, CTRL)
    person.until(lambda: bench.flow.state is DeskState.OPEN)


def test_enter_takes_an_item_to_the_desk(person: Person) -> None:
    person.open()
    person.see()
    person.press(Keys.Key_Right)
    person.press(Keys.Key_Return)
    bench = person.window.frame.workbench  # type: ignore[union-attr]
    assert bench is not None
    person.until(lambda: bench.flow.state is DeskState.OPEN)
    assert bench.flow.entry is not None
    assert bench.flow.entry.item.id == "item-1"
    assert wiped(person.session)


def test_keys_of_the_desk_do_nothing_behind_the_gallery(person: Person) -> None:
    person.open()
    person.see()
    before = list(person.session.calls)
    for key in (Keys.Key_2, Keys.Key_5, Keys.Key_P, Keys.Key_M):
        person.press(key)
    assert person.session.calls == before


def test_space_shift_and_all(person: Person) -> None:
    person.open()
    person.see()
    model = person.gallery.model
    person.press(Keys.Key_Space)
    person.press(Keys.Key_Right)
    person.press(Keys.Key_Right, SHIFT)
    person.press(Keys.Key_Right, SHIFT)
    assert [cell.id for cell in model.selected] == [cell.id for cell in model.between(0, 3)]
    person.press(Keys.Key_A, CTRL)
    assert len(model.selected) == model.rowCount()
    assert "400 items, of which" in person.label("gallerySelection")
    person.press(Keys.Key_G)  # not known
    assert len(model.selected) == model.rowCount() < 360
    person.press(Keys.Key_A, CTRL | SHIFT)
    assert model.selected == []


def test_a_batch_says_what_it_applies_to_and_what_came_of_it(person: Person) -> None:
    person.session.outcomes = {"item-1": BatchOutcome.ELSEWHERE, "item-3": BatchOutcome.ELSEWHERE}
    person.open()
    person.see()
    person.gallery.model.select_only([f"item-{number}" for number in (0, 1, 2, 3, 5)])
    viewed = person.session.gallery.looked_at([f"item-{number}" for number in range(6)])
    person.press(Keys.Key_Return, CTRL)
    words = f"6 items, of which {6 - len(viewed)} not viewed, {len(viewed)} viewed"
    assert person.label("batchAbout") == words
    assert "item-4" not in viewed  # the copy that the cell of item-3 stands for was never shown
    person.press(Keys.Key_Return, CTRL)
    assert person.session.named("decide_many") == []  # nothing is answered yet
    person.answer()
    person.press(Keys.Key_Return, CTRL)
    person.until(lambda: not person.gallery.page.batch.running and person.session.named("decide_many") != [])
    (call,) = person.session.named("decide_many")
    draft = call[1]
    assert isinstance(draft, Draft)
    assert (draft.imminence, draft.action, draft.severity) == (Imminence.NO_SIGN, Action.NONE, 2)
    assert call[2:] == (("item-0", "item-1", "item-2", "item-5", "item-3"), None)
    # item-3 was not decided, so its copy is not decided on its word.
    assert person.label("batchSaid") == "3 decided\n3 lie with a colleague"
    person.until(lambda: person.gallery.model.row_of("item-0") is None)
    assert {cell.id for cell in person.gallery.model.selected} == {"item-1", "item-3"}


def test_copies_rest_on_the_item_that_was_shown(person: Person) -> None:
    person.open()
    person.see()
    person.gallery.model.select_only(["item-3"])
    person.press(Keys.Key_Return, CTRL)
    person.answer()
    person.press(Keys.Key_Return, CTRL)
    person.until(lambda: len(person.session.named("decide_many")) == 2)
    assert [call[2:] for call in person.session.named("decide_many")] == [
        (("item-3",), None),
        (("item-4",), "item-3"),
    ]


def test_a_long_batch_shows_how_far_it_is_and_can_be_stopped(person: Person) -> None:
    person.session.entries = many(400, plain=True)
    person.session.pace = threading.Semaphore(0)
    person.open()
    person.see()
    person.press(Keys.Key_A, CTRL)
    person.press(Keys.Key_Return, CTRL)
    person.answer()
    person.press(Keys.Key_Return, CTRL)
    for _ in range(5):
        person.session.pace.release()
    person.until(lambda: person.label("batchAbout") == "5 of 400 done")
    person.press(Keys.Key_Return, CTRL)  # not twice
    person.press(Keys.Key_Q)
    for _ in range(500):
        person.session.pace.release()
    person.until(lambda: not person.gallery.page.batch.running)
    assert person.label("batchSaid") == "5 decided\n395 not begun: you stopped"
    assert len(person.session.named("decide_many")) == 1


def test_an_item_that_cannot_be_shown_says_why_and_the_rest_goes_on(person: Person) -> None:
    person.session.gallery.fail = {"item-1": DamagedMedia()}
    person.open()
    person.see()
    cell = person.gallery.model.cell(1)
    assert cell is not None
    assert person.gallery.looking.bare(cell) == DamagedMedia().what_happened
    assert "item-1" not in person.session.gallery.seen
    assert "item-2" in person.session.gallery.seen


def test_a_case_system_that_does_not_answer_is_not_asked_for_each(person: Person) -> None:
    person.session.gallery.fail = {f"item-{number}": CaseSystemUnreachable() for number in range(400)}
    person.open()
    person.qtbot.wait(100)
    assert len(person.session.gallery.opened) <= AT_ONCE + 1


def test_memory_is_bounded_however_far_one_scrolls(person: Person) -> None:
    person.session.entries = many(1200, plain=True)
    person.open()
    bar = person.grid.verticalScrollBar()
    while bar.value() < bar.maximum():
        person.see()
        bar.setValue(bar.value() + person.grid.viewport().height() * 2)
    person.see()
    assert len(person.session.gallery.opened) > MOST_KEPT
    assert person.gallery.looking.feed.kept <= MOST_KEPT
    alive = sum(1 for frame in person.session.gallery.frames if any(frame.data))
    assert alive <= MOST_KEPT


def test_a_scale_change_keeps_the_grid_in_order(person: Person, qapp: QApplication) -> None:
    person.open()
    person.see()
    theme.apply(qapp, "light", 1.5)
    qapp.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    person.qtbot.wait(50)
    grid, model = person.grid, person.gallery.model
    room = grid.viewport().rect()
    seen = [row for row in range(model.rowCount()) if grid.visualRect(model.index(row)).intersects(room)]
    assert (seen[0], seen[-1]) == grid.in_view()
    theme.apply(qapp)
