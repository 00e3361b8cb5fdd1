"""The gallery's keys on the sheet and in the palette, its way back, its form after a lock, and the queue's filter."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest
from gallery_fakes import GallerySession, many
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from whole_window import Person, a_window

from reviewer.model.batch import BATCH_FORM
from reviewer.model.decisions import Draft, Imminence
from reviewer.model.errors import StoreUnavailable
from reviewer.model.levels import Kind
from reviewer.model.preferences import Preferences, RatherNot, Trait
from reviewer.model.queue_view import Only, QueueAsk
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.gallery_control import GalleryControl
from reviewer.ui.gallery_keys import grid_actions, page_actions
from reviewer.wellbeing.prompts import Prompt

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Keys = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def control_of(person: Person) -> GalleryControl:
    assert person.frame.gallery is not None
    assert person.frame.gallery.control is not None
    return person.frame.gallery.control


@contextmanager
def a_gallery(qtbot: QtBot, qapp: QApplication, session: GallerySession) -> Iterator[Person]:
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        yield person


@pytest.fixture
def session() -> GallerySession:
    return GallerySession(entries=many(120))


@pytest.fixture
def person(session: GallerySession, qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    with a_gallery(qtbot, qapp, session) as made:
        yield made


def label(person: Person, name: str) -> str:
    return person.window.findChild(QLabel, name).text()


def offered(person: Person) -> dict[str, str]:
    """Names of the palette's lines, with why each does nothing."""
    return {command.name: command.why_not for command in person.frame.commands.commands()}


def test_every_key_of_the_gallery_is_on_the_sheet(person: Person) -> None:
    person.frame.toggle_sheet()
    said = {label.text() for label in person.frame.sheet.findChildren(QLabel)}
    assert {action.words for action in (*page_actions(), *grid_actions())} <= said
    person.frame.toggle_sheet()
    person.open_gallery(form=False)
    own = {action.name for action in control_of(person).keys.actions if action.group == "Gallery"}
    assert own == {action.name for action in page_actions()}


def test_the_palette_offers_what_the_page_in_view_can_do(person: Person) -> None:
    before = offered(person)
    assert "Ctrl B" in before["gallery_pictures"]
    person.open_gallery(form=False)
    there = offered(person)
    assert there["gallery_pictures"] == ""
    assert there["gallery_decide"] == ""
    assert "form" in there["imminence_no_sign"]
    assert there["pass_on"] != ""
    names = [command.name for command in person.frame.commands.commands()]
    assert len(names) == len(set(names))
    person.press(Keys.Key_K, CTRL)
    person.type("veiled pictures of all")
    person.press(Keys.Key_Return)
    assert control_of(person).looking._asked_all
    assert person.frame.gallery is not None
    assert person.frame.gallery.open


def test_keys_of_the_gallery_do_nothing_while_the_palette_is_open(person: Person, session: GallerySession) -> None:
    person.open_gallery(form=True)
    batch = control_of(person).page.batch
    answered(person)
    person.press(Keys.Key_K, CTRL)
    person.type("zzzz")
    person.press(Keys.Key_Return, CTRL)
    person.settle()
    assert session.named("decide_many") == []
    person.press(Keys.Key_K, CTRL)
    person.press(Keys.Key_Return, CTRL)
    person.until(lambda: session.named("decide_many") != [])
    person.until(lambda: not batch.running)


def answered(person: Person) -> None:
    person.press(Keys.Key_K)
    person.press(Keys.Key_2, Qt.KeyboardModifier.AltModifier)
    person.press(Keys.Key_F)
    person.press(Keys.Key_Z)


def test_no_answer_is_given_in_a_form_that_is_closed(person: Person) -> None:
    person.open_gallery(form=True)
    person.press(Keys.Key_Q)
    answered(person)
    assert control_of(person).page.batch.panel.draft == Draft(item_id=BATCH_FORM, category="other")


@pytest.mark.parametrize("how", ["gallery", "item"])
def test_esc_hides_everything_and_back_is_the_gallery_where_it_was(
    how: str, person: Person, session: GallerySession
) -> None:
    person.open_gallery(form=False)
    control, grid = control_of(person), control_of(person).page.grid
    for _ in range(9):
        person.press(Keys.Key_Down)
    row, place = grid.currentIndex().row(), grid.verticalScrollBar().value()
    assert place > 0
    person.until(lambda: control.looking.feed.waiting == 0)
    if how == "item":
        person.press(Keys.Key_Return)
        person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    person.press(Keys.Key_Escape)
    assert person.frame.pages.currentWidget() is person.frame.cover  # at once, whatever was open
    assert not any(any(frame.data) for frame in session.gallery.frames)
    person.press(Keys.Key_Escape)  # once more changes nothing of it
    person.press(Keys.Key_Return)
    assert person.frame.pages.currentWidget() is control.page
    person.until(lambda: control.looking.feed.waiting == 0)
    assert (grid.currentIndex().row(), grid.verticalScrollBar().value()) == (row, place)
    assert len(control.model.selected) == 1
    assert control.page.scope.index == 1  # the queue, as it was
    person.press(Keys.Key_B, CTRL)
    expected = DeskState.OPEN if how == "item" else DeskState.EMPTY
    person.until(lambda: person.bench.flow.state is expected)


def test_an_item_taken_from_the_queue_comes_back_to_the_desk(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_Escape)
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert person.frame.pages.currentWidget() is person.bench


def test_after_a_break_the_gallery_comes_back(person: Person, session: GallerySession) -> None:
    person.open_gallery(form=False)
    session.due = Prompt.BREAK_DUE
    control_of(person).looking._beat()
    assert person.frame.pages.currentWidget() is person.frame.pause
    session.due = None
    person.frame.pause.ended.emit()
    assert person.frame.pages.currentWidget() is control_of(person).page


def test_the_gallery_shows_what_the_queue_is_filtered_to_and_says_so(person: Person, session: GallerySession) -> None:
    danger = msgspec.structs.replace(session.entries[0].case.referral, danger=True)
    case = msgspec.structs.replace(session.entries[0].case, referral=danger)
    session.entries[0] = msgspec.structs.replace(session.entries[0], case=case)
    person.bench.queue._ask_for(QueueAsk(only=frozenset({Only.KNOWN})))
    person.open_gallery(form=False)
    control = control_of(person)
    assert {cell.group.value for cell in control.model.cells} == {"known"}
    assert "Known matches: 36 shown, 84 hidden" in control.page.filtered.words
    assert "somebody may be in danger" in control.page.danger.text()
    assert control.page.danger.isVisible()


def test_what_cannot_be_decided_together_is_counted(person: Person, session: GallerySession) -> None:
    session.entries[0] = msgspec.structs.replace(session.entries[0], leased_to="m09")
    person.open_gallery(form=False)
    assert "119 items" in control_of(person).page.about.words
    assert "1 to be decided one by one" in control_of(person).page.about.words
    assert not control_of(person).page.filtered.isVisible()


def test_the_form_is_there_again_after_a_lock(session: GallerySession, qtbot: QtBot, qapp: QApplication) -> None:
    with a_gallery(qtbot, qapp, session) as person:
        person.open_gallery(form=True)
        person.press(Keys.Key_K)
        control_of(person).page.batch.panel.focus_why()
        person.type("the same fence")
        person.press(Keys.Key_L, CTRL)  # before the next save would be due
        person.until(lambda: person.window.frame is None)
    assert session.drafts[BATCH_FORM].rationale == "the same fence"
    again = GallerySession(entries=many(120), drafts=session.drafts)
    with a_gallery(qtbot, qapp, again) as person:
        person.open_gallery(form=True)
        panel = control_of(person).page.batch.panel
        person.until(lambda: panel.draft is not None and panel.draft.rationale == "the same fence")
        assert panel.draft is not None
        assert panel.draft.imminence is Imminence.NO_SIGN
        person.until(lambda: "here again" in label(person, "batchSaid"))


def test_a_form_that_was_applied_does_not_come_back(person: Person, session: GallerySession) -> None:
    person.open_gallery(form=True)
    answered(person)
    person.press(Keys.Key_Return, CTRL)
    person.until(lambda: ("save_draft", Draft(item_id=BATCH_FORM)) in session.calls)
    person.until(lambda: BATCH_FORM not in session.drafts)


def test_a_form_that_cannot_be_read_is_said(session: GallerySession, qtbot: QtBot, qapp: QApplication) -> None:
    session.gallery.form_error = StoreUnavailable()
    with a_gallery(qtbot, qapp, session) as person:
        person.open_gallery(form=True)
        person.until(lambda: StoreUnavailable().what_happened in label(person, "batchSaid"))


def test_what_the_person_begins_with_facts_has_no_veiled_cell_until_asked_for(
    session: GallerySession, qtbot: QtBot, qapp: QApplication
) -> None:
    """By kind, and what they would rather not get; the policy alone would show them all veiled."""
    wishes = (RatherNot(trait=Trait.KIND, key="document"),)
    session.preferred = Preferences(facts_first=("video",), rather_not=wishes)
    with a_gallery(qtbot, qapp, session) as person:
        person.open_gallery(form=False)
        qtbot.waitUntil(lambda: len(session.gallery.opened) > 3)
        qtbot.wait(200)
        kinds = {entry.item.id: entry.item.facts.kind for entry in session.entries}
        assert {kinds[item_id] for item_id in session.gallery.opened} == {Kind.IMAGE}


def test_a_lock_stops_a_batch_and_waits_for_it(person: Person, session: GallerySession) -> None:
    session.pace = threading.Semaphore(0)
    person.open_gallery(form=False)
    person.press(Keys.Key_A, CTRL)
    person.press(Keys.Key_Return, CTRL)
    answered(person)
    person.press(Keys.Key_Return, CTRL)
    person.until(lambda: session.named("decide_many") != [])
    batch = control_of(person).page.batch
    assert batch.running
    person.press(Keys.Key_L, CTRL)
    person.settle()
    assert session.named("lock") == []
    before = len(session.entries)
    for _ in range(200):
        session.pace.release()
    person.until(lambda: person.window.frame is None)
    assert before - len(session.entries) <= 1, "what was not begun stays in the queue"


def test_undo_twice_in_the_gallery_voids_one_batch(person: Person, session: GallerySession) -> None:
    person.open_gallery(form=True)
    answered(person)
    gate = session.gates["undo"] = threading.Event()
    control = control_of(person)
    control.undo()
    control.undo()
    control.apply()
    assert not control.page.batch.running
    gate.set()
    person.until(lambda: not control.busy)
    assert len(session.named("undo")) == 1
    assert session.named("decide_many") == []


def test_what_is_painted_and_hidden_in_one_turn_counts_as_seen(person: Person, session: GallerySession) -> None:
    person.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: control_of(person).looking.feed.picture("item-0") is not None)
    looking, cells = control_of(person).looking, session.gallery
    person.until(lambda: "item-0" in cells.seen)
    looking._painted.clear()
    looking.tell()
    cells.seen.clear()
    looking.painted("item-0")  # as the grid says it, before anything else can happen
    looking.drop()
    assert cells.seen == {"item-0"}
    assert cells.shown[-1] == {}
