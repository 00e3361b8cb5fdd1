"""Depth, palettes, transparency, CMYK and colour profiles: what is shown is what was meant, on 8 bits of sRGB."""

from __future__ import annotations

import io

import cv2
import image_samples as pictures
import media_samples as samples
import numpy as np
import pytest
from PIL import Image
from test_media_images import grey_of

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame, Region


def _bgr(frame: Frame) -> np.ndarray:
    rows = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.stride)
    return rows[:, : frame.width * 4].reshape(frame.height, frame.width, 4)[..., :3].astype(int)


def _shown(broker: Broker, data: bytes, *, grey: bool = False) -> np.ndarray:
    item = broker.open(io.BytesIO(data))
    frame = item.clear(max_width=4000, max_height=4000, grey=grey)
    assert item.blurred().width > 0
    item.close()
    return grey_of(frame).astype(int) if grey else _bgr(frame)


def _ramp(top: float, kind: type) -> np.ndarray:
    return np.linspace(0, top, 256 * 40).reshape(40, 256).astype(kind)


EIGHT = _ramp(255, float)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_16_bits_are_scaled_and_not_cut(broker: Broker, suffix: str) -> None:
    assert np.abs(_shown(broker, samples.image(_ramp(65535, np.uint16), suffix), grey=True) - EIGHT).max() <= 2
    colour = np.dstack(
        [_ramp(65535, np.uint16), _ramp(65535, np.uint16)[:, ::-1], np.full((40, 256), 30000, np.uint16)]
    )
    seen = _shown(broker, samples.image(colour, suffix))
    assert np.abs(seen - colour / 257.0).max() <= 2


def test_12_bits_kept_in_16_are_not_black(broker: Broker) -> None:
    assert np.abs(_shown(broker, samples.image(_ramp(4095, np.uint16), ".png"), grey=True) - EIGHT).max() <= 2


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0])
def test_floating_point_tiff_is_scaled_to_its_usual_range(broker: Broker, top: float) -> None:
    data = pictures.saved(Image.fromarray(_ramp(top, np.float32)), "TIFF")
    assert np.abs(_shown(broker, data, grey=True) - EIGHT).max() <= 2


def test_floating_point_of_any_range_runs_from_least_to_most(broker: Broker) -> None:
    values = _ramp(1.0, np.float32) * 3000.0 - 1500.0
    values[0, 0] = np.nan
    seen = _shown(broker, pictures.saved(Image.fromarray(values), "TIFF"), grey=True)
    assert np.abs(seen[1:] - EIGHT[1:]).max() <= 2


def test_floating_point_colour_tiff(broker: Broker) -> None:
    ramp = _ramp(1.0, np.float32)
    data = samples.image(np.dstack([ramp, ramp[:, ::-1], ramp * 0.5]), ".tiff")
    seen = _shown(broker, data)
    assert np.abs(seen[..., 0] - EIGHT).max() <= 2
    assert np.abs(seen[..., 2] - EIGHT / 2).max() <= 2


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_an_embedded_profile_is_applied_where_it_is_shown_in_colour(broker: Broker, form: str) -> None:
    picture = pictures.flat(320, 240, (200, 60, 20))
    options = {"quality": 95, "subsampling": 0} if form == "JPEG" else {"quality": 95} if form != "PNG" else {}
    item = broker.open(io.BytesIO(pictures.saved(picture, form, icc_profile=pictures.swapped_profile(), **options)))
    whole = _bgr(item.clear(max_width=320, max_height=240, grey=False))
    small = _bgr(item.clear(max_width=64, max_height=64, grey=False))
    lens = _bgr(item.lens(Region(0.4, 0.4, 0.1, 0.1), max_width=50, max_height=50, grey=False))
    grey = grey_of(item.clear(max_width=64, max_height=64, grey=True))
    item.close()
    for seen in (whole, small, lens):
        blue, green, red = seen.reshape(-1, 3).mean(axis=0)
        assert green > 180 > 100 > red > blue, "red and green change places"
    assert 60 < grey.mean() < 140


def test_a_damaged_or_foreign_profile_changes_nothing(broker: Broker) -> None:
    picture = pictures.of(samples.pattern(160, 120))
    plain = _shown(broker, pictures.saved(picture, "PNG"))
    good = pictures.swapped_profile()
    for profile in (good[:200], good[:128] + bytes(len(good) - 128), b"\xff" * 400, b"x"):
        assert np.array_equal(_shown(broker, pictures.saved(picture, "PNG", icc_profile=profile)), plain)


def test_cmyk_photographs_have_their_colours(broker: Broker) -> None:
    for colour in ((200, 60, 20), (20, 180, 60), (30, 40, 190), (240, 240, 240)):
        data = pictures.saved(pictures.flat(640, 480, colour).convert("CMYK"), "JPEG", quality=95)
        seen = _shown(broker, data).reshape(-1, 3).mean(axis=0)[::-1]
        assert np.abs(seen - colour).max() < 12


def test_palettes_bits_and_transparency(broker: Broker) -> None:
    paletted = pictures.flat(80, 60, (200, 60, 20)).convert("P", palette=Image.Palette.ADAPTIVE)
    for form in ("PNG", "GIF", "BMP", "TIFF"):
        assert np.abs(_shown(broker, pictures.saved(paletted, form)) - (20, 60, 200)).max() <= 8
    clear = Image.new("P", (80, 60), 1)
    clear.putpalette([0, 0, 0, 255, 255, 255])
    clear.paste(0, (0, 0, 40, 60))
    for form in ("PNG", "GIF"):
        seen = _shown(broker, pictures.saved(clear, form, transparency=0))
        assert (seen[:, :38] == 128).all(), "what is transparent lies on mid grey"
        assert (seen[:, 42:] == 255).all()
    for form in ("PNG", "TIFF", "BMP", "WEBP"):
        bits = Image.new("1", (80, 60), 1).convert("1" if form != "WEBP" else "L")
        assert (_shown(broker, pictures.saved(bits, form), grey=True) >= 254).all()
    half = Image.new("RGBA", (80, 60), (255, 255, 255, 0))
    for form in ("PNG", "WEBP", "TIFF", "AVIF", "ICO"):
        sized = half.resize((48, 48)) if form == "ICO" else half
        assert np.abs(_shown(broker, pictures.saved(sized, form)) - 128).max() <= 2, form


def test_raw_and_boxed_jpeg_2000(broker: Broker) -> None:
    upright = samples.quarters(640, 480)
    for options in ({}, {"no_jp2": True}, {"num_resolutions": 1}):
        data = pictures.saved(pictures.of(upright), "JPEG2000", irreversible=False, **options)
        item = broker.open(io.BytesIO(data))
        assert (item.facts.format, item.facts.width, item.facts.height) == ("jp2", 640, 480)
        small = grey_of(item.clear(max_width=80, max_height=80, grey=True)).astype(int)
        assert small[10, 10] > 240
        assert np.abs(_bgr(item.clear(max_width=640, max_height=480, grey=False)) - upright).max() <= 1
        item.close()


def test_every_depth_of_bmp(broker: Broker) -> None:
    picture = samples.quarters(160, 120)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    for data in (
        samples.image(picture, ".bmp"),
        samples.image(grey, ".bmp"),
        pictures.saved(pictures.of(picture).convert("P"), "BMP"),
        pictures.saved(pictures.of(picture).convert("RGBA"), "BMP"),
    ):
        seen = _shown(broker, data, grey=True)
        assert seen[30, 40] > 240
        assert 130 < seen[90, 40] < 170
        assert seen[30, 120] < 60
