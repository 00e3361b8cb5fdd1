"""The command palette: finds every action, says why one does nothing, and never stands between a person and Esc."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import PASSPHRASE, FakeDesk, FakeSession

from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.command_palette import CommandPalette
from reviewer.ui.commands import Command, fit, ranked
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.main_window import MainWindow
from reviewer.ui.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
Keys = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def a_command(words: str, group: str = "Picture", shown: str = "", why_not: str = "") -> Command:
    return Command(words, group, words, shown, why_not, lambda: True)


def test_letters_in_order_find_a_line_and_others_do_not() -> None:
    line = a_command("Pass the item on", "Queue", "P")
    assert fit("pass", line) > fit("ass", line) > fit("pio", line) > 0
    assert fit("pass item", line) > 0
    assert fit("queue", line) > 0
    assert fit("nop", line) == 0.0
    assert fit("pass zebra", line) == 0.0


def test_the_key_itself_finds_its_line_first() -> None:
    lines = [a_command("Lock the door"), a_command("Lock", shown="Ctrl L"), a_command("Ctrl Left", shown="X")]
    assert ranked("ctrl l", lines)[0].shown == "Ctrl L"


def test_of_two_that_fit_alike_the_one_that_can_be_done_comes_first() -> None:
    lines = [a_command("Turn", why_not="Nothing is on the desk."), a_command("Turn")]
    assert [line.why_not for line in ranked("turn", lines)] == ["", "Nothing is on the desk."]


class Person:
    def __init__(self, window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
        self.window, self.session, self.qtbot = window, session, qtbot

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), words)

    @property
    def frame(self) -> DeskFrame:
        assert self.window.frame is not None
        return self.window.frame

    @property
    def bench(self) -> Workbench:
        assert self.frame.workbench is not None
        return self.frame.workbench

    @property
    def palette(self) -> CommandPalette:
        return self.frame.commands.palette

    def lines(self) -> list[Command]:
        model = self.palette.model
        found = [model.command(row) for row in range(model.rowCount())]
        return [line for line in found if line is not None]

    def take_first(self) -> None:
        self.press(Keys.Key_Return)
        self.qtbot.waitUntil(lambda: self.bench.flow.state is DeskState.OPEN)


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def person(session: FakeSession, qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    theme.apply(qapp)
    jobs = Jobs()
    window = MainWindow(FakeDesk(session), jobs)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made = Person(window, session, qtbot)
    made.type(PASSPHRASE)
    made.press(Keys.Key_Return)
    qtbot.waitUntil(lambda: window.frame is not None)
    qtbot.waitUntil(lambda: made.bench.queue.model.rowCount() > 0)
    yield made
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    shiboken6.delete(window)
    jobs.close()
    theme.apply(qapp)
    theme.set_motion(True)


def test_every_action_and_every_category_is_listed_with_its_key(person: Person) -> None:
    person.press(Keys.Key_K, CONTROL)
    assert person.palette.isVisible()
    listed = {line.name: line for line in person.lines()}
    for action in person.frame.shortcuts.actions:
        if action.name != "commands":
            assert listed[action.name].shown == action.shown
            assert listed[action.name].words == action.words
    assert {harm.words for harm in person.session.policy.harm_types} <= {line.words for line in person.lines()}


def test_a_few_letters_and_enter_do_it(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_K, CONTROL)
    person.type("protects machine")
    person.press(Keys.Key_Return)
    assert not person.palette.isVisible()
    assert person.frame.pages.currentWidget() is person.frame.asked.posture
    assert person.session.decisions == []


def test_it_opens_over_the_desk_without_revealing_anything(person: Person) -> None:
    person.take_first()
    level = person.bench.viewer.current_level
    shown = len(person.session.shown)
    person.press(Keys.Key_K, CONTROL)
    person.type("clear")
    person.press(Keys.Key_Return)
    assert person.bench.viewer.current_level is level is Level.FACTS
    assert {level for _item, level in person.session.shown[shown:]} <= {Level.FACTS}


def test_what_needs_a_held_key_or_an_item_says_so_and_does_nothing(person: Person) -> None:
    person.press(Keys.Key_K, CONTROL)
    reasons = {line.name: line.why_not for line in person.lines()}
    assert reasons["clear"]
    assert reasons["grey"] == "Nothing is on the desk."
    assert reasons["category_other"] == "Nothing is on the desk."
    assert reasons["hide"] == reasons["lock"] == reasons["queue"] == ""
    person.type("Grey or colour")
    person.press(Keys.Key_Return)
    assert person.palette.isVisible()
    said = person.palette.findChild(QWidget, "paletteSaid")
    assert said.isVisible()


def test_esc_hides_everything_at_the_first_press(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_K, CONTROL)
    person.type("gre")
    person.press(Keys.Key_Escape)
    assert not person.palette.isVisible()
    assert person.frame.pages.currentWidget() is person.frame.cover
    assert ("hide_everything",) in person.session.calls


def test_nothing_is_listed_while_everything_is_hidden(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_Escape)
    person.press(Keys.Key_K, CONTROL)
    assert not person.palette.isVisible()
    person.press(Keys.Key_Return)
    assert person.frame.pages.currentWidget() is person.frame.home


def test_a_line_chosen_before_everything_was_hidden_is_not_done_after(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_K, CONTROL)
    line = next(line for line in person.lines() if line.name == "blurred")
    person.frame.hide_everything()
    assert line.run() is False
    assert person.bench.flow.state is not DeskState.OPEN


def test_while_it_is_open_letters_are_words_and_not_keys_of_the_desk(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_K, CONTROL)
    person.type("kzp2")
    assert person.bench.decision.draft is not None
    assert person.bench.decision.draft.imminence is None
    assert person.session.named("pass_on") == []
    person.press(Keys.Key_K, CONTROL)
    assert not person.palette.isVisible()
    person.press(Keys.Key_K)
    assert person.bench.decision.draft.imminence is not None


def test_from_a_text_no_word_is_cut_and_the_focus_comes_back(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_W)
    why = QApplication.focusWidget()
    assert why is not None
    person.type("two gardens")
    person.press(Keys.Key_Home)
    person.press(Keys.Key_K, CONTROL)
    assert person.palette.isVisible()
    person.press(Keys.Key_K, CONTROL)
    assert QApplication.focusWidget() is why
    assert person.bench.decision.draft is not None
    assert person.bench.decision.draft.rationale == "two gardens"


def test_arrows_tab_and_pages_move_and_go_round(person: Person) -> None:
    person.press(Keys.Key_K, CONTROL)
    row = lambda: person.palette.list.currentIndex().row()  # noqa: E731
    last = person.palette.model.rowCount() - 1
    assert row() == 0
    person.press(Keys.Key_Up)
    assert row() == last
    person.press(Keys.Key_Down)
    person.press(Keys.Key_Tab)
    assert row() == 1
    person.press(Keys.Key_PageDown)
    assert row() == 11
    person.type("zzzzqqq")
    assert person.palette.model.rowCount() == 0
    person.press(Keys.Key_Return)
    assert person.palette.isVisible()


def test_a_category_is_set_by_its_words(person: Person) -> None:
    person.take_first()
    person.press(Keys.Key_K, CONTROL)
    harm = person.session.policy.harm_types[2]
    person.type(harm.words)
    person.press(Keys.Key_Return)
    assert person.bench.decision.draft is not None
    assert person.bench.decision.draft.category == harm.key
