"""The tour: a whole shift in the real windows, by real keys and mouse."""

from __future__ import annotations

import contextlib
from pathlib import Path
from time import perf_counter

import msgspec
from PySide6.QtCore import Qt

from reviewer.demo.driver import Driver, TourFailed
from reviewer.demo.organisation import PASSPHRASE, REVIEWERS, SUPERVISOR, Organisation
from reviewer.demo.screenshots import Screenshots
from reviewer.demo.stall_meter import StallMeter, Stalls
from reviewer.media.frames import SandboxReport
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.ui.app import START_SIZE, application
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.main_window import MainWindow
from reviewer.ui.workbench import Workbench
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation, default_policy

_CTRL = Qt.KeyboardModifier.ControlModifier
_NONE = Qt.KeyboardModifier.NoModifier
_ALT = Qt.KeyboardModifier.AltModifier


def tour_policy() -> Policy:
    """The default policy with a shorter working stretch and a shorter CLEAR, so that the tour need not last an hour."""
    policy = default_policy()
    return msgspec.structs.replace(
        policy,
        viewing=msgspec.structs.replace(policy.viewing, clear_seconds=2.0),
        breaks=msgspec.structs.replace(policy.breaks, after_minutes=0.2),
    )


class Tour:
    """One shift of one reviewer, then one look by the supervisor."""

    def __init__(self, organisation: Organisation, folder: Path) -> None:
        self.pictures = Screenshots(folder)
        self.items_reviewed = 0
        self.next_item_ms: list[float] = []
        self.sandbox: SandboxReport | None = None
        self._organisation = organisation
        self._app = application()
        self._jobs = Jobs()
        self._driver = Driver()
        self._meter = StallMeter()
        self._meter.start()
        self._pauses_seen = 0
        self._desk: Workstation | None = None
        self._window: MainWindow | None = None

    @property
    def stalls(self) -> Stalls:
        return self._meter.stop()

    def close(self) -> None:
        self._meter.stop()
        self._close_window()
        self._jobs.close()

    # the shift

    def shift(self) -> None:
        self._open_window(REVIEWERS[0])
        self._unlock(wrong_first=True)
        self._queue()
        self._video()
        self._picture()
        self._screen_capture()
        self._not_viewable()
        self._large_picture_and_panic()
        self._rest_of_the_queue()
        self._undo()
        self._keys_and_posture()
        self._lock_and_unlock()
        self._synced()

    def _unlock(self, *, wrong_first: bool = False) -> None:
        d = self._driver
        d.step("unlock")
        d.settle(0.2)
        if wrong_first:
            self._picture_of("unlock")
            d.write("not the passphrase")
            d.key(Qt.Key.Key_Return)
            d.wait_until(lambda: d.says(self._shown, "does not open this vault"), "the refusal")
            self._picture_of("wrong-passphrase")
        d.write(PASSPHRASE)
        d.key(Qt.Key.Key_Return)
        d.wait_until(lambda: self._shown.frame is not None, "the desk")

    def _queue(self) -> None:
        d = self._driver
        d.step("queue")
        d.wait_until(lambda: self._bench.queue.model.rowCount() >= 10, "the queue to fill")
        d.settle(0.3)
        self._picture_of("queue")

    def _video(self) -> None:
        """The most urgent item: a video that starts at its facts. Storyboard first, then playing, muted and veiled."""
        d = self._driver
        d.step("video")
        self._take()
        self._picture_of("video-facts")
        opened = self._bench.open_item
        self.sandbox = opened.sandbox if opened is not None else None
        d.key(Qt.Key.Key_2)
        d.wait_until(lambda: self._bench.viewer.current_level is Level.BLURRED, "the storyboard")
        d.settle(2.0)
        self._picture_of("video-storyboard")
        d.key(Qt.Key.Key_Space)
        d.settle(2.5)
        self._picture_of("video-playing")
        d.key(Qt.Key.Key_Space)
        d.key(Qt.Key.Key_L)
        d.settle(0.6)
        self._answer(
            Qt.Key.Key_I, severity=Qt.Key.Key_3, action=Qt.Key.Key_R, why="Place name at 00:12, fits the request"
        )
        self._picture_of("decision-ready")
        self._decide(typing=True)

    def _picture(self) -> None:
        """Facts, blurred, drawing, lens, clear, and the picture veils itself again."""
        d = self._driver
        d.step("picture")
        viewer = self._bench.viewer
        d.key(Qt.Key.Key_2)
        self._wait_level(Level.BLURRED)
        self._picture_of("picture-veiled")
        d.key(Qt.Key.Key_3)
        self._wait_level(Level.DRAWING)
        d.settle(0.3)
        self._picture_of("picture-drawing")
        d.key(Qt.Key.Key_2)
        self._wait_level(Level.BLURRED)
        d.point(viewer.view, 0.45, 0.4)
        with d.holding(Qt.Key.Key_4):
            self._wait_level(Level.LENS)
            for step in range(6):
                d.point(viewer.view, 0.45 + step * 0.02, 0.4 + step * 0.02)
                d.settle(0.1)
            self._picture_of("picture-lens")
        self._wait_level(Level.BLURRED)
        d.key(Qt.Key.Key_5)
        self._wait_level(Level.CLEAR)
        d.settle(0.3)
        self._picture_of("picture-clear")
        d.wait_until(lambda: viewer.current_level is Level.BLURRED, "the picture to veil itself", timeout_s=6.0)
        self._picture_of("picture-veiled-again")
        self._answer(Qt.Key.Key_O, severity=Qt.Key.Key_2, action=Qt.Key.Key_V)
        self._decide()

    def _screen_capture(self) -> None:
        d = self._driver
        d.step("screen capture")
        d.key(Qt.Key.Key_2)
        self._wait_level(Level.BLURRED)
        d.settle(0.3)
        self._answer(Qt.Key.Key_K, severity=Qt.Key.Key_1, action=Qt.Key.Key_Z)
        self._decide()

    def _not_viewable(self) -> None:
        """A chat: this version cannot show it and says so; passing on needs no reason."""
        d = self._driver
        d.step("a kind that cannot be shown")
        self._picture_of("not-viewable-yet")
        self._pass_on()
        self._pass_on()

    def _large_picture_and_panic(self) -> None:
        d = self._driver
        d.step("panic key")
        d.settle(0.5)
        self._picture_of("next-item-veiled")
        d.key(Qt.Key.Key_W)
        d.write("half a sentence that must not be lo")
        d.key(Qt.Key.Key_Escape)
        cover = self._frame.cover
        d.wait_until(lambda: self._frame.pages.currentWidget() is cover, "everything to be hidden")
        self._picture_of("hidden")
        d.key(Qt.Key.Key_Return)
        self._wait_open("the item to come back")
        d.settle(0.4)
        draft = self._bench.decision.draft
        if draft is None or not draft.rationale.endswith("must not be lo"):
            raise TourFailed("The draft did not survive the panic key.")
        self._picture_of("back-with-draft")
        self._answer(Qt.Key.Key_K, severity=Qt.Key.Key_2, action=Qt.Key.Key_X)
        self._decide()

    def _rest_of_the_queue(self) -> None:
        """Everything else, quickly. What cannot be opened is decided from its facts."""
        d = self._driver
        d.step("the rest of the queue")
        damaged_seen = False
        while self._bench.flow.state is not DeskState.EMPTY:
            item = self._bench.flow.item
            if item is not None and item.trouble is not None and not damaged_seen:
                d.settle(0.2)
                self._picture_of("damaged-item")
                damaged_seen = True
            d.settle(0.15)
            self._answer(Qt.Key.Key_K, severity=Qt.Key.Key_1, action=Qt.Key.Key_Z)
            self._decide()
        if not damaged_seen:
            raise TourFailed("No damaged item came up.")
        d.wait_until(lambda: self._done, "the last item to leave the queue")
        d.settle(1.2)
        self._picture_of("queue-done")

    def _undo(self) -> None:
        d = self._driver
        d.step("undo")
        d.key(Qt.Key.Key_U)
        d.wait_until(lambda: self._idle and self._bench.queue.model.rowCount() > 0, "the item to come back")
        d.settle(0.3)
        self._picture_of("undone")
        self._take()
        self._answer(Qt.Key.Key_K, severity=Qt.Key.Key_1, action=Qt.Key.Key_Z)
        self._decide()

    def _keys_and_posture(self) -> None:
        d = self._driver
        d.step("keys and posture")
        d.key(Qt.Key.Key_F1)
        d.settle(0.3)
        self._picture_of("keys")
        d.key(Qt.Key.Key_F1)
        d.key(Qt.Key.Key_F2)
        d.settle(1.0)
        self._picture_of("posture")
        d.key(Qt.Key.Key_F2)

    def _lock_and_unlock(self) -> None:
        d = self._driver
        d.step("lock")
        d.key(Qt.Key.Key_L, _CTRL)
        d.wait_until(lambda: self._shown.frame is None, "the lock")
        d.settle(0.2)
        self._picture_of("locked")
        self._unlock()

    def _synced(self) -> None:
        d = self._driver
        d.step("sync")
        d.wait_until(lambda: d.says(self._shown, "All decisions synced"), "the sync", timeout_s=30.0)
        self._picture_of("synced")

    def supervision(self) -> None:
        d = self._driver
        d.step("supervisor")
        self._close_window()
        self._open_window(SUPERVISOR)
        self._unlock()
        d.settle(1.0)
        self._picture_of("supervisor")

    # steps that recur
    def _take(self) -> None:
        started = perf_counter()
        self._driver.key(Qt.Key.Key_Return)
        self._wait_open("the first item")
        self.next_item_ms.append((perf_counter() - started) * 1000.0)

    def _answer(self, danger: Qt.Key, *, severity: Qt.Key, action: Qt.Key, why: str = "") -> None:
        d = self._driver
        d.key(danger)
        d.key(severity, _ALT)
        d.key(Qt.Key.Key_F)
        d.key(action)
        if self._bench.decision.draft is not None and self._bench.decision.draft.category is None:
            raise TourFailed("The category was not filled in from the referral.")
        if why:
            d.key(Qt.Key.Key_W)
            d.write(why)
        d.wait_until(lambda: self._bench.decision.ready, "the decision to be complete")

    def _decide(self, *, typing: bool = False) -> None:
        """Enter; while typing it is Ctrl+Enter."""
        self._leave_item(Qt.Key.Key_Return, _CTRL if typing else _NONE)
        self.items_reviewed += 1

    def _pass_on(self) -> None:
        self._leave_item(Qt.Key.Key_P)

    def _leave_item(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
        """Press the key and wait for the next item, an empty desk, or a pause."""
        d = self._driver
        before = self._item_id()
        started = perf_counter()
        d.key(key, modifier)
        d.wait_until(lambda: self._item_id() != before or self._pausing, "the decision to be written")
        if self._pausing:
            self._pause()
            return
        d.wait_until(lambda: self._idle or self._opened_item, "the next item")
        if self._opened_item:
            self.next_item_ms.append((perf_counter() - started) * 1000.0)

    def _pause(self) -> None:
        """The first pause is taken, later ones are put off."""
        d = self._driver
        d.settle(0.4)
        self._pauses_seen += 1
        if self._pauses_seen == 1:
            self._picture_of("pause-offered")
            d.key(Qt.Key.Key_5)
            d.settle(1.2)
            self._picture_of("pause-taken")
            d.key(Qt.Key.Key_Return)
        else:
            if self._pauses_seen == 2:
                self._picture_of("pause-offered-again")
            d.key(Qt.Key.Key_L)
        d.wait_until(lambda: self._frame.pages.currentWidget() is self._bench, "the desk after the pause")
        if self._bench.flow.state is DeskState.EMPTY and self._bench.queue.model.rowCount() > 0:
            d.key(Qt.Key.Key_Return)
        d.wait_until(lambda: self._opened_item or self._done, "the item after the pause")

    # looking at the window

    @property
    def _shown(self) -> MainWindow:
        if self._window is None:
            raise TourFailed("There is no window.")
        return self._window

    @property
    def _frame(self) -> DeskFrame:
        if self._shown.frame is None:
            raise TourFailed("The workstation is locked.")
        return self._shown.frame

    @property
    def _bench(self) -> Workbench:
        if self._frame.workbench is None:
            raise TourFailed("This role has no workbench.")
        return self._frame.workbench

    @property
    def _pausing(self) -> bool:
        return self._frame.pages.currentWidget() is self._frame.pause

    @property
    def _opened_item(self) -> bool:
        return self._bench.flow.state is DeskState.OPEN

    @property
    def _idle(self) -> bool:
        return self._bench.flow.state is DeskState.EMPTY

    @property
    def _done(self) -> bool:
        return self._idle and self._bench.queue.model.rowCount() == 0

    def _item_id(self) -> str | None:
        entry = self._bench.flow.entry
        return entry.item.id if entry is not None else None

    def _wait_open(self, what: str) -> None:
        self._driver.wait_until(lambda: self._opened_item, what)

    def _wait_level(self, level: Level) -> None:
        self._driver.wait_until(lambda: self._bench.viewer.current_level is level, f"the level {level.name.lower()}")

    def _picture_of(self, name: str) -> None:
        with self._meter.aside():
            self.pictures.take(self._shown, name)

    # windows

    def _open_window(self, member_id: str) -> None:
        self._desk = Workstation(self._organisation.workstation(member_id), SystemClock(), tour_policy())
        self._window = MainWindow(self._desk, self._jobs)
        self._window.resize(*START_SIZE)
        self._driver.activate(self._window)

    def _close_window(self) -> None:
        window, self._window = self._window, None
        desk, self._desk = self._desk, None
        if window is not None:
            if window.frame is not None:
                window.frame.lock()
                with contextlib.suppress(TourFailed):
                    self._driver.wait_until(lambda: window.frame is None, "the window to lock")
            window.close()
            window.deleteLater()
            self._driver.settle(0.0)
        if desk is not None:
            desk.close()
