"""A scene of the tour: what the reviewer of the shift finds about themselves afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from reviewer.demo.driver import TourFailed
from reviewer.demo.hands import Hands
from reviewer.demo.organisation import REVIEWERS
from reviewer.ui.own_lists import ListCard
from reviewer.ui.scrolled import Scrolled

_MOST_TABS = 12


def my_data(hands: Hands) -> None:
    """In a window of its own, after the supervisor's: the supervisor's look is among what is held."""
    h, d = hands, hands.driver
    d.step("my data")
    h.close_window()
    h.open_window(REVIEWERS[0])
    h.unlock()
    d.settle(1.2)
    if h.pausing:
        d.key(Qt.Key.Key_L)
        d.wait_until(lambda: not h.pausing, "the desk after the pause")
    d.key(Qt.Key.Key_F6)
    page = h.frame.asked.own
    # The card's title has the same words: only its lines come from the case system.
    d.wait_until(lambda: any("Supervisor" in line for line in page.looks.words), "the supervisor's look")
    if page.seen.heat_map.isHidden() or not all(card.words for card in page.findChildren(ListCard)):
        raise TourFailed("Something of what is held is not shown.")
    d.settle(0.4)
    h.picture_of("my-data")
    for _ in range(_MOST_TABS):
        if isinstance(QApplication.focusWidget(), Scrolled):
            break
        d.key(Qt.Key.Key_Tab)
    for _ in range(3):
        d.key(Qt.Key.Key_PageDown)
    d.settle(0.3)
    h.picture_of("my-data-below")
    d.key(Qt.Key.Key_F6)
    d.wait_until(lambda: h.frame.pages.currentWidget() is h.bench, "the desk")
