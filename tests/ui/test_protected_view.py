"""The view paints what lies in it and nothing that was wiped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot
from viewer_fakes import colour_frame, grey_frame

from reviewer.media.frames import Frame, PixelFormat, Region
from reviewer.model.levels import Level
from reviewer.ui.frame_image import image_over
from reviewer.ui.lens_path import LensPath
from reviewer.ui.protected_view import ProtectedView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def view(qtbot: QtBot) -> ProtectedView:
    made = ProtectedView()
    qtbot.addWidget(made)
    made.resize(640, 360)
    made.show()
    return made


def brightness(view: ProtectedView, at: QPoint) -> int:
    return view.grab().toImage().pixelColor(at).lightness()


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


def test_an_image_borrows_the_frame_s_bytes() -> None:
    frame = grey_frame()
    image = image_over(frame)
    assert image.pixelColor(100, 50).lightness() > 60
    frame.wipe()
    assert image.pixelColor(100, 50).lightness() == 0


@pytest.mark.parametrize("change", [{"stride": 10}, {"height": 9000}, {"width": 0}, {"width": 161}])
def test_geometry_that_does_not_fit_the_buffer_is_refused_and_wiped(
    view: ProtectedView, change: dict[str, int]
) -> None:
    frame = grey_frame()
    for name, value in change.items():
        setattr(frame, name, value)
    with pytest.raises(ValueError, match="geometry"):
        view.put(frame)
    assert wiped(frame)
    assert view.top_level is Level.FACTS


def test_higher_lies_over_lower_and_dropping_shows_lower_again(view: ProtectedView) -> None:
    middle = QPoint(320, 180)
    blurred = grey_frame()
    view.put(blurred)
    before = brightness(view, middle)
    white = Frame(Level.CLEAR, 2, 2, 8, PixelFormat.BGRX32, bytearray(b"\xff" * 16))
    view.put(white)
    assert brightness(view, middle) > 250
    view.drop_above(Level.BLURRED)
    assert wiped(white)
    assert brightness(view, middle) == before


def on_screen(view: ProtectedView) -> int:
    """What the window's own buffer holds in the middle of the view, without letting anything be painted."""
    pixels = view.screen().grabWindow(view.window().winId()).toImage()
    return pixels.pixelColor(view.mapTo(view.window(), view.rect().center())).lightness()


@pytest.mark.parametrize("again", [lambda view: view.drop_above(Level.BLURRED), lambda view: view.drop_all()])
def test_what_was_wiped_is_painted_over_before_anything_else_happens(
    view: ProtectedView, again: Callable[[ProtectedView], None], qtbot: QtBot
) -> None:
    view.put(Frame(Level.CLEAR, 2, 2, 8, PixelFormat.BGRX32, bytearray(b"\xff" * 16)))
    qtbot.waitUntil(lambda: on_screen(view) > 250)
    again(view)
    assert on_screen(view) < 100


def test_a_replaced_frame_is_wiped(view: ProtectedView) -> None:
    first, second = grey_frame(), grey_frame(shift=10)
    view.put(first)
    view.put(second)
    assert wiped(first)
    assert not wiped(second)
    view.drop_all()
    assert wiped(second)


def test_the_frames_are_wiped_when_the_view_goes(qtbot: QtBot) -> None:
    view = ProtectedView()
    frame = grey_frame()
    view.put(frame)
    view.deleteLater()
    qtbot.waitUntil(lambda: wiped(frame))


def test_a_lens_paints_its_region_only(view: ProtectedView) -> None:
    view.put(Frame(Level.BLURRED, 16, 9, 16, PixelFormat.GREY8, bytearray(b"\x20" * 144)))
    lens = Frame(
        Level.LENS, 4, 4, 16, PixelFormat.BGRX32, bytearray(b"\xff" * 64), region=Region(0.25, 0.25, 0.25, 0.25)
    )
    view.put(lens)
    assert brightness(view, QPoint(240, 135)) > 250
    assert brightness(view, QPoint(400, 250)) < 60


def test_the_shape_of_the_picture_is_kept(view: ProtectedView) -> None:
    view.put(colour_frame(Level.CLEAR, width=90, height=160))
    rect = view.picture_rect()
    assert rect.width() / rect.height() == pytest.approx(90 / 160)
    assert rect.height() == pytest.approx(360)
    view.set_scale(0.5)
    half = view.picture_rect()
    assert half.width() * half.height() == pytest.approx(rect.width() * rect.height() / 4)


def test_pixels_are_asked_for_at_the_screen_s_size(view: ProtectedView) -> None:
    view.put(grey_frame(width=160, height=90))
    assert (view.pixel_size().width(), view.pixel_size().height()) == (640, 360)


@pytest.mark.parametrize("aspect", [1.0, 16 / 9, 9 / 16, 5.0, 0.2])
def test_the_lens_is_square_on_the_screen_and_never_leaves_the_picture(aspect: float) -> None:
    lens = LensPath()
    lens.fit(0.22, aspect)
    for x, y in ((0.0, 0.0), (1.0, 1.0), (0.5, 0.5), (-3.0, 7.0)):
        lens.move_to(x, y)
        region = lens.region
        assert region.x >= 0
        assert region.y >= 0
        assert region.x + region.width <= 1 + 1e-9
        assert region.y + region.height <= 1 + 1e-9
        if region.width < 1 and region.height < 1:
            assert region.width * aspect == pytest.approx(region.height)


def test_arrow_keys_move_the_lens_by_quarters() -> None:
    lens = LensPath()
    lens.fit(0.2, 1.0)
    before = lens.region
    lens.nudge(1, -1)
    assert lens.region.x == pytest.approx(before.x + 0.05)
    assert lens.region.y == pytest.approx(before.y - 0.05)
