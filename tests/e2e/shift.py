"""One reviewer in front of the real window: keys in, words out, and what lies in the vault behind it."""

from __future__ import annotations

import msgspec
import pytest
from floor import Floor, entries_of
from patience import PATIENCE_S
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from reviewer.demo.driver import Driver, TourFailed
from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.cases import Item
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.main_window import MainWindow
from reviewer.ui.notice import Notice
from reviewer.ui.workbench import Workbench
from reviewer.vault.store import Store
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation
from reviewer.workstation.policy_in_force import default_policy
from reviewer.workstation.session import WorkSession
from reviewer.workstation.watched import WatchedItem

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def quick_policy() -> Policy:
    """The default one, with a CLEAR that veils itself after two seconds."""
    policy = default_policy()
    return msgspec.structs.replace(policy, viewing=msgspec.structs.replace(policy.viewing, clear_seconds=2.0))


class Shift:
    def __init__(self, floor: Floor, member_id: str, app: QApplication) -> None:
        self.floor = floor
        self.member_id = member_id
        self.folder = floor.organisation.workstation(member_id)
        self.driver = Driver(timeout_s=PATIENCE_S)
        self.closed = False
        self._app = app
        self._open()

    def _open(self) -> None:
        theme.apply(self._app)
        self.desk = Workstation(self.folder, SystemClock(), quick_policy())
        self.jobs = Jobs()
        self.window = MainWindow(self.desk, self.jobs)
        self.window.resize(1366, 768)
        self.driver.activate(self.window)

    def close(self) -> None:
        """As a person closes the window: it locks first. Idempotent."""
        if self.closed:
            return
        self.closed = True
        self.window.close()
        self.driver.wait_until(lambda: not self.window.isVisible(), "the window to lock and close")
        self.jobs.close()
        self.desk.close()
        self.window.deleteLater()
        self.driver.settle(0.0)

    # what a person does

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        self.driver.write(passphrase)
        self.driver.key(Key.Key_Return)
        self.driver.wait_until(lambda: self.window.frame is not None, "the desk")
        self.driver.wait_until(lambda: self.frame.pages.currentWidget() is self.frame.home, "the desk to be shown")

    def wait_for_queue(self, count: int = 1) -> None:
        self.driver.wait_until(lambda: self.bench.queue.model.rowCount() >= count, f"a queue of {count}")

    def take(self, item: Item) -> None:
        """The first of the queue, which has to be this one."""
        self.wait_for_queue()
        self.driver.key(Key.Key_Return)
        self.wait_open(item)

    def wait_open(self, item: Item) -> None:
        self.driver.wait_until(lambda: self.bench.flow.state is DeskState.OPEN, "the item to open")
        entry = self.bench.flow.entry
        assert entry is not None
        assert entry.item.id == item.id

    def level(self, key: Qt.Key, level: Level) -> None:
        self.driver.key(key)
        self.wait_level(level)

    def wait_level(self, level: Level) -> None:
        self.driver.wait_until(lambda: self.bench.viewer.current_level is level, f"the level {level.name}")

    def answer(self, why: str = "") -> None:
        """Everything a decision needs; the category is filled in from the referral."""
        self.driver.key(Key.Key_K)
        self.driver.key(Key.Key_2, ALT)
        self.driver.key(Key.Key_F)
        self.driver.key(Key.Key_Z)
        if why:
            self.driver.key(Key.Key_W)
            self.driver.write(why)
        assert self.bench.decision.ready

    def press_decide(self) -> None:
        self.driver.key(Key.Key_Return, CTRL)

    def decide(self) -> None:
        """Decide, and wait until it is written down."""
        entry = self.bench.flow.entry
        assert entry is not None
        before = self.decision_count()
        self.press_decide()
        self.driver.wait_until(lambda: self.decision_count() > before, "the decision to be written")
        self.driver.wait_until(lambda: self.bench.flow.entry is not entry, "the desk to move on")

    def hide_and_come_back(self, item: Item) -> None:
        self.driver.key(Key.Key_Escape)
        self.driver.wait_until(lambda: self.frame.pages.currentWidget() is self.frame.cover, "the cover")
        self.driver.key(Key.Key_Return)
        self.wait_open(item)

    # what the window says

    @property
    def frame(self) -> DeskFrame:
        assert self.window.frame is not None
        return self.window.frame

    @property
    def bench(self) -> Workbench:
        assert self.frame.workbench is not None
        return self.frame.workbench

    def notice(self) -> str:
        """The words of the message that can be seen now; empty when there is none."""
        return " ".join(n.words for n in self.window.findChildren(Notice) if n.isVisible())

    def wait_notice(self, words: str) -> str:
        try:
            self.driver.wait_until(lambda: words in self.notice(), "the message")
        except TourFailed:
            pytest.fail(f"wanted {words!r}; the window says {self.driver.texts(self.window)}")
        return self.notice()

    def says(self, words: str) -> bool:
        return self.driver.says(self.window, words)

    # what lies behind it

    @property
    def session(self) -> WorkSession:
        session = self.desk._session
        assert session is not None
        return session

    @property
    def opened(self) -> WatchedItem:
        taken = self.session._items._current
        assert taken is not None
        assert taken.opened is not None
        return taken.opened

    def store(self, job):  # type: ignore[no-untyped-def]
        return self.session._store.call(job)

    def decision_count(self) -> int:
        return self.store(Store.decision_count)

    def wait_delivered(self, item: Item, count: int = 1) -> None:
        """As many decisions about the item as that are in the case system, and none is waiting here."""
        self.driver.wait_until(lambda: len(self.floor.decisions_of(item.id)) >= count, "the decision to arrive")
        try:
            self.driver.wait_until(lambda: self.session.sync_state().waiting == 0, "an empty outbox")
        except TourFailed:
            now = SystemClock().now()
            left = [event.type for event in self.store(lambda s: s.pending(100, now=now))]
            pytest.fail(f"the outbox did not empty: {self.session.sync_state()}, due {left}")
        assert len(self.floor.decisions_of(item.id)) == count

    def custody(self, action: CustodyAction | None = None) -> list[CustodyEntry]:
        entries = entries_of(self.store(lambda s: s.custody_rows()))
        return [entry for entry in entries if action is None or entry.action is action]


def three_parts(error: type) -> str:
    """What the window must say: what happened; and what was kept and what to do behind it."""
    return f"{error.happened} {error.kept} {error.to_do}"  # type: ignore[attr-defined]
