"""A status bar with everything to say, in large letters on a small screen: what is short gives way to nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from whole_window import a_page, a_window

from reviewer.model.preferences import Preferences
from reviewer.ui import theme
from reviewer.ui.ports import SyncState
from reviewer.ui.shrinking_label import ShrinkingLabel
from reviewer.wellbeing.meter import ExposureFigures

A_LONG_DAY = ExposureFigures(
    today_s=9000.0,
    today_weighted_s=13800.0,
    since_break_s=3000,
    break_due_in_s=0,
    daily_cap_s=14400.0,
    episodes_today=9,
)


@pytest.mark.parametrize(("size", "scale"), [((1366, 768), 1.5), ((1366, 768), 2.0), ((1024, 768), 1.0)])
def test_the_longest_words_give_way_and_their_tooltips_say_all(
    size: tuple[int, int], scale: float, qtbot: QtBot, qapp: QApplication
) -> None:
    session = a_page("own")
    session.figures = A_LONG_DAY
    session.sync = SyncState(12, 3, datetime.now(UTC), "It could not be reached.")
    with a_window(qtbot, qapp, session, size=size) as person:
        session.preferred = Preferences(text_scale=scale)
        person.go_to("own")
        qtbot.waitUntil(lambda: theme.current().scale == scale)
        person.settle()
        person.window.grab()
        labels = [label for label in person.frame.status.findChildren(QLabel) if label.isVisible()]
        whole = [label for label in labels if not isinstance(label, ShrinkingLabel)]
        assert len(whole) >= 3
        assert [label.text() for label in whole if label.width() < label.sizeHint().width()] == []
        short = [label for label in labels if label.width() < label.sizeHint().width()]
        assert {label.objectName() for label in short} == {"sync", "screenCapture"}
        assert all(label.text() in label.toolTip() for label in short)
        sync = next(label for label in short if label.objectName() == "sync")
        assert sync.text().startswith("3 parked · interrupted since"), "what needs somebody is said first"
        shown = sync.fontMetrics().elidedText(sync.text(), Qt.TextElideMode.ElideRight, sync.width())
        assert shown.startswith("3 parked")


def test_counting_on_lays_nothing_out_anew(qtbot: QtBot, qapp: QApplication) -> None:
    """The bar was shown and hidden again at every second: for a moment all its neighbours were cut off."""
    session = a_page("own")
    with a_window(qtbot, qapp, session) as person:
        session.preferred = Preferences(text_scale=1.5)
        person.go_to("own")
        qtbot.waitUntil(lambda: theme.current().scale == 1.5)
        person.settle()
        labels = [label for label in person.frame.status.findChildren(QLabel) if label.isVisible()]
        before = [label.width() for label in labels]
        person.frame.status.show_exposure(session.figures)
        assert [label.width() for label in labels] == before
