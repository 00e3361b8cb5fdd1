"""A person at the page of handing off, in a window of its own or with the desk around it: for the tests of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from handoff_fakes import AGENCIES, FakeHandoffs, an_outline
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession
from whole_window import Person, a_window, session_of

from reviewer.model.handoff_answers import HandoffAnswers
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.handoff_page import HandoffPage

Key, Held = Qt.Key, Qt.KeyboardModifier
ALT, CTRL = Held.AltModifier, Held.ControlModifier
FULL = HandoffAnswers(
    imminence="a place and a time are named", location_clues="none known", accounts="garden_friend_7",
    times="2026-11-20 14:03 UTC", contact="Duty desk", legal_basis="Emergency disclosure", retention="one year",
)  # fmt: skip


@dataclass
class Alone:
    """A person before the page in a window of its own: for what needs no desk around it."""

    window: QWidget
    session: FakeSession
    qtbot: QtBot

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), words)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true)


@contextmanager
def alone(qtbot: QtBot, session: FakeSession) -> Iterator[Driver]:
    window, jobs = QWidget(), Jobs()
    page = HandoffPage(session, jobs, DraftKeeper(session, jobs, window), window)  # type: ignore[arg-type]
    QVBoxLayout(window).addWidget(page)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    try:
        page.open_case("case-1843")
        qtbot.waitUntil(lambda: page.case_id != "" and not page.busy)
        yield Driver(Alone(window, session, qtbot), page)
    finally:
        session.handoffs.going.set()
        qtbot.waitUntil(lambda: not page.running.busy)
        jobs.close()
        window.close()
        shiboken6.delete(window)


class Driver:
    """A person at the page, for the case of the first item."""

    def __init__(self, person: Person | Alone, page: HandoffPage | None = None) -> None:
        self.person = person
        self.page: HandoffPage = page if page is not None else self.opened()

    @property
    def frame(self) -> DeskFrame:
        assert isinstance(self.person, Person)
        return self.person.frame

    def locked(self) -> bool:
        assert isinstance(self.person, Person)
        return self.person.window.frame is None

    @property
    def fake(self) -> FakeHandoffs:
        return self.person.session.handoffs

    @property
    def calls(self) -> list[tuple[object, ...]]:
        return self.person.session.calls

    def named(self, name: str) -> list[tuple[object, ...]]:
        return [call for call in self.calls if call[0] == name]

    def opened(self) -> HandoffPage:
        self.person.press(Key.Key_F7)
        desk = self.frame.handoff
        assert desk is not None
        assert desk.page is not None
        page = desk.page
        self.person.until(lambda: (page.case_id != "" and not page.busy) or page.chooser.isVisible())
        return page

    def step(self, number: int) -> None:
        self.person.press(Key(Key.Key_0.value + number), ALT)
        assert self.page.step == number - 1

    def press(self, key: Key, held: Held = Held.NoModifier) -> None:
        self.person.press(key, held)

    def alt(self, letter: str) -> None:
        self.person.press(Key[f"Key_{letter}"], ALT)

    def until_quiet(self) -> None:
        self.person.until(lambda: not self.page.busy)

    def said(self) -> str:
        return "\n".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisible())

    def choose_agency(self, row: int = 0) -> None:
        self.step(1)
        self.alt("A")
        for _ in range(row + 1):
            self.press(Key.Key_Down)
        assert self.page.state.agency == AGENCIES[row].key

    def ready(self, folder: Path) -> None:
        """All that building needs."""
        self.choose_agency()
        self.step(4)
        self.page.seal.folder.setText(str(folder))
        self.until_quiet()


@contextmanager
def reviewing(qtbot: QtBot, qapp: QApplication, **outline: object) -> Iterator[Driver]:
    """With the desk around it."""
    session = session_of()
    session.handoffs.outlines["case-1843"] = an_outline(**outline)
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        person.take_first()
        yield Driver(person)


@contextmanager
def handing(qtbot: QtBot, **outline: object) -> Iterator[Driver]:
    session = FakeSession()
    session.handoffs.outlines["case-1843"] = an_outline(**outline)
    with alone(qtbot, session) as made:
        yield made
