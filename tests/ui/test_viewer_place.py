"""Turned and enlarged pictures keep their veil: nothing higher is asked for, and veiling again works in all of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from viewer_fakes import FakeOpenItem, FakeTaken, HandJobs, grey_frame, policy, taken

from reviewer.media.frames import Frame, PixelFormat
from reviewer.model.levels import Level
from reviewer.ui.picture_place import PicturePlace
from reviewer.ui.protected_view import ProtectedView
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

ROOM = QRectF(0, 0, 800, 600)


def show(panel: ViewerPanel, jobs: HandJobs, item: FakeTaken | None = None) -> FakeOpenItem:
    item = item or taken()
    panel.show_item(item, policy(), "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    assert item.opened is not None
    return item.opened


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


# the geometry


@pytest.mark.parametrize("turns", range(4))
def test_every_point_of_a_turned_picture_is_found_again(turns: int) -> None:
    place = PicturePlace(ROOM, 16 / 9, turns)
    rect, size = place.rect(), place.upright_size()
    assert rect.width() / rect.height() == pytest.approx(9 / 16 if turns % 2 else 16 / 9)
    assert ROOM.contains(rect)
    for x, y in ((0.0, 0.0), (0.25, 0.8), (1.0, 0.5)):
        on_screen = place.transform().map(QPointF(x * size.width(), y * size.height()))
        assert place.share_at(on_screen) == (pytest.approx(x), pytest.approx(y))


def test_a_quarter_clockwise_brings_the_left_edge_to_the_top() -> None:
    place = PicturePlace(ROOM, 2.0, 1)
    at = place.transform().map(QPointF(0, place.upright_size().height() / 2))
    assert at.y() == pytest.approx(place.rect().top())
    assert place.direction(1, 0) == (0, -1), "right on the screen is up on the upright picture"


def test_enlarged_it_covers_the_room_and_shows_its_part() -> None:
    whole = PicturePlace(ROOM, 4 / 3).visible()
    assert (whole.x, whole.y, whole.width, whole.height) == (0.0, 0.0, 1.0, 1.0)
    place = PicturePlace(ROOM, 4 / 3, enlargement=4.0, centre=(0.0, 1.0))
    part = place.visible()
    assert (part.width, part.height) == (pytest.approx(0.25), pytest.approx(0.25))
    assert (part.x, part.y) == (pytest.approx(0.0), pytest.approx(0.75)), "the edge stays at the edge"
    quarter = PicturePlace(ROOM, 4 / 3, enlargement=4.0, scale=0.5)
    assert quarter.window().width() == 400, "and what plays keeps to its quarter of the room"


# what is painted


def test_a_turned_frame_is_painted_turned(qtbot: QtBot) -> None:
    view = ProtectedView()
    qtbot.addWidget(view)
    view.resize(400, 400)
    half = bytearray(b"\xf0" * 20 + b"\x10" * 20)  # bright above, dark below
    view.put(Frame(Level.BLURRED, 4, 10, 4, PixelFormat.GREY8, half))

    def brightness(x: int, y: int) -> int:
        return view.grab().toImage().pixelColor(x, y).lightness()

    assert brightness(200, 60) > 150 > brightness(200, 340)
    view.turn(1)
    assert brightness(340, 200) > 150 > brightness(60, 200)
    view.turn(-1)
    view.enlarge(2)
    view.pan(0.0, 1.0)
    assert brightness(200, 10) < 150, "moved down: only the dark half is left"


def test_nothing_is_turned_where_nothing_is_shown(qtbot: QtBot) -> None:
    view = ProtectedView()
    qtbot.addWidget(view)
    view.turn(1)
    view.enlarge(3)
    assert (view.turns, view.enlargement) == (0, 1.0)


# the levels


def change_place(panel: ViewerPanel, jobs: HandJobs, how: str) -> None:
    {
        "turn": lambda: panel.view.turn(1),
        "enlarge": lambda: panel.view.enlarge(3),
        "pan": lambda: (panel.view.enlarge(3), panel.view.pan(0.2, 0.1)),
        "fit": lambda: (panel.view.enlarge(3), panel.view.fit()),
    }[how]()
    jobs.settle()


PLACES = ["turn", "enlarge", "pan", "fit"]


@pytest.mark.parametrize("how", PLACES)
@pytest.mark.parametrize("level", [Level.BLURRED, Level.DRAWING])
def test_no_other_pixel_is_asked_for_at_a_veiled_level(
    panel: ViewerPanel, jobs: HandJobs, how: str, level: Level
) -> None:
    item = show(panel, jobs)
    panel.set_level(level)
    jobs.settle()
    asked = list(item.asked)
    change_place(panel, jobs, how)
    assert item.asked == asked
    assert panel.current_level is level


@pytest.mark.parametrize("how", PLACES)
@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
def test_revealed_it_asks_for_the_same_level_and_veils_again(
    panel: ViewerPanel, jobs: HandJobs, how: str, level: Level
) -> None:
    item = show(panel, jobs)
    panel.set_level(level)
    jobs.settle()
    before = len(item.asked)
    change_place(panel, jobs, how)
    assert set(item.asked[before:]) == {level.name.lower()}
    revealed = [frame for frame in item.made if frame.level is level]
    assert [wiped(frame) for frame in revealed] == [True] * (len(revealed) - 1) + [False]
    panel.reveil()
    assert all(wiped(frame) for frame in revealed)
    assert panel.current_level is Level.BLURRED


def test_enlarged_and_clear_only_the_visible_part_is_asked_for_with_its_pixels(
    panel: ViewerPanel, jobs: HandJobs
) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert item.parts == [None]
    panel.view.enlarge(4)
    jobs.settle()
    part = item.parts[-1]
    assert part is not None
    assert part.width * part.height < 0.2
    whole, seen = item.sizes[0], item.sizes[-1]
    assert seen[0] * seen[1] >= 0.7 * whole[0] * whole[1], "as many pixels as before, for a smaller part"
    room = panel.view.size() * panel.view.devicePixelRatioF()
    assert seen[0] <= room.width() + 1, "and never more than can be seen"
    assert seen[1] <= room.height() + 1


def test_a_drawing_of_an_enlarged_picture_has_no_more_detail(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.DRAWING)
    jobs.settle()
    panel.set_level(Level.BLURRED)
    panel.view.enlarge(5)
    panel.set_level(Level.DRAWING)
    jobs.settle()
    assert item.sizes[0] == item.sizes[-1]
    assert len(item.sizes) == 2


def test_the_next_item_begins_upright_and_whole(panel: ViewerPanel, jobs: HandJobs) -> None:
    before = show(panel, jobs)
    panel.set_level(Level.CLEAR)
    jobs.settle()
    panel.view.turn(1)
    panel.view.enlarge(2)
    jobs.settle()
    asked = before.asked.count("clear")
    show(panel, jobs, taken(first=grey_frame()))
    assert (panel.view.turns, panel.view.enlargement) == (0, 1.0)
    assert before.asked.count("clear") == asked, "nothing of the old item is asked for on the way"


def test_an_enlarged_picture_is_moved_by_dragging_and_says_so(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs)
    panel.view.enlarge(2)
    panel.view.turn(2)
    assert "2× larger" in panel.view._chip
    assert "turned 180°" in panel.view._chip
    panel.view.turn(2)
    before = panel.view.visible()
    middle = panel.view.rect().center()
    QTest.mousePress(panel.view, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(panel.view, middle - QPoint(60, 0))
    QTest.mouseRelease(panel.view, Qt.MouseButton.LeftButton, pos=middle - QPoint(60, 0))
    after = panel.view.visible()
    assert after.x > before.x > 0.0
