"""What a person at the desk does again and again, with real keys in the real window; the tour is made of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import Qt

from reviewer.demo.driver import Driver, TourFailed
from reviewer.demo.organisation import PASSPHRASE, Organisation
from reviewer.demo.screenshots import Screenshots
from reviewer.demo.stall_meter import StallMeter
from reviewer.demo.tour_clock import TourClock
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.ui.app import START_SIZE, application
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.main_window import MainWindow
from reviewer.ui.workbench import Workbench
from reviewer.workstation.desk import Workstation

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
_NONE = Qt.KeyboardModifier.NoModifier


class Hands:
    """One window at a time. `driver` presses and waits; times from key to open item gather in `next_item_ms`."""

    def __init__(self, organisation: Organisation, folder: Path, policy: Policy) -> None:
        self.pictures = Screenshots(folder)
        self.items_reviewed = 0
        self.next_item_ms: list[float] = []
        self.driver = Driver()
        self.meter = StallMeter()
        self._organisation = organisation
        self._policy = policy
        self._clock = TourClock()
        self._app = application()
        self._jobs = Jobs()
        self._pauses_seen = 0
        self._reported = False
        self._desk: Workstation | None = None
        self._window: MainWindow | None = None
        self.meter.start()

    def close(self) -> None:
        self.meter.stop()
        self.close_window()
        self._jobs.close()

    def unlock(self, *, wrong_first: bool = False) -> None:
        d = self.driver
        d.step("unlock")
        d.settle(0.2)
        if wrong_first:
            self.picture_of("unlock")
            d.write("not the passphrase")
            d.key(Qt.Key.Key_Return)
            d.wait_until(lambda: d.says(self.shown, "does not open this vault"), "the refusal")
            self.picture_of("wrong-passphrase")
        d.write(PASSPHRASE)
        d.key(Qt.Key.Key_Return)
        d.wait_until(lambda: self.shown.frame is not None, "the desk")

    # steps that recur

    def take(self) -> None:
        started = perf_counter()
        self.driver.key(Qt.Key.Key_Return)
        self.wait_open("the first item")
        self.next_item_ms.append((perf_counter() - started) * 1000.0)

    def answer(
        self, danger: Qt.Key, *, severity: Qt.Key, action: Qt.Key, why: str = "", age: Qt.Key | None = None
    ) -> None:
        """`age` is the line of the list of apparent ages, where it is asked for."""
        d = self.driver
        d.key(danger)
        if danger is not Qt.Key.Key_K:
            d.key(Qt.Key.Key_G, ALT)
            d.wait_until(lambda: self.bench.decision.form.listing, "the list of grounds")
            d.key(Qt.Key.Key_1)
            d.key(Qt.Key.Key_Return)
        d.key(severity, ALT)
        d.key(Qt.Key.Key_F)
        d.key(action)
        if age is not None:
            d.key(Qt.Key.Key_A, ALT)
            d.wait_until(lambda: self.bench.decision.form.listing, "the list of ages")
            d.key(age)
            d.key(Qt.Key.Key_Return)
        if self.bench.decision.draft is not None and self.bench.decision.draft.category is None:
            raise TourFailed("The category was not filled in from the referral.")
        if why:
            d.key(Qt.Key.Key_W)
            d.write(why)
        d.wait_until(lambda: self.bench.decision.ready, "the decision to be complete")

    def decide(self, *, typing: bool = False) -> None:
        """Enter; while typing it is Ctrl+Enter."""
        self._leave_item(Qt.Key.Key_Return, CTRL if typing else _NONE)
        self.items_reviewed += 1
        if self.bench.report_page.isVisible():
            if not self._reported:
                self.picture_of("report-now")
            self._reported = True
            self._leave_item(Qt.Key.Key_Return)  # whom to call has been read

    def pass_on(self) -> None:
        self._leave_item(Qt.Key.Key_P)

    def _leave_item(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
        """Press the key and wait for the next item, an empty desk, or a pause."""
        d = self.driver
        before = self.item_id()
        started = perf_counter()
        d.key(key, modifier)
        d.wait_until(lambda: self.item_id() != before or self.pausing, "the decision to be written")
        if self.pausing:
            self._pause()
            return
        d.wait_until(lambda: self.idle or self.opened_item, "the next item")
        if self.opened_item:
            self.next_item_ms.append((perf_counter() - started) * 1000.0)

    def _pause(self) -> None:
        """The first pause is taken, later ones are put off."""
        d = self.driver
        d.settle(0.4)
        self._pauses_seen += 1
        if self._pauses_seen == 1:
            self.picture_of("pause-offered")
            self._around_the_pause()
            d.key(Qt.Key.Key_5)
            d.settle(1.2)
            self.picture_of("pause-taken")
            self._clock.run_ahead(self._policy.breaks.short_minutes * 60.0)
            d.key(Qt.Key.Key_Return)
        else:
            if self._pauses_seen == 2:
                self.picture_of("pause-offered-again")
            d.key(Qt.Key.Key_L)
        d.wait_until(lambda: self.frame.pages.currentWidget() is self.bench, "the desk after the pause")
        if self.bench.flow.state is DeskState.EMPTY and self.bench.queue.model.rowCount() > 0:
            d.key(Qt.Key.Key_Return)
        d.wait_until(lambda: self.opened_item or self.done, "the item after the pause")

    def _around_the_pause(self) -> None:
        """Contacts, a note to a colleague, and something without pictures next: asked for and taken back."""
        d = self.driver
        d.key(Qt.Key.Key_S)
        d.settle(0.2)
        self.picture_of("pause-contacts")
        if self.frame.pause.note.possible:
            d.key(Qt.Key.Key_T)
            d.settle(0.2)
            d.write("Could you look at the second message with me")
            self.picture_of("pause-note")
            d.key(Qt.Key.Key_Escape)
        d.key(Qt.Key.Key_N)
        d.settle(0.2)
        self.picture_of("pause-without-pictures")
        d.key(Qt.Key.Key_N)

    # looking at the window

    @property
    def shown(self) -> MainWindow:
        if self._window is None:
            raise TourFailed("There is no window.")
        return self._window

    @property
    def frame(self) -> DeskFrame:
        if self.shown.frame is None:
            raise TourFailed("The workstation is locked.")
        return self.shown.frame

    @property
    def bench(self) -> Workbench:
        if self.frame.workbench is None:
            raise TourFailed("This role has no workbench.")
        return self.frame.workbench

    @property
    def pausing(self) -> bool:
        return self.frame.pages.currentWidget() is self.frame.pause

    @property
    def opened_item(self) -> bool:
        return self.bench.flow.state is DeskState.OPEN

    @property
    def idle(self) -> bool:
        return self.bench.flow.state is DeskState.EMPTY

    @property
    def done(self) -> bool:
        return self.idle and self.bench.queue.model.rowCount() == 0

    def item_id(self) -> str | None:
        entry = self.bench.flow.entry
        return entry.item.id if entry is not None else None

    def wait_open(self, what: str) -> None:
        self.driver.wait_until(lambda: self.opened_item, what)

    def wait_level(self, level: Level) -> None:
        self.driver.wait_until(lambda: self.bench.viewer.current_level is level, f"the level {level.name.lower()}")

    def picture_of(self, name: str) -> None:
        with self.meter.aside():
            self.pictures.take(self.shown, name)

    # windows

    def open_window(self, member_id: str) -> None:
        self._desk = Workstation(self._organisation.workstation(member_id), self._clock, self._policy)
        self._window = MainWindow(self._desk, self._jobs)
        self._window.resize(*START_SIZE)
        self.driver.activate(self._window)

    def close_window(self) -> None:
        window, self._window = self._window, None
        desk, self._desk = self._desk, None
        if window is not None:
            if window.frame is not None:
                window.frame.lock()
                with contextlib.suppress(TourFailed):
                    self.driver.wait_until(lambda: window.frame is None, "the window to lock")
            window.close()
            window.deleteLater()
            self.driver.settle(0.0)
        if desk is not None:
            desk.close()
