"""What today's figure counts, and what it may lack, is said where it stands: to the mouse and to a screen reader."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from reviewer.ui.status_bar import StatusBar, counted_words
from reviewer.wellbeing.meter import ExposureFigures

PLAIN = ExposureFigures(
    today_s=3600.0, today_weighted_s=7200.0, since_break_s=0, break_due_in_s=900, daily_cap_s=14400.0, episodes_today=3
)


def test_one_workstation_says_nothing_more() -> None:
    assert counted_words(PLAIN) == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"elsewhere_today_s": 1800.0}, "30 min of it"),
        ({"elsewhere_unheard": True}, "may be missing"),
        ({"ahead_s": 600.0}, "10 min are on a later day"),
    ],
)
def test_what_is_counted_or_may_be_missing(qtbot: QtBot, changed: dict[str, object], said: str) -> None:
    bar = StatusBar("Screen capture is not prevented", capture_safe=False)
    qtbot.addWidget(bar)
    bar.show_exposure(replace(PLAIN, **changed))
    label = bar.findChild(QLabel, "viewingToday")
    assert label is not None
    assert said in label.toolTip()
    assert said in label.accessibleDescription()
    assert "2 h of 4 h" in label.text()
    bar.show_exposure(PLAIN)
    assert (label.toolTip(), label.accessibleDescription()) == ("", "")
