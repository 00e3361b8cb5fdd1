"""Orientation in every format that carries one: the same pattern comes out upright at every level."""

from __future__ import annotations

import io

import image_samples as pictures
import media_samples as samples
import numpy as np
import pytest
from PIL import Image
from sampling import each_once
from test_media_images import grey_of

from reviewer.media.broker import Broker
from reviewer.media.frames import Region
from reviewer.media.opened import OpenedItem

WIDTH, HEIGHT = 320, 240


def _corners(seen: np.ndarray) -> tuple[float, float, float, float]:
    rows, columns = seen.shape
    top, bottom, left, right = rows // 4, rows * 3 // 4, columns // 4, columns * 3 // 4
    return tuple(float(seen[y, x]) for y in (top, bottom) for x in (left, right))  # type: ignore[return-value]


def _is_upright(seen: np.ndarray) -> bool:
    """White top left, grey bottom left, dark on the right, and lying as it should."""
    top_left, top_right, bottom_left, bottom_right = _corners(seen)
    wide = seen.shape[1] > seen.shape[0]
    return wide and top_left > bottom_left + 50 and bottom_left > max(top_right, bottom_right) + 40


def _check(item: OpenedItem, orientation: int) -> None:
    facts = item.facts
    assert (facts.width, facts.height, facts.orientation) == (WIDTH, HEIGHT, orientation)
    assert _is_upright(grey_of(item.blurred()))
    assert _is_upright(grey_of(item.drawing(max_width=640, max_height=640)))
    for grey in (False, True):
        assert _is_upright(grey_of(item.clear(max_width=320, max_height=320, grey=grey)))
    brightness = [
        grey_of(item.lens(Region(x, y, 0.2, 0.2), max_width=200, max_height=200, grey=False)).mean()
        for y in (0.15, 0.65)
        for x in (0.15, 0.65)
    ]
    assert brightness[0] > 220
    assert 120 < brightness[2] < 180
    assert max(brightness[1], brightness[3]) < 70


@each_once(form=["JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIF"], orientation=range(1, 9))
def test_every_orientation_is_upright_at_every_level(broker: Broker, form: str, orientation: int) -> None:
    item = broker.open(io.BytesIO(pictures.turned(samples.quarters(WIDTH, HEIGHT), form, orientation)))
    _check(item, orientation)
    item.close()


def test_a_heic_is_turned_by_its_boxes_and_not_by_its_tag(broker: Broker) -> None:
    exif = Image.Exif()
    exif[274] = 6
    data = pictures.saved(pictures.of(samples.quarters(WIDTH, HEIGHT)), "HEIF", exif=exif, quality=90)
    assert b"irot" not in data
    item = broker.open(io.BytesIO(data))
    _check(item, 1)
    item.close()


@pytest.mark.parametrize("orientation", [3, 5, 6])
def test_an_orientation_behind_the_pixels_counts_too(broker: Broker, orientation: int) -> None:
    item = broker.open(io.BytesIO(pictures.png_with_late_exif(samples.quarters(WIDTH, HEIGHT), orientation)))
    _check(item, orientation)
    item.close()


def test_behind_many_pixels_too_and_facts_do_not_wait_for_them(broker: Broker) -> None:
    upright = samples.quarters(1600, 1200) - samples.grain(1600, 1200) // 8
    data = pictures.png_with_late_exif(upright, 6)
    assert len(data) > 1 << 20
    item = broker.open(io.BytesIO(data))
    assert _is_upright(grey_of(item.blurred()))
    assert _is_upright(grey_of(item.clear(max_width=400, max_height=400, grey=False)))
    item.close()


@pytest.mark.parametrize("orientation", [2, 6, 7])
def test_grey_and_cmyk_photographs_are_turned_too(broker: Broker, orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    stored = pictures.of(pictures.STORED[orientation](samples.quarters(WIDTH, HEIGHT)))
    for mode in ("L", "CMYK"):
        item = broker.open(io.BytesIO(pictures.saved(stored.convert(mode), "JPEG", quality=95, exif=exif)))
        _check(item, orientation)
        item.close()


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_large_photograph_is_turned_when_it_is_decoded_smaller(broker: Broker, orientation: int) -> None:
    upright = samples.quarters(3200, 2400)
    item = broker.open(io.BytesIO(samples.jpeg(pictures.STORED[orientation](upright), orientation)))
    assert _is_upright(grey_of(item.blurred()))
    assert _is_upright(grey_of(item.clear(max_width=400, max_height=400, grey=False)))
    assert _is_upright(grey_of(item.clear(max_width=3200, max_height=3200, grey=True)))
    item.close()
