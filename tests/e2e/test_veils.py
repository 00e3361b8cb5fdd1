"""A veil is less data: until somebody asks for more, small grey frames are all that reaches the window's process."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from evidence import film, picture
from floor import Floor
from shift import Key, Shift

from reviewer.media import opened
from reviewer.media.frames import Frame, PixelFormat
from reviewer.media.protocol import WINDOW_BYTES
from reviewer.model.levels import Level

Begin = Callable[..., Shift]
SIDE = 160


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """Every frame the real broker hands to this process, in order."""
    frames: list[Frame] = []

    def noted(*args: object) -> Frame:
        frames.append(Frame(*args))  # type: ignore[arg-type]
        return frames[-1]

    # The one place where checked pixels become a frame of this process.
    monkeypatch.setattr(opened, "Frame", noted)
    return frames


def is_veiled(frame: Frame) -> bool:
    small = max(frame.width, frame.height) <= SIDE and len(frame.data) <= SIDE * (SIDE + 64)
    return frame.level is Level.BLURRED and frame.pixel_format is PixelFormat.GREY8 and small


def left_in_shared_memory(shift: Shift) -> int:
    """Bytes that are not zero where the worker puts pixels."""
    area = shift.opened._opened._link._area
    return int(np.count_nonzero(np.frombuffer(area._map, np.uint8)[WINDOW_BYTES:]))


def test_before_a_picture_is_revealed(quiet_floor: Floor, begin: Begin, received: list[Frame]) -> None:
    item = quiet_floor.take_in(picture(), harm_type="violence")
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    shift.driver.settle(0.3)
    assert received
    assert all(is_veiled(frame) for frame in received)
    assert left_in_shared_memory(shift) == 0
    shift.level(Key.Key_5, Level.CLEAR)
    (clear,) = [frame for frame in received if not is_veiled(frame)]
    assert clear.level is Level.CLEAR
    assert any(clear.data)
    shift.wait_level(Level.BLURRED)
    assert not any(clear.data)
    assert left_in_shared_memory(shift) == 0


def test_before_a_video_is_revealed(quiet_floor: Floor, begin: Begin, received: list[Frame]) -> None:
    item = quiet_floor.take_in(film(), "mp4", harm_type="violence")
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    shift.driver.key(Key.Key_Space)
    shift.driver.settle(0.8)
    assert len(received) > 5
    assert all(is_veiled(frame) for frame in received)


def test_an_item_that_starts_at_its_facts_gives_no_pixel(
    quiet_floor: Floor, begin: Begin, received: list[Frame]
) -> None:
    item = quiet_floor.take_in(picture(), harm_type="threat_to_life")
    shift = begin()
    shift.take(item)
    shift.driver.settle(0.3)
    assert received == []
    shift.level(Key.Key_2, Level.BLURRED)
    assert all(is_veiled(frame) for frame in received)


def test_hiding_wipes_what_was_received(quiet_floor: Floor, begin: Begin, received: list[Frame]) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.take(item)
    shift.level(Key.Key_5, Level.CLEAR)
    plaintext = shift.opened._plaintext
    shift.driver.key(Key.Key_Escape)
    assert not any(any(frame.data) for frame in received)
    shift.driver.wait_until(lambda: plaintext.closed, "key and decrypted bytes to be wiped")
