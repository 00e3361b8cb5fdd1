"""Still pictures through the real broker and a real sealed worker."""

from __future__ import annotations

import hashlib
import io

import cv2
import image_samples as pictures
import media_samples as samples
import numpy as np
import PIL.Image
import pytest
from effort import processor_s

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame, PixelFormat, Region
from reviewer.media.veils import Veils
from reviewer.model.errors import DamagedMedia, MediaTooLarge, UnsupportedFormat
from reviewer.model.levels import Kind, Level


def grey_of(frame: Frame) -> np.ndarray:
    rows = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.stride)
    depth = frame.pixel_format.bytes_per_pixel
    pixels = rows[:, : frame.width * depth].reshape(frame.height, frame.width, depth)
    return pixels[..., 0] if depth == 1 else pixels[..., :3].mean(axis=2)


def test_a_blurred_frame_is_small_and_grey(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(1600, 1200))), veils=Veils(blurred_long_side=120))
    frame = item.blurred()
    item.close()
    assert (frame.level, frame.pixel_format) == (Level.BLURRED, PixelFormat.GREY8)
    assert (frame.width, frame.height) == (120, 90)
    assert len(frame.data) == frame.stride * frame.height


@pytest.mark.parametrize("square", [4, 8, 16, 24])
def test_detail_cannot_be_got_back_from_a_blurred_frame(broker: Broker, square: int) -> None:
    item = broker.open(io.BytesIO(samples.jpeg(samples.checkers(1600, 1200, square))))
    seen = grey_of(item.blurred())
    item.close()
    assert seen.std() < 12, "squares that fine must melt into one grey"


def test_a_lens_returns_its_region_only(broker: Broker) -> None:
    picture = samples.pattern(1000, 800)
    item = broker.open(io.BytesIO(samples.image(picture, ".png")))
    frame = item.lens(Region(0.25, 0.5, 0.2, 0.1), max_width=4000, max_height=4000, grey=False)
    item.close()
    assert frame.region == Region(0.25, 0.5, 0.2, 0.1)
    assert (frame.width, frame.height, frame.pixel_format) == (200, 80, PixelFormat.BGRX32)
    got = np.frombuffer(frame.data, np.uint8).reshape(80, 200, 4)[..., :3]
    assert np.array_equal(got, picture[400:480, 250:450])


def test_clear_fits_the_box_and_grey_stays_grey(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(1600, 1200))))
    clear = item.clear(max_width=640, max_height=640, grey=False)
    grey = item.clear(max_width=640, max_height=640, grey=True)
    drawing = item.drawing(max_width=4000, max_height=4000)
    item.close()
    assert (clear.width, clear.height, clear.pixel_format) == (640, 480, PixelFormat.BGRX32)
    assert (grey.width, grey.height, grey.pixel_format) == (640, 480, PixelFormat.GREY8)
    assert (drawing.width, drawing.height, drawing.pixel_format) == (640, 480, PixelFormat.GREY8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(broker: Broker, orientation: int) -> None:
    upright = samples.quarters(320, 240)
    stored = {
        1: lambda p: p,
        2: lambda p: cv2.flip(p, 1),
        3: lambda p: cv2.rotate(p, cv2.ROTATE_180),
        4: lambda p: cv2.flip(p, 0),
        5: cv2.transpose,
        6: lambda p: cv2.rotate(p, cv2.ROTATE_90_COUNTERCLOCKWISE),
        7: lambda p: cv2.flip(cv2.transpose(p), -1),
        8: lambda p: cv2.rotate(p, cv2.ROTATE_90_CLOCKWISE),
    }[orientation](upright)
    item = broker.open(io.BytesIO(samples.jpeg(stored, orientation)))
    blurred, clear = grey_of(item.blurred()), grey_of(item.clear(max_width=320, max_height=320, grey=False))
    facts = item.facts
    item.close()
    assert (facts.width, facts.height, facts.orientation) == (320, 240, orientation)
    for seen in (blurred, clear):
        rows, columns = seen.shape
        assert seen[rows // 4, columns // 4] > 220
        assert 120 < seen[rows * 3 // 4, columns // 4] < 180
        assert seen[rows // 4, columns * 3 // 4] < 80


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".tiff", ".jp2", ".avif", ".gif"])
def test_formats_open_and_are_known_by_content(broker: Broker, suffix: str) -> None:
    item = broker.open(io.BytesIO(samples.image(samples.pattern(320, 240), suffix)), declared_format="photo.JPG")
    frame, facts = item.blurred(), item.facts
    item.close()
    assert facts.kind is Kind.IMAGE
    assert facts.format == {".jpg": "jpeg"}.get(suffix, suffix[1:])
    assert facts.mismatch == (suffix != ".jpg")
    assert (facts.width, facts.height, frame.width) == (320, 240, 160)


def test_fingerprints_are_of_the_plaintext(broker: Broker) -> None:
    data = samples.jpeg(samples.pattern(800, 600))
    item = broker.open(io.BytesIO(data))
    prints = item.fingerprints()
    item.close()
    assert prints.sha256 == hashlib.sha256(data).hexdigest()
    assert prints.sha1 == hashlib.sha1(data).hexdigest()
    assert prints.md5 == hashlib.md5(data).hexdigest()
    assert prints.pdq is not None
    assert len(prints.pdq) == 64


def test_the_bombs_of_these_tests_are_sound() -> None:
    assert not np.asarray(PIL.Image.open(io.BytesIO(pictures.black_png(300)))).any()


def test_a_bomb_is_refused_before_it_is_unpacked(broker: Broker) -> None:
    item = broker.open(io.BytesIO(pictures.black_png(20_000)))
    for ask in (item.blurred, lambda: item.clear(max_width=100, max_height=100, grey=True)):
        with pytest.raises(MediaTooLarge):
            ask()
    assert processor_s(item) < 1.0, "unpacked as far as memory went: three seconds, and 1.2 GB"
    item.close()


def test_damage_has_a_code_and_the_facts_stay(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(640, 480))[:300] + bytes(40)), declared_format="jpg")
    assert item.facts.format == "jpeg"
    with pytest.raises(DamagedMedia):
        item.blurred()
    assert item.fingerprints().pdq is None
    item.close()


def test_kinds_that_cannot_be_shown_open_at_facts(broker: Broker) -> None:
    for data, kind, form in (
        (samples.wav(1.5), Kind.AUDIO, "wav"),
        ("First line.\nSecond — line.".encode(), Kind.TEXT, "txt"),
        (b"2026-01-02 10:11 A: hello\n2026-01-02 10:12 B: well\n", Kind.CHAT, "chat"),
        (b"PK\x03\x04....", Kind.ARCHIVE, "zip"),
        (bytes(range(256)) * 8, Kind.UNKNOWN, ""),
        (b"", Kind.UNKNOWN, "empty"),
    ):
        item = broker.open(io.BytesIO(data))
        assert (item.facts.kind, item.facts.format, item.viewable) == (kind, form, False)
        with pytest.raises(UnsupportedFormat):
            item.blurred()
        item.close()


def test_a_grey_picture_can_be_shown_in_colour_format(broker: Broker) -> None:
    data = cv2.imencode(".jpg", cv2.cvtColor(samples.pattern(320, 240), cv2.COLOR_BGR2GRAY))[1].tobytes()
    item = broker.open(io.BytesIO(data))
    frame = item.clear(max_width=320, max_height=240, grey=False)
    item.close()
    assert (frame.pixel_format, frame.stride) == (PixelFormat.BGRX32, 1280)


def test_transparent_parts_lie_on_grey(broker: Broker) -> None:
    hidden = np.zeros((60, 80, 4), np.uint8)
    item = broker.open(io.BytesIO(samples.image(hidden, ".png")))
    frame = item.clear(max_width=80, max_height=60, grey=True)
    item.close()
    assert frame.data[0] == 128
