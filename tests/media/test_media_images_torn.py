"""Damaged pictures: what is intact is shown at the level asked for, nothing intact is DAMAGED, and it ends quickly."""

from __future__ import annotations

import contextlib
import io
import zlib

import cv2
import image_samples as pictures
import media_samples as samples
import numpy as np
import pytest
from effort import processor_s
from test_media_images import grey_of

from reviewer.media.broker import Broker
from reviewer.model.errors import DamagedMedia, MediaError, MediaTooLarge

PATTERN = samples.pattern(800, 600)


def _torn(form: str) -> bytes:
    options = {"progressive": {"progressive": True}, "GIF": {"interlace": 0}}.get(form, {})
    data = pictures.saved(pictures.of(PATTERN), "JPEG" if form == "progressive" else form, **options)
    return data[: len(data) // 2]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "TIFF", "CMYK"])
def test_the_intact_half_of_a_torn_picture_is_shown(broker: Broker, form: str) -> None:
    if form == "CMYK":
        whole = pictures.saved(pictures.of(PATTERN).convert("CMYK"), "JPEG")
        data = whole[: len(whole) // 2]
    else:
        data = _torn(form)
    item = broker.open(io.BytesIO(data))
    assert (item.facts.width, item.facts.height) == (800, 600)
    true = cv2.cvtColor(PATTERN, cv2.COLOR_BGR2GRAY).astype(int)
    clear = grey_of(item.clear(max_width=800, max_height=600, grey=True)).astype(int)
    assert np.abs(clear[:200] - true[:200]).mean() < 25
    assert clear[400:].std() < clear[:200].std() / 2
    for seen in (grey_of(item.blurred()), grey_of(item.drawing(max_width=640, max_height=640))):
        rows = len(seen)
        assert seen[: rows // 3].std() > 2 * seen[rows * 3 // 4 :].std()
    item.close()


def test_a_torn_progressive_photograph_is_coarse_and_whole(broker: Broker) -> None:
    item = broker.open(io.BytesIO(_torn("progressive")))
    seen = grey_of(item.clear(max_width=800, max_height=600, grey=True)).astype(int)
    item.close()
    assert np.abs(seen - cv2.cvtColor(PATTERN, cv2.COLOR_BGR2GRAY)).mean() < 25


def test_one_wrong_byte_does_not_hide_a_picture(broker: Broker) -> None:
    for form in ("JPEG", "PNG"):
        data = bytearray(pictures.saved(pictures.of(PATTERN), form))
        data[len(data) * 3 // 4] ^= 0x55
        item = broker.open(io.BytesIO(bytes(data)))
        seen = grey_of(item.clear(max_width=800, max_height=600, grey=True)).astype(int)
        item.close()
        assert np.abs(seen - cv2.cvtColor(PATTERN, cv2.COLOR_BGR2GRAY))[:300].mean() < 5


def test_torn_frames_leave_the_ones_before(broker: Broker) -> None:
    frames = [pictures.of(samples.pattern(200, 150, seed)) for seed in range(6)]
    data = pictures.animation(frames, "GIF", duration=100)
    item = broker.open(io.BytesIO(data[: len(data) * 3 // 4]))
    assert 3 <= (item.facts.pages or 0) <= 6
    first = grey_of(item.clear(max_width=200, max_height=150, grey=True, page=0)).astype(int)
    item.blurred(page=(item.facts.pages or 1) - 1)
    item.close()
    assert np.abs(first - cv2.cvtColor(samples.pattern(200, 150, 0), cv2.COLOR_BGR2GRAY)).mean() < 12


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000", "ICO"])
def test_nothing_intact_is_damaged_and_never_blank(broker: Broker, form: str) -> None:
    picture = pictures.of(samples.pattern(200, 200))
    whole = pictures.saved(picture, form)
    start = {"JPEG": whole.find(b"\xff\xda") + 4, "PNG": 45, "BMP": 54, "TIFF": 200}.get(form, 40)
    zeroes = [] if form in ("BMP", "TIFF", "WEBP") else [bytes(len(whole) - start)]  # there they mean black
    for rest in (b"", *zeroes):
        data = whole[:start] + rest
        item = broker.open(io.BytesIO(data))
        with pytest.raises(MediaError):
            item.blurred()
        with pytest.raises(MediaError):
            item.clear(max_width=100, max_height=100, grey=False)
        item.close()


def _png(width: int, height: int) -> bytes:
    """A picture of so many pixels in few bytes."""
    row = zlib.compress(bytes(min(1 << 20, 1 + width)))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    chunks = pictures.chunk(b"IHDR", head) + pictures.chunk(b"IDAT", row) + pictures.chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("side", [(30_000, 30_000), (1 << 30, 1), (65_535, 65_535)])
def test_bombs_end_quickly_with_a_code(broker: Broker, side: tuple[int, int]) -> None:
    item = broker.open(io.BytesIO(_png(*side)))
    with pytest.raises((MediaTooLarge, DamagedMedia)):
        item.blurred()
    with pytest.raises((MediaTooLarge, DamagedMedia)):
        item.clear(max_width=100, max_height=100, grey=True)
    assert processor_s(item) < 3.0
    item.close()


def test_a_colour_profile_or_text_that_unpacks_for_ever_is_not_unpacked(broker: Broker) -> None:
    plain = pictures.saved(pictures.of(samples.pattern(64, 48)), "PNG")
    bomb = zlib.compress(bytes(96 << 20), 1)
    for kind, content in ((b"iCCP", b"x\x00\x00" + bomb), (b"zTXt", b"x\x00\x00" + bomb)):
        item = broker.open(io.BytesIO(plain[:33] + pictures.chunk(kind, content) + plain[33:]))
        with contextlib.suppress(DamagedMedia, MediaTooLarge):
            item.clear(max_width=100, max_height=100, grey=False)
        assert processor_s(item) < 2.0
        item.close()


def test_mutated_pictures_end_in_a_frame_or_a_code(broker: Broker) -> None:
    rng = np.random.default_rng(20)
    frames = [pictures.of(samples.pattern(96, 64, seed)) for seed in range(3)]
    seeds = [pictures.animation(frames, form, duration=50) for form in ("GIF", "WEBP", "PNG", "AVIF", "TIFF")]
    seeds += [
        pictures.animation(frames, "HEIF"),
        pictures.saved(frames[0], "JPEG", icc_profile=pictures.swapped_profile()),
    ]
    seeds += [pictures.saved(frames[0], form) for form in ("ICO", "JPEG2000", "BMP")]
    for whole in seeds:
        for _ in range(4):
            data = bytearray(whole)
            for at in rng.integers(0, len(data), 6):
                data[at] = rng.integers(0, 256)
            cut = int(rng.integers(len(data) // 2, len(data) + 1))
            with contextlib.suppress(MediaError):  # a frame or a code, never anything else
                item = broker.open(io.BytesIO(bytes(data[:cut])))
                try:
                    for page in range(min(item.facts.pages or 1, 3)):
                        item.blurred(page=page)
                        item.clear(max_width=64, max_height=64, grey=False, page=page)
                finally:
                    item.close()
