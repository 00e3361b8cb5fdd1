"""The tour: a whole shift in the real windows, by real keys and mouse."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import Qt

from reviewer.demo.correspondents import Correspondents
from reviewer.demo.driver import TourFailed
from reviewer.demo.handing import REPORTED, Handing
from reviewer.demo.hands import CTRL, Hands
from reviewer.demo.kinds import Kinds
from reviewer.demo.mine import my_data
from reviewer.demo.organisation import REVIEWERS, SUPERVISOR, Organisation
from reviewer.demo.stall_meter import Stalls
from reviewer.demo.together import Together
from reviewer.media.frames import SandboxReport
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.supervisor_page import SupervisorPage
from reviewer.workstation.policy_in_force import default_policy


def tour_policy() -> Policy:
    """The default policy with a shorter working stretch and a shorter CLEAR, so that the tour need not last an hour.

    The pauses are as long as ever: the tour's clock runs ahead over them (`TourClock`).
    """
    policy = default_policy()
    return msgspec.structs.replace(
        policy,
        viewing=msgspec.structs.replace(policy.viewing, clear_seconds=2.0),
        text=msgspec.structs.replace(policy.text, clear_seconds=4.0, masked_terms=("account", "tomorrow")),
        breaks=msgspec.structs.replace(policy.breaks, after_minutes=1.5),
    )


class Tour:
    """One shift of one reviewer, then one look by the supervisor."""

    def __init__(self, organisation: Organisation, correspondents: Correspondents, folder: Path) -> None:
        self.hands = Hands(organisation, folder, correspondents.policy(tour_policy()))
        self.handing = Handing(self.hands, correspondents, folder / "handoff")
        self.kinds = Kinds(self.hands)
        self.together = Together(self.hands)
        self.sandbox: SandboxReport | None = None

    @property
    def stalls(self) -> Stalls:
        return self.hands.meter.stop()

    def close(self) -> None:
        self.hands.close()

    # the shift

    def shift(self) -> None:
        self.hands.open_window(REVIEWERS[0])
        self.hands.unlock(wrong_first=True)
        self._queue()
        self.together.gallery()
        self._video()
        self._picture()
        self._screen_capture()
        self.together.palette()
        self._chat()
        self._large_picture_and_panic()
        self._rest_of_the_queue()
        self._undo()
        self._keys_and_posture()
        self._lock_and_unlock()
        self._synced()

    def _queue(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("queue")
        d.wait_until(lambda: h.bench.queue.model.rowCount() >= 10, "the queue to fill")
        d.settle(0.3)
        h.picture_of("queue")

    def _video(self) -> None:
        """The most urgent item: a video that starts at its facts. Storyboard first, then playing, muted and veiled."""
        h, d = self.hands, self.hands.driver
        d.step("video")
        h.take()
        h.picture_of("video-facts")
        opened = h.bench.open_item
        self.sandbox = opened.sandbox if opened is not None else None
        d.key(Qt.Key.Key_2)
        d.wait_until(lambda: h.bench.viewer.current_level is Level.BLURRED, "the storyboard")
        d.settle(2.0)
        h.picture_of("video-storyboard")
        d.key(Qt.Key.Key_Space)
        d.settle(2.5)
        h.picture_of("video-playing")
        d.key(Qt.Key.Key_Space)
        d.key(Qt.Key.Key_L)
        d.settle(0.6)
        h.answer(Qt.Key.Key_I, severity=Qt.Key.Key_3, action=Qt.Key.Key_R, why="Place name at 00:12, fits the request")
        h.picture_of("decision-ready")
        h.decide(typing=True)

    def _picture(self) -> None:
        """Facts, blurred, drawing, lens, clear, and the picture veils itself again."""
        h, d = self.hands, self.hands.driver
        d.step("picture")
        viewer = h.bench.viewer
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        h.picture_of("picture-veiled")
        d.key(Qt.Key.Key_3)
        h.wait_level(Level.DRAWING)
        d.settle(0.3)
        h.picture_of("picture-drawing")
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        d.point(viewer.view, 0.45, 0.4)
        with d.holding(Qt.Key.Key_4):
            h.wait_level(Level.LENS)
            for step in range(6):
                d.point(viewer.view, 0.45 + step * 0.02, 0.4 + step * 0.02)
                d.settle(0.1)
            h.picture_of("picture-lens")
        h.wait_level(Level.BLURRED)
        d.key(Qt.Key.Key_5)
        h.wait_level(Level.CLEAR)
        d.settle(0.3)
        h.picture_of("picture-clear")
        d.wait_until(lambda: viewer.current_level is Level.BLURRED, "the picture to veil itself", timeout_s=6.0)
        h.picture_of("picture-veiled-again")
        h.answer(Qt.Key.Key_O, severity=Qt.Key.Key_2, action=Qt.Key.Key_V)
        h.decide()

    def _screen_capture(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("screen capture")
        d.key(Qt.Key.Key_2)
        h.wait_level(Level.BLURRED)
        d.settle(0.3)
        h.answer(Qt.Key.Key_K, severity=Qt.Key.Key_1, action=Qt.Key.Key_Z)
        h.decide()

    def _chat(self) -> None:
        """A chat, line by line; then it and the next are passed on, which needs no reason."""
        self.hands.driver.step("a chat")
        self._show_kind()
        self.hands.pass_on()
        self.hands.pass_on()

    def _large_picture_and_panic(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("panic key")
        d.settle(0.5)
        h.picture_of("next-item-veiled")
        self.together.colleagues()
        d.key(Qt.Key.Key_W)
        d.write("half a sentence that must not be lo")
        d.key(Qt.Key.Key_Escape)
        cover = h.frame.cover
        d.wait_until(lambda: h.frame.pages.currentWidget() is cover, "everything to be hidden")
        h.picture_of("hidden")
        d.key(Qt.Key.Key_Return)
        h.wait_open("the item to come back")
        d.settle(0.4)
        draft = h.bench.decision.draft
        if draft is None or not draft.rationale.endswith("must not be lo"):
            raise TourFailed("The draft did not survive the panic key.")
        h.picture_of("back-with-draft")
        h.answer(Qt.Key.Key_K, severity=Qt.Key.Key_2, action=Qt.Key.Key_X)
        h.decide()

    def _rest_of_the_queue(self) -> None:
        """Everything else, quickly; some is reported. What cannot be opened is decided from its facts."""
        h, d = self.hands, self.hands.driver
        d.step("the rest of the queue")
        damaged_seen = False
        while h.bench.flow.state is not DeskState.EMPTY:
            item = h.bench.flow.item
            if item is not None and item.trouble is not None and not damaged_seen:
                d.settle(0.2)
                h.picture_of("damaged-item")
                damaged_seen = True
            d.settle(0.15)
            self._show_kind()
            if item is not None and item.entry.item.harm_type == REPORTED:
                why = "As the user who reported it says"
                h.answer(Qt.Key.Key_K, severity=Qt.Key.Key_3, action=Qt.Key.Key_R, why=why, age=Qt.Key.Key_6)
                h.decide(typing=True)
            else:
                h.answer(Qt.Key.Key_K, severity=Qt.Key.Key_1, action=Qt.Key.Key_Z)
                h.decide()
        if not damaged_seen:
            raise TourFailed("No damaged item came up.")
        d.wait_until(lambda: h.done, "the last item to leave the queue")
        d.settle(1.2)
        h.picture_of("queue-done")

    def _show_kind(self) -> None:
        item = self.hands.bench.flow.item
        if item is not None:
            self.kinds.show(item)

    def _undo(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("undo")
        d.key(Qt.Key.Key_U)
        d.wait_until(lambda: h.idle and h.bench.queue.model.rowCount() > 0, "the item to come back")
        d.settle(0.3)
        h.picture_of("undone")
        h.take()
        h.answer(Qt.Key.Key_K, severity=Qt.Key.Key_1, action=Qt.Key.Key_Z)
        h.decide()

    def _keys_and_posture(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("keys and posture")
        d.key(Qt.Key.Key_F1)
        d.settle(0.3)
        h.picture_of("keys")
        d.key(Qt.Key.Key_F1)
        d.key(Qt.Key.Key_F2)
        d.settle(1.0)
        h.picture_of("posture")
        d.key(Qt.Key.Key_F2)

    def _lock_and_unlock(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("lock")
        d.key(Qt.Key.Key_L, CTRL)
        d.wait_until(lambda: h.shown.frame is None, "the lock")
        d.settle(0.2)
        h.picture_of("locked")
        h.unlock()

    def _synced(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("sync")
        d.wait_until(lambda: d.says(h.shown, "All decisions synced"), "the sync", timeout_s=30.0)
        h.picture_of("synced")

    def handing_off(self) -> None:
        self.handing.shift()

    def others(self) -> None:
        self.together.disagreement()

    def my_data(self) -> None:
        my_data(self.hands)

    def supervision(self) -> None:
        h, d = self.hands, self.hands.driver
        d.step("supervisor")
        h.close_window()
        h.open_window(SUPERVISOR)
        h.unlock()
        page = h.shown.frame.home if h.shown.frame is not None else None
        if not isinstance(page, SupervisorPage):
            raise TourFailed("The supervisor has no view of the team.")
        d.wait_until(lambda: len(page.heat_map.table.rows) > 1, "the team's figures")
        d.settle(1.0)
        h.picture_of("supervisor")
        d.key(Qt.Key.Key_R)
        d.wait_until(lambda: bool(page.relief.opened), "the choice of relief")
        d.settle(0.3)
        h.picture_of("supervisor-relief")
        d.key(Qt.Key.Key_O)
        d.wait_until(lambda: d.says(h.shown, "Done: they see your offer"), "the offer")
        d.key(Qt.Key.Key_4)
        d.wait_until(lambda: page.heat_map.table.weekly, "the year")
        d.settle(0.5)
        h.picture_of("supervisor-year")
