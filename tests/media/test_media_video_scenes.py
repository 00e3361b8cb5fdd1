"""The storyboard and the fingerprints of its scenes: what is alike is shown once, what differs is not lost."""

from __future__ import annotations

import io
import time
from functools import cache

import cv2
import media_samples as samples
import numpy as np
import pytest
import video_samples as films
from video_samples import Film

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.media.worker.scenes import Seen
from reviewer.model.errors import UnsupportedFormat
from reviewer.model.levels import Level

FAST = {"preset": "ultrafast"}


def storyboard(broker: Broker, frames: list[np.ndarray], gop: int = 12) -> list[Frame]:
    item = broker.open(io.BytesIO(films.encoded(frames, Film(options=FAST, gop=gop))))
    cells = list(item.storyboard())
    item.close()
    return cells


def noisy(picture: np.ndarray, number: int) -> np.ndarray:
    """The same grain in another place for each `number`: to draw it anew takes longer than anything else here."""
    grain = np.roll(_grain(picture.shape), number * 7919)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


@cache
def _grain(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 6, shape)


@cache
def still_but_for_noise() -> list[np.ndarray]:
    base = samples.pattern(320, 240)
    return [noisy(base, i) for i in range(150)]


@pytest.mark.parametrize("gop", [12, 250])
def test_a_static_film_is_one_cell_noise_or_not(broker: Broker, gop: int) -> None:
    assert len(storyboard(broker, still_but_for_noise(), gop)) == 1


def test_a_hand_that_shakes_makes_no_new_scene(broker: Broker) -> None:
    wide = cv2.resize(samples.pattern(360, 280, 4), (360, 280))
    shakes = np.random.default_rng(5).integers(0, 6, (120, 2))
    assert len(storyboard(broker, [wide[y : y + 240, x : x + 320] for x, y in shakes])) <= 2


def test_a_fade_and_a_lamp_make_few_cells(broker: Broker) -> None:
    base = samples.pattern(320, 240, 2).astype(np.float32)
    faded = [(base * min(1.0, 0.02 + i / 75)).astype(np.uint8) for i in range(75)]
    lit = [np.clip(base * 0.6 + 60, 0, 255).astype(np.uint8)] * 75
    assert len(storyboard(broker, faded + lit)) <= 3


def test_a_slow_pan_makes_several_cells(broker: Broker) -> None:
    cells = storyboard(broker, films.panned(200, 4))
    assert 4 <= len(cells) <= 20
    times = [cell.time_s or 0.0 for cell in cells]
    assert times[-1] - times[0] > 4.0


def test_somebody_who_comes_into_a_still_scene_is_not_left_out(broker: Broker) -> None:
    base = samples.pattern(320, 240, 6)
    visited = base.copy()
    cv2.ellipse(visited, (200, 150), (22, 60), 0, 0, 360, (230, 230, 230), -1)
    cells = storyboard(broker, [base] * 100 + [visited] * 25 + [base] * 75)
    assert len(cells) == 2
    assert 4.0 <= (cells[1].time_s or 0.0) < 5.0


def test_many_short_scenes_fill_every_cell_though_few_key_frames_lie_at_even_times(broker: Broker) -> None:
    scenes = [samples.pattern(320, 240, seed) for seed in range(30)]
    cells = storyboard(broker, [scene for scene in scenes for _ in range(8)], 8)
    assert len(cells) == 20


def test_a_dark_film_is_not_taken_for_blank_and_a_blank_one_has_one_cell(broker: Broker) -> None:
    dark = [(samples.pattern(320, 240, seed) * 0.12).astype(np.uint8) for seed in range(5)]
    assert len(storyboard(broker, [scene for scene in dark for _ in range(25)])) == 5
    assert len(storyboard(broker, [np.full((240, 320, 3), 16, np.uint8)] * 50)) == 1


def test_cells_at_drawing_are_drawn_and_other_levels_are_refused(broker: Broker) -> None:
    frames = [samples.pattern(640, 480, seed) for seed in range(3) for _ in range(20)]
    item = broker.open(io.BytesIO(films.encoded(frames, Film(options=FAST))))
    drawn = list(item.scenes(level=Level.DRAWING))
    with pytest.raises(UnsupportedFormat):
        next(item.scenes(level=Level.CLEAR))
    item.close()
    assert len(drawn) == 3
    assert all((cell.level, cell.width) == (Level.DRAWING, 320) for cell in drawn)
    lightest = [min(cell.data) for cell in drawn]
    assert max(max(cell.data) for cell in drawn) <= 245, "a sketch has its own tones"
    assert all(value < 245 for value in lightest)


def test_the_storyboard_leaves_the_place_of_a_still_alone(broker: Broker) -> None:
    item = broker.open(io.BytesIO(films.counting(100, Film(options=FAST))))
    list(item.scenes())
    frame = item.clear(max_width=320, max_height=240, grey=True, at_s=1.0)
    item.close()
    assert films.number_on(films.grey_of(frame.data, frame.height, frame.stride, frame.width)) == 25


def test_the_budget_is_kept(broker: Broker) -> None:
    item = broker.open(
        io.BytesIO(films.encoded(films.panned(120, 3, width=960, height=540), Film(options=FAST, gop=250)))
    )
    begun = time.monotonic()
    cells = list(item.scenes(budget_s=0.3))
    taken = time.monotonic() - begun
    item.close()
    assert cells
    assert taken < 3.0


def test_a_picture_is_new_once() -> None:
    seen = Seen()
    one, other = (cv2.cvtColor(samples.pattern(320, 240, seed), cv2.COLOR_BGR2GRAY) for seed in (1, 2))
    assert [seen.is_new(picture) for picture in (one, other, one, other)] == [True, True, False, False]
    assert not seen.is_new(np.full((240, 320), 90, np.uint8))


def test_fingerprints_of_a_film_are_those_of_its_scenes_in_order(broker: Broker) -> None:
    scenes = [samples.pattern(640, 480, seed) for seed in range(4)]
    film = Film(options=FAST, gop=20)
    data = films.encoded([scene for scene in scenes for _ in range(20)], film)
    item = broker.open(io.BytesIO(data))
    prints = item.fingerprints()
    item.close()
    assert prints.pdq is None
    assert [round(scene.time_s / 0.8) for scene in prints.scenes] == [0, 1, 2, 3]
    for scene, picture in zip(prints.scenes, scenes, strict=True):
        still = broker.open(io.BytesIO(samples.jpeg(picture)))
        alone = still.fingerprints().pdq
        still.close()
        assert alone is not None
        assert distance(scene.pdq, alone) <= 31


def test_a_copy_in_another_codec_and_size_has_scenes_that_match(broker: Broker) -> None:
    scenes = [samples.pattern(640, 480, seed) for seed in range(3)]
    first = films.encoded([scene for scene in scenes for _ in range(20)], Film(options=FAST, gop=20))
    small = [cv2.resize(scene, (400, 300), interpolation=cv2.INTER_AREA) for scene in scenes for _ in range(20)]
    second = films.encoded(small, Film("mpeg4", "avi"))
    found = []
    for data in (first, second):
        item = broker.open(io.BytesIO(data))
        found.append([scene.pdq for scene in item.fingerprints().scenes])
        item.close()
    assert all(distance(one, other) <= 31 for one, other in zip(*found, strict=True))


def test_a_damaged_film_has_digests_and_no_scenes(broker: Broker) -> None:
    data = films.counting(50, Film(options=FAST))
    item = broker.open(io.BytesIO(data[: len(data) // 2]))
    prints = item.fingerprints()
    item.close()
    assert len(prints.sha256) == 64
    assert prints.scenes == ()


def test_the_first_frame_of_an_animation_is_fingerprinted(broker: Broker) -> None:
    from PIL import Image

    first, second = (Image.fromarray(samples.pattern(320, 240, seed)[:, :, ::-1].copy()) for seed in (1, 2))
    out, alone = io.BytesIO(), io.BytesIO()
    first.save(out, "WEBP", save_all=True, append_images=[second], duration=100, lossless=True)
    first.save(alone, "PNG")
    found = []
    for data in (out, alone):
        item = broker.open(data)
        found.append(item.fingerprints().pdq)
        item.close()
    assert distance(found[0] or "", found[1] or "") <= 10


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
