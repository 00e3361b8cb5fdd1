"""Scenes of the tour with more than one item or more than one person: gallery, colleagues, two who differ."""

from __future__ import annotations

from PySide6.QtCore import Qt

from reviewer.demo.driver import TourFailed
from reviewer.demo.hands import ALT, CTRL, Hands
from reviewer.demo.organisation import REVIEWERS

_KNOWN, _COPIES = 3, 2  # how often G is pressed from "all"


class Together:
    """Each scene begins and ends at the desk with nothing on it, or with what was on it."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def gallery(self) -> None:
        """The known and the copies are decided together; nobody opens one of them."""
        h, d = self._hands, self._hands.driver
        d.step("gallery")
        d.key(Qt.Key.Key_B, CTRL)
        gallery = h.frame.gallery
        if gallery is None or gallery.control is None:
            raise TourFailed("There is no gallery.")
        control = gallery.control
        d.wait_until(lambda: control.model.rowCount() > 0, "the gallery to fill")
        d.wait_until(lambda: control.looking.feed.waiting == 0, "the veiled pictures")
        d.settle(0.4)
        h.picture_of("gallery")
        at = 0
        for group, name in ((_KNOWN, "known"), (_COPIES, "copies")):
            while at != group:
                d.key(Qt.Key.Key_G)
                at = (at + 1) % 4
            d.key(Qt.Key.Key_A, CTRL)
            d.wait_until(lambda: control.model.selected, "a selection")
            d.key(Qt.Key.Key_Return, CTRL)
            d.wait_until(control.page.batch.isVisible, "the form for many")
            d.key(Qt.Key.Key_K)
            d.key(Qt.Key.Key_2, ALT)
            d.key(Qt.Key.Key_F)
            d.key(Qt.Key.Key_X)
            d.wait_until(lambda: control.page.batch.panel.ready, "the decision to be complete")
            h.picture_of(f"gallery-{name}-selected")
            d.key(Qt.Key.Key_Return)
            d.wait_until(lambda: not control.page.batch.running, "the batch", timeout_s=60.0)
            d.wait_until(lambda: not control.model.selected, "everything to be decided")
            d.settle(0.3)
            h.picture_of(f"gallery-{name}-decided")
            d.key(Qt.Key.Key_Q)
        d.key(Qt.Key.Key_B, CTRL)
        d.wait_until(lambda: not gallery.open, "the desk")

    def colleagues(self) -> None:
        """What stands around the case on the desk, and a word with a colleague about it."""
        h, d = self._hands, self._hands.driver
        d.step("colleagues")
        d.key(Qt.Key.Key_C, ALT)
        d.settle(0.8)
        h.picture_of("around-the-case")
        d.key(Qt.Key.Key_C, ALT)
        d.key(Qt.Key.Key_Y)
        d.settle(0.4)
        d.write("Could you read this one as well? I am not sure about the place.")
        d.key(Qt.Key.Key_Return, CTRL)
        d.settle(0.6)
        h.picture_of("talk-to-a-colleague")
        d.key(Qt.Key.Key_C, ALT)
        d.settle(0.2)
        d.key(Qt.Key.Key_C, ALT)
        d.settle(0.3)

    def palette(self) -> None:
        h, d = self._hands, self._hands.driver
        d.step("palette")
        d.key(Qt.Key.Key_K, CTRL)
        d.settle(0.2)
        d.write("veil")
        d.settle(0.2)
        h.picture_of("palette")
        d.key(Qt.Key.Key_K, CTRL)
        d.settle(0.2)

    def disagreement(self) -> None:
        """A second reviewer, who does not know of the first, decides otherwise; a third sees both and settles it."""
        h, d = self._hands, self._hands.driver
        d.step("second reading")
        h.close_window()
        h.open_window(REVIEWERS[1])
        h.unlock()
        d.wait_until(lambda: h.bench.queue.model.rowCount() > 0, "a second reading")
        h.take()
        while (entry := h.bench.flow.entry) is not None and entry.round != 2:
            h.pass_on()  # what the first passed on comes to this one too
        d.settle(0.3)
        h.picture_of("second-reading")
        h.answer(Qt.Key.Key_K, severity=Qt.Key.Key_4, action=Qt.Key.Key_V, why="It names a place")
        h.decide(typing=True)
        self._synced()
        d.step("third reading")
        h.close_window()
        h.open_window(REVIEWERS[2])
        h.unlock()
        d.wait_until(lambda: h.bench.queue.model.rowCount() > 0, "the third reading")
        h.take()
        while (entry := h.bench.flow.entry) is not None and entry.round != 3:
            h.pass_on()
        if entry is None:
            raise TourFailed("The item on which two differ did not come to a third.")
        d.settle(0.3)
        d.key(Qt.Key.Key_F8)
        d.settle(0.8)
        h.picture_of("two-readings-side-by-side")
        d.key(Qt.Key.Key_F8)
        d.wait_until(lambda: h.frame.pages.currentWidget() is h.bench, "the desk")
        h.answer(Qt.Key.Key_K, severity=Qt.Key.Key_4, action=Qt.Key.Key_V, why="The place is named, as the second says")
        h.decide(typing=True)
        self._synced()
        h.picture_of("settled")

    def _synced(self) -> None:
        h, d = self._hands, self._hands.driver
        d.settle(2.0)  # what the window says of sync is a moment old
        d.wait_until(lambda: d.says(h.shown, "All decisions synced"), "the sync", timeout_s=30.0)
