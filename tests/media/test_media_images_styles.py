"""The styles of BLURRED and DRAWING, through the real broker: which one is used, and how little each lets through."""

from __future__ import annotations

import io

import media_samples as samples
import numpy as np
import pytest
from sampling import each_once
from test_media_images import grey_of

from reviewer.media.broker import Broker
from reviewer.media.protocol import BlurredStyle, DrawingStyle
from reviewer.media.veils import Veils
from reviewer.model.levels import Level

BLURS = list(BlurredStyle)
DRAWINGS = list(DrawingStyle)


def _blurred(broker: Broker, picture: np.ndarray, style: BlurredStyle) -> np.ndarray:
    item = broker.open(io.BytesIO(samples.image(picture, ".png")), veils=Veils(blurred_style=style))
    frame = item.blurred()
    item.close()
    return grey_of(frame).astype(int)


def _drawing(broker: Broker, picture: np.ndarray, style: DrawingStyle) -> np.ndarray:
    item = broker.open(io.BytesIO(samples.image(picture, ".png")), veils=Veils(drawing_style=style))
    frame = item.drawing(max_width=4000, max_height=4000)
    item.close()
    return grey_of(frame).astype(int)


def _two_halves(width: int, height: int) -> np.ndarray:
    picture = np.full((height, width, 3), 70, np.uint8)
    picture[:, width // 2 :] = 180
    return picture


@pytest.mark.parametrize("style", BLURS)
def test_pictures_that_differ_in_fine_detail_only_are_the_same_when_blurred(
    broker: Broker, style: BlurredStyle
) -> None:
    fine = samples.checkers(1600, 1200, 5) // 3 + 60
    first, second = _blurred(broker, fine, style), _blurred(broker, np.roll(fine, 5, axis=1), style)
    assert np.abs(first - second).max() <= 2
    coarse = samples.checkers(1600, 1200, 200) // 3 + 60
    other = _blurred(broker, np.roll(coarse, 200, axis=1), style)
    assert np.abs(_blurred(broker, coarse, style) - other).max() > 50, "coarse shapes must still differ"


def test_a_mosaic_holds_at_most_32_cells_across(broker: Broker) -> None:
    seen = _blurred(broker, samples.grain(1600, 1200), BlurredStyle.PIXELATE)
    assert seen.shape == (120, 160)
    changes = np.count_nonzero(np.diff(seen, axis=1).any(axis=0)), np.count_nonzero(np.diff(seen, axis=0).any(axis=1))
    assert changes[0] <= 31
    assert changes[1] <= 23


def test_the_styles_are_not_the_same(broker: Broker) -> None:
    picture = samples.pattern(1600, 1200)
    assert np.abs(_blurred(broker, picture, BLURS[0]) - _blurred(broker, picture, BLURS[1])).max() > 10
    assert np.abs(_drawing(broker, picture, DRAWINGS[0]) - _drawing(broker, picture, DRAWINGS[1])).mean() > 5


@each_once(level=range(30, 230, 25), style=DRAWINGS)
def test_texture_is_gone_from_a_drawing(broker: Broker, style: DrawingStyle, level: int) -> None:
    noise = np.random.default_rng(level).normal(0, 20, (900, 1200, 1))
    rough = np.clip(level + noise, 0, 255).astype(np.uint8).repeat(3, 2)
    seen = _drawing(broker, rough, style)
    # Tones may meet where a step lies, but no grain is left: neighbours are alike nearly everywhere.
    assert np.abs(np.diff(seen, axis=1)).mean() < 1.0
    assert np.abs(np.diff(seen, axis=0)).mean() < 1.0


@pytest.mark.parametrize("style", DRAWINGS)
def test_shapes_keep_their_edge_in_a_drawing(broker: Broker, style: DrawingStyle) -> None:
    seen = _drawing(broker, _two_halves(1200, 900), style)
    left, right = seen[:, 20:300].mean(), seen[:, 340:620].mean()
    assert right - left > 50
    assert np.abs(np.diff(seen[240, 310:330])).max() > 25


@pytest.mark.parametrize("style", DRAWINGS)
def test_an_illustration_or_sketch_of_a_film_is_as_asked(broker: Broker, style: DrawingStyle) -> None:
    film = samples.video([samples.pattern(640, 480)] * 6)
    veils = Veils(drawing_style=style, blurred_style=BlurredStyle.PIXELATE)
    item = broker.open(io.BytesIO(film), veils=veils)
    still = grey_of(item.drawing(max_width=640, max_height=640)).astype(int)
    playing = item.play(start_s=0.0, level=Level.DRAWING, grey=True, max_width=640, max_height=640)
    played = playing.next()
    board = item.storyboard(cells=4)
    item.close()
    assert played is not None
    assert np.abs(grey_of(played).astype(int) - still).mean() < 3
    assert np.count_nonzero(np.diff(grey_of(board[0]).astype(int), axis=1).any(axis=0)) <= 31
