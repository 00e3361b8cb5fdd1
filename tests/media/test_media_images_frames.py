"""Animated and multi-page pictures through the real broker: how many, how long, and each frame as viewers show it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import image_samples as pictures
import media_samples as samples
import numpy as np
import pytest
from effort import processor_s
from test_media_images import grey_of

from reviewer.media.broker import Broker
from reviewer.media.opened import OpenedItem
from reviewer.model.errors import DamagedMedia

SHADES = (20, 70, 120, 170, 220)


def _open(broker: Broker, data: bytes) -> OpenedItem:
    return broker.open(io.BytesIO(data))


def _clear(item: OpenedItem, page: int, side: int = 4000) -> np.ndarray:
    return grey_of(item.clear(max_width=side, max_height=side, grey=True, page=page)).astype(int)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_frames_of_an_animation_are_pages_with_a_time(broker: Broker, form: str) -> None:
    frames = [pictures.flat(96, 64, (shade,) * 3) for shade in SHADES]
    item = _open(broker, pictures.animation(frames, form, duration=[100, 200, 300, 400, 500], loop=0))
    assert (item.facts.pages, item.facts.has_sound) == (5, False)
    assert item.facts.duration_s == pytest.approx(1.5)
    for page in (0, 4, 2, 3, 1):
        blurred = item.blurred(page=page)
        assert blurred.time_s == pytest.approx((0.0, 0.1, 0.3, 0.6, 1.0)[page])
        for seen in (grey_of(blurred), _clear(item, page)):
            assert np.abs(seen - SHADES[page]).max() <= 4
    with pytest.raises(DamagedMedia):
        item.blurred(page=5)
    item.close()


@pytest.mark.parametrize("transparent", [False, True])
def test_frames_lie_on_what_the_ones_before_left(broker: Broker, transparent: bool) -> None:
    full: dict[str, Any] = {"at": (0, 0), "size": (40, 30), "index": 2}
    frames: list[dict[str, Any]] = [
        full,
        {"at": (0, 0), "size": (20, 30), "index": 3, "disposal": 1},  # stays
        {"at": (20, 0), "size": (20, 15), "index": 4, "disposal": 2},  # its place is cleared afterwards
        {"at": (0, 15), "size": (20, 15), "index": 5, "disposal": 3},  # what was there comes back
        {"at": (0, 0), "size": (2, 2), "index": 6, "disposal": 0},
        {"at": (10, 10), "size": (20, 10), "index": 7, "clear": 7},  # nothing but transparency
    ]
    if transparent:
        frames[2]["clear"] = 7
    item = _open(broker, pictures.gif((40, 30), frames))
    # top left, top right, bottom left, bottom right
    quarters = {
        0: (40, 40, 40, 40),
        1: (80, 40, 80, 40),
        2: (80, 120, 80, 40),
        3: (80, 128, 160, 40),  # cleared: transparent, on mid grey
        4: (80, 128, 80, 40),
        5: (80, 128, 80, 40),
    }
    for page in (0, 1, 2, 3, 4, 5, 2, 0, 4):
        seen = _clear(item, page)
        found = seen[7, 8], seen[7, 32], seen[22, 8], seen[22, 32]
        assert found == quarters[page], page
    item.close()


def test_an_animation_with_short_delays_has_the_length_browsers_give_it(broker: Broker) -> None:
    frames = [{"at": (0, 0), "size": (8, 8), "index": i, "delay": delay} for i, delay in enumerate((0, 1, 2, 50))]
    item = _open(broker, pictures.gif((8, 8), frames))
    assert item.facts.duration_s == pytest.approx(0.1 + 0.1 + 0.02 + 0.5)
    item.close()


def test_frames_of_a_gif_have_palettes_interlace_and_places_of_their_own(broker: Broker) -> None:
    stills = [pictures.of(samples.pattern(120, 90, seed)).quantize(64) for seed in range(4)]
    item = _open(broker, pictures.animation(stills, "GIF", interlace=1, optimize=False, disposal=1, duration=60))
    for page in (3, 1, 0, 2):
        frame = item.clear(max_width=120, max_height=90, grey=False, page=page)
        seen = np.frombuffer(frame.data, np.uint8).reshape(90, 120, 4)[..., 2::-1].astype(int)
        assert np.abs(seen - np.asarray(stills[page].convert("RGB"))).mean() < 2
    item.close()
    over = [{"at": (0, 0), "size": (20, 10), "index": 2}, {"at": (15, 5), "size": (20, 10), "index": 1}]
    item = _open(broker, pictures.gif((20, 10), over))
    seen = _clear(item, 1)
    assert (seen.shape, seen[7, 17], seen[2, 17]) == ((10, 20), 255, 40)
    item.close()


def test_a_picture_that_does_not_move_has_neither_frames_nor_length(broker: Broker) -> None:
    for form in ("GIF", "WEBP", "PNG", "AVIF", "HEIF", "JPEG"):
        item = _open(broker, pictures.saved(pictures.of(samples.pattern(64, 48)), form))
        assert (item.facts.pages, item.facts.duration_s) == (None, None), form
        assert item.blurred().time_s is None
        item.close()


def test_pages_of_a_tiff_are_each_their_own_size(broker: Broker) -> None:
    sizes = ((120, 80), (60, 90), (200, 20))
    pages = [pictures.flat(*size, (shade,) * 3) for size, shade in zip(sizes, SHADES, strict=False)]
    item = _open(broker, pictures.animation(pages, "TIFF", compression="tiff_lzw"))
    assert (item.facts.pages, item.facts.width, item.facts.height) == (3, 120, 80)
    for page in (2, 0, 1):
        seen = _clear(item, page)
        assert seen.shape == sizes[page][::-1]
        assert np.abs(seen - SHADES[page]).max() <= 1
        assert np.abs(grey_of(item.drawing(max_width=640, max_height=640, page=page)).std()) < 1
    with pytest.raises(DamagedMedia):
        _clear(item, 3)
    item.close()


@pytest.mark.parametrize("primary", [0, 1, 2])
def test_a_heic_of_several_pictures_opens_at_its_primary(broker: Broker, primary: int) -> None:
    frames = [pictures.flat(96, 64, (shade,) * 3) for shade in SHADES[:3]]
    item = _open(broker, pictures.animation(frames, "HEIF", primary_index=primary, quality=90))
    assert item.facts.pages == 3
    order = [primary, *(i for i in range(3) if i != primary)]
    for page in (0, 2, 1):
        assert np.abs(_clear(item, page) - SHADES[order[page]]).max() <= 4
    item.close()


def test_the_largest_picture_of_an_icon_is_shown(broker: Broker) -> None:
    data = pictures.saved(pictures.of(samples.quarters(256, 256)), "ICO", sizes=[(16, 16), (256, 256), (48, 48)])
    item = _open(broker, data)
    assert (item.facts.width, item.facts.height) == (256, 256)
    assert _clear(item, 0).shape == (256, 256)
    item.close()


def test_the_perceptual_hash_is_of_the_first_frame_whatever_was_looked_at(broker: Broker) -> None:
    frames = [pictures.of(samples.pattern(320, 240, seed)) for seed in (1, 2, 3)]
    still = _open(broker, pictures.saved(frames[0], "WEBP", lossless=True))
    expected = still.fingerprints().pdq
    still.close()
    item = _open(broker, pictures.animation(frames, "WEBP", lossless=True))
    item.blurred(page=2)
    assert item.fingerprints().pdq == expected
    item.close()


def test_a_hundred_thousand_frames_are_two_thousand(broker: Broker) -> None:
    frames = [{"at": (0, 0), "size": (4, 4), "index": i, "delay": 4} for i in range(4)]
    item = _open(broker, pictures.gif((64, 48), frames, count=25_000))
    assert item.facts.pages == 2000
    assert item.facts.duration_s == pytest.approx(80.0)
    item.blurred(page=1999)
    assert processor_s(item) < 8.0
    item.close()


def test_directories_without_end_are_counted_to_two_thousand_and_a_loop_once(broker: Broker) -> None:
    for data, pages in (
        (pictures.tiff_chain(1_000_000), 2000),
        (pictures.tiff_chain(3, loop=True), 3),
        (pictures.tiff_chain(1, loop=True), 1),
    ):
        item = _open(broker, data)
        assert item.facts.pages == pages
        item.blurred(page=pages - 1)
        assert processor_s(item) < 8.0
        item.close()


def test_an_animation_on_a_huge_canvas_is_refused(broker: Broker) -> None:
    frames = [{"at": (0, 0), "size": (4, 4), "index": i} for i in range(3)]
    item = _open(broker, pictures.gif((60_000, 60_000), frames))
    with pytest.raises(Exception, match="M0") as refused:
        item.blurred()
    assert type(refused.value).__name__ == "MediaTooLarge"
    assert processor_s(item) < 2.0
    item.close()


def test_frames_are_kept_only_as_far_as_memory_goes(broker: Broker) -> None:
    """Of frames of 34 MiB three: the worker does not grow with the fourth and fifth."""
    item = _open(broker, pictures.gif((4000, 3000), [{"at": (0, 0), "size": (8, 8), "index": i} for i in range(5)]))
    resident = []
    for page in (0, 1, 2, 3, 4, 0):
        item.blurred(page=page)
        status = Path(f"/proc/{item.worker_pid}/status").read_text()
        resident.append(int(status.split("VmRSS:")[1].split()[0]) >> 10)
    item.close()
    assert resident[1] - resident[0] > 30, "these are what is kept"
    assert resident[-1] - resident[2] < 20, resident
