"""The waveform and the meter: what they show, say and send."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.media.outlines import SoundOutline
from reviewer.ui import theme
from reviewer.ui.level_meter import LevelMeter
from reviewer.ui.waveform import Waveform

OUTLINE = SoundOutline(100.0, bytes([10] * 50 + [250] * 50), bytes([0] * 50 + [255] * 25 + [0] * 25))


@pytest.fixture
def waveform(qtbot: QtBot) -> Waveform:
    made = Waveform()
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.set_outline(OUTLINE)
    made.show()
    return made


def colours(image: QImage, x: int) -> list[QColor]:
    return [image.pixelColor(x, y) for y in range(image.height())]


def test_loud_is_tall_and_speech_is_marked_where_it_is(waveform: Waveform) -> None:
    image = waveform.grab().toImage()
    edge, blue = theme.colour("edge"), theme.colour("blue")
    quiet, loud = colours(image, 60).count(edge), colours(image, 350).count(edge)
    assert loud > 3 * max(quiet, 1)
    assert quiet >= 4
    assert blue in colours(image, 250)
    assert blue not in colours(image, 100)
    assert blue not in colours(image, 350)


def test_what_was_heard_is_tinted_up_to_the_cursor(waveform: Waveform) -> None:
    waveform.set_position(75.0)
    image = waveform.grab().toImage()
    accent = theme.colour("accent")
    assert colours(image, 250).count(accent) > 50
    assert colours(image, 350).count(accent) <= 2 * theme.px(2)  # the focus ring
    assert colours(image, 300).count(theme.colour("text")) > 50


def test_marks_are_drawn_where_they_belong_and_nowhere_else(waveform: Waveform) -> None:
    waveform.set_marks([25.0, 500.0])
    image = waveform.grab().toImage()
    amber = theme.colour("amber")
    where = {x for x in range(image.width()) if amber in colours(image, x)}
    assert where
    assert all(98 <= x <= 102 for x in where)


def test_a_click_seeks_and_a_drag_seeks_once(waveform: Waveform, qtbot: QtBot) -> None:
    with qtbot.waitSignal(waveform.sought) as click:
        qtbot.mouseClick(waveform, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
    assert click.args == [pytest.approx(25.0, abs=0.5)]
    heard: list[float] = []
    waveform.sought.connect(heard.append)
    qtbot.mousePress(waveform, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
    for x in (150, 200, 300):
        qtbot.mouseMove(waveform, QPoint(x, 50))
    qtbot.mouseRelease(waveform, Qt.MouseButton.LeftButton, pos=QPoint(300, 50))
    assert heard == [pytest.approx(75.0, abs=0.5)]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Left, 35.0),
        (Qt.Key.Key_Right, 45.0),
        (Qt.Key.Key_PageUp, 10.0),
        (Qt.Key.Key_PageDown, 70.0),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 100.0),
    ],
)
def test_keys_seek(waveform: Waveform, qtbot: QtBot, key: Qt.Key, expected: float) -> None:
    waveform.set_position(40.0)
    with qtbot.waitSignal(waveform.sought) as sought:
        qtbot.keyClick(waveform, key)
    assert sought.args == [expected]


def test_keys_stay_within_the_sound(waveform: Waveform, qtbot: QtBot) -> None:
    waveform.set_position(98.0)
    with qtbot.waitSignal(waveform.sought) as sought:
        qtbot.keyClick(waveform, Qt.Key.Key_Right)
    assert sought.args == [100.0]


def test_it_says_where_it_is_and_how_much_is_like_speech(waveform: Waveform) -> None:
    waveform.set_position(62.0)
    assert waveform.accessibleName()
    assert "01:02" in waveform.accessibleDescription()
    assert "01:40" in waveform.accessibleDescription()
    assert "25 %" in waveform.accessibleDescription()


def test_without_an_outline_it_shows_and_seeks_nothing(waveform: Waveform, qtbot: QtBot) -> None:
    waveform.set_marks([10.0])
    waveform.clear()
    heard: list[float] = []
    waveform.sought.connect(heard.append)
    qtbot.mouseClick(waveform, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
    qtbot.keyClick(waveform, Qt.Key.Key_End)
    image = waveform.grab().toImage()
    assert heard == []
    assert waveform.marks == ()
    assert not any(theme.colour("edge") in colours(image, x) for x in range(0, 400, 7))
    assert waveform.outline is None
    waveform.set_outline(SoundOutline(0.0, b"", b""))
    waveform.grab()


def test_empty_and_odd_sizes_can_be_painted(waveform: Waveform) -> None:
    for size in ((1, 1), (80, 48), (3000, 20)):
        waveform.resize(*size)
        waveform.grab()


def test_the_meter_fills_and_turns_near_the_ceiling(qtbot: QtBot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.resize(100, 24)
    meter.set_level(0.5)
    image = meter.grab().toImage()
    accent = [x for x in range(100) if image.pixelColor(x, 12) == theme.colour("accent")]
    assert 45 <= len(accent) <= 51
    meter.set_level(7.0)
    assert meter.level == 1.0
    image = meter.grab().toImage()
    assert image.pixelColor(95, 12) == theme.colour("amber")
    assert "100 %" in meter.accessibleDescription()
    meter.set_level(0.0)
    assert "0 %" in meter.accessibleDescription()


@pytest.mark.parametrize("name", ["dark", "light"])
def test_both_themes(qtbot: QtBot, qapp: QApplication, waveform: Waveform, name: str) -> None:
    theme.apply(qapp, name)
    try:
        assert theme.colour("edge") in colours(waveform.grab().toImage(), 350)
    finally:
        theme.apply(qapp, "dark")
