"""The whole window on a session in memory, at any page and with any kind of item on the desk; driven by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
import shiboken6
from gallery_fakes import GallerySession, many
from handoff_fakes import a_handoff
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from readings_fakes import SecondFake, both
from session_fakes import PASSPHRASE, FakeDesk, FakeSession, FakeTaken, an_entry
from sound_fakes import SoundingItem
from viewer_fakes import FakeLine, FakeOpenItem

from reviewer.media.frames import Frame
from reviewer.model.cases import ItemFacts, QueueEntry
from reviewer.model.levels import Kind, Level
from reviewer.model.readings import ReadingLine, Stage
from reviewer.model.roles import Member, Role
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.main_window import MainWindow
from reviewer.ui.workbench import Workbench
from reviewer.wellbeing.prompts import Prompt

KINDS = {
    "image": ItemFacts(kind=Kind.IMAGE, format="jpeg", size=90_000, width=1920, height=1080),
    "video": ItemFacts(
        kind=Kind.VIDEO, format="h264/mp4", size=900_000, width=1920, height=1080, duration_s=161.0, has_sound=True
    ),
    "sound": ItemFacts(kind=Kind.AUDIO, format="mp3", size=900_000, duration_s=252.0, has_sound=True),
    "text": ItemFacts(kind=Kind.CHAT, format="json", size=4_000),
    "pdf": ItemFacts(kind=Kind.DOCUMENT, format="pdf", size=90_000, width=612, height=792, pages=12),
}
DESKS = tuple(f"desk_{kind}" for kind in KINDS)
HANDOFF = ("handoff_2", "handoff_3", "handoff_5")  # those of the five steps with most on them
PAGES = (
    "unlock", "empty", *DESKS, "cover", "break", "keys", "posture", "palette", "supervisor", "gallery", "form", "case",
    "talk", "consensus", "own", *HANDOFF,
)  # fmt: skip
LINES = [FakeLine(f"the parcel {at} is by the *shed*", "AB"[at % 2], f"10:{at:02}") for at in range(40)]


@dataclass
class OneKind(FakeSession):
    """Its first item is of `kind`."""

    kind: str = "image"

    def take(self, item_id: str) -> FakeTaken:
        taken = super().take(item_id)
        facts = taken.entry.item.facts
        first: Frame | None = taken.first
        opened: FakeOpenItem = FakeOpenItem(facts)
        if facts.kind is Kind.AUDIO:
            opened = SoundingItem(facts, viewable=False)
        elif facts.kind is Kind.CHAT:
            opened = FakeOpenItem(facts, viewable=False, readable=True, lines=LINES)
        elif facts.kind is Kind.VIDEO:
            opened = SoundingItem(facts)
        self.open_items.append(opened)
        return FakeTaken(taken.entry, opened, first, taken.draft)


def session_of(kind: str = "image") -> OneKind:
    made = an_entry(1843, danger=True, due_min=24, notes=1, forewarning=("blood",), basis="Emergency disclosure")
    entry: QueueEntry = msgspec.structs.replace(made, item=msgspec.structs.replace(made.item, facts=KINDS[kind]))
    return OneKind(entries=[entry, an_entry(1851), an_entry(1838)], kind=kind)


@dataclass
class Person:
    window: MainWindow
    session: FakeSession
    qtbot: QtBot
    keys: list[Qt.Key] = field(default_factory=list)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.keys.append(key)
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), words)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true)

    @property
    def frame(self) -> DeskFrame:
        assert self.window.frame is not None
        return self.window.frame

    @property
    def bench(self) -> Workbench:
        assert self.frame.workbench is not None
        return self.frame.workbench

    def unlock(self) -> None:
        self.type(PASSPHRASE)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.frame is not None)
        if self.frame.workbench is not None:
            self.until(lambda: self.bench.queue.model.rowCount() > 0)

    def take_first(self) -> None:
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.bench.flow.state is DeskState.OPEN)

    def open_gallery(self, *, form: bool) -> None:
        """With the first item selected, and the form beside it when that is asked for."""
        self.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        assert self.frame.gallery is not None
        control = self.frame.gallery.control
        assert control is not None
        self.until(lambda: control.model.rowCount() > 0)
        self.press(Qt.Key.Key_Space)
        if form:
            self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def open_handoff(self, step: int) -> None:
        """For the case of the first item, at this step counted from 0."""
        self.take_first()
        self.press(Qt.Key.Key_F7)
        assert self.frame.handoff is not None
        page = self.frame.handoff.page
        assert page is not None
        self.until(lambda: page.case_id != "" and not page.busy)
        self.press(Qt.Key(Qt.Key.Key_1.value + step), Qt.KeyboardModifier.AltModifier)
        self.until(lambda: page.step == step)

    def settle(self) -> None:
        self.qtbot.wait(60)

    def go_to(self, page: str) -> None:
        """From the locked window to one of PAGES."""
        if page == "unlock":
            return
        if page == "supervisor":
            self.session.member = Member(id="s1", name="Supervisor 01", role=Role.SUPERVISOR, recipient="age1")
        self.unlock()
        if page in DESKS:
            self.take_first()
            if self.bench.viewer.current_level is Level.FACTS:
                self.press(Qt.Key.Key_2)
                self.until(lambda: self.bench.viewer.current_level is Level.BLURRED)
        elif page in ("gallery", "form"):
            self.open_gallery(form=page == "form")
        elif page in ("case", "talk"):
            self.take_first()
            if page == "case":
                self.press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
            else:
                self.press(Qt.Key.Key_Y)
        elif page in HANDOFF:
            self.open_handoff(int(page.removeprefix("handoff_")) - 1)
        elif page == "break":
            self.session.due = Prompt.BREAK_DUE
            self.bench.pauseOffered.emit()
        else:
            keys = {
                "consensus": (Qt.Key.Key_F8, Qt.KeyboardModifier.NoModifier),
                "cover": (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
                "keys": (Qt.Key.Key_Question, Qt.KeyboardModifier.NoModifier),
                "own": (Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier),
                "posture": (Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier),
                "palette": (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier),
            }
            if page in keys:
                self.press(*keys[page])
        self.settle()


@contextmanager
def a_window(
    qtbot: QtBot,
    qapp: QApplication,
    session: FakeSession,
    *,
    look: str = "dark",
    scale: float = 1.0,
    size: tuple[int, int] = (1366, 768),
) -> Iterator[Person]:
    """A locked window with a person before it; closed, and the look put back, at the end."""
    theme.apply(qapp, look)
    jobs = Jobs()
    window = MainWindow(FakeDesk(session), jobs)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    if scale != 1.0:
        theme.apply(qapp, look, scale)
    try:
        yield Person(window, session, qtbot)
    finally:
        window.close()
        qtbot.waitUntil(lambda: not window.isVisible())
        shiboken6.delete(window)
        jobs.close()
        theme.set_motion(True)
        theme.apply(qapp)


def a_page(page: str) -> FakeSession:
    """The session to go to `page` with."""
    if page in ("gallery", "form"):
        return GallerySession(entries=many(60))
    if page == "consensus":
        made = session_of()
        made.second = SecondFake([ReadingLine(
            item_id="item-1", exhibit="2026-01843/003", case_number="2026-01843", stage=Stage.CONSENSUS, proposed=False
        )], both(Stage.CONSENSUS), drafts=made.drafts)  # fmt: skip
        return made
    made = session_of(page.removeprefix("desk_") if page in DESKS else "image")
    if page in HANDOFF:
        made.handoffs.packages.append(a_handoff())
    return made


__all__ = ["DESKS", "HANDOFF", "KINDS", "PAGES", "Person", "a_page", "a_window", "session_of"]
