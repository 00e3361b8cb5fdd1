"""At any scale what stands at the sides of the desk stands beside each other, inside the window."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from whole_window import a_page, a_window

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("page", ["empty", "desk_image"])
def test_the_case_is_shown_whole_over_any_desk(qtbot: QtBot, qapp: QApplication, page: str, scale: float) -> None:
    with a_window(qtbot, qapp, a_page(page), scale=scale) as person:
        person.go_to(page)
        person.press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
        person.settle()
        bench = person.bench
        assert bench.case.isVisible()
        shown = [side for side in (bench.queue, bench.case, bench.decision) if side.isVisible()]
        assert all(side.geometry().right() < bench.width() for side in shown)
        edges = sorted((side.geometry().left(), side.geometry().right()) for side in [*shown, bench._stage])
        assert all(right < left for (_, right), (left, _) in itertools.pairwise(edges))
        person.press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
        person.settle()
        assert bench.case.isHidden()
        assert bench.decision.isVisible()
