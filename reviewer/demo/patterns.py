"""Abstract pictures: soft light, shapes and lines. Nothing in them is or resembles a person, place or thing.

All pictures are BGR, `height x width x 3`, uint8. Large forms carry them, so that they stay calm when blurred, and
crisp edges and a fine grain make the difference between the levels visible.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[Any]
Colour = tuple[float, float, float]

# Blue, green, red; each palette goes from shade to light.
PALETTES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((46, 30, 22), (132, 104, 60), (226, 214, 178)),
    ((38, 26, 44), (112, 78, 150), (206, 196, 232)),
    ((30, 40, 20), (96, 130, 70), (196, 226, 206)),
    ((28, 34, 52), (74, 112, 178), (190, 216, 240)),
    ((44, 40, 36), (128, 122, 116), (232, 230, 226)),
)


def light(rng: np.random.Generator, width: int, height: int, palette: int) -> Pixels:
    """A few soft pools of light on a dark ground, with slower noise underneath."""
    small_w, small_h = max(2, width // 8), max(2, height // 8)
    across = np.linspace(0.0, 1.0, small_w, dtype=np.float32)
    down = np.linspace(0.0, 1.0, small_h, dtype=np.float32)[:, np.newaxis]
    field = 0.12 + 0.16 * _noise(rng, small_w, small_h, 3) + 0.10 * _noise(rng, small_w, small_h, 7)
    for _ in range(4):
        x, y = rng.uniform(0.12, 0.88, 2)
        reach = rng.uniform(0.08, 0.2)
        field += rng.uniform(0.35, 0.9) * np.exp(-((across - x) ** 2 + (down - y) ** 2) / (2 * reach * reach))
    # Where pools meet the light saturates gently instead of turning into one flat white patch.
    coloured = _colour(1.0 - np.exp(-1.1 * field), PALETTES[palette % len(PALETTES)])
    return np.asarray(cv2.resize(coloured, (width, height), interpolation=cv2.INTER_LINEAR))


def shapes(picture: Pixels, rng: np.random.Generator, palette: int, count: int = 7) -> Pixels:
    """Discs, rings, polygons and long curves over the picture, in place."""
    height, width = picture.shape[:2]
    size = min(width, height)
    colours = PALETTES[(palette + 1) % len(PALETTES)]
    for index in range(count):
        centre = (int(rng.uniform(0.1, 0.9) * width), int(rng.uniform(0.1, 0.9) * height))
        reach = int(rng.uniform(0.05, 0.17) * size)
        colour = colours[1 + (index + index // 4) % 2]
        kind = index % 4
        if kind == 0:
            cv2.circle(picture, centre, reach, colour, -1, cv2.LINE_AA)
        elif kind == 1:
            cv2.circle(picture, centre, reach, colour, max(2, reach // 7), cv2.LINE_AA)
        elif kind == 2:
            cv2.fillPoly(picture, [polygon(centre, reach, 3 + index % 4, rng.uniform(0, 6.28))], colour, cv2.LINE_AA)
        else:
            t = np.linspace(0.0, 1.0, 80)
            wave = height * (0.5 + 0.3 * np.sin(2 * np.pi * (t * rng.uniform(0.7, 1.6) + rng.uniform())))
            line = np.stack([t * width, wave], axis=1).astype(np.int32)
            cv2.polylines(picture, [line], False, colour, max(2, size // 180), cv2.LINE_AA)
    return picture


def upward(picture: Pixels, palette: int) -> Pixels:
    """Three chevrons that point up over a dark lower third: whoever sees it knows which way is up."""
    height, width = picture.shape[:2]
    shade, middle, bright = PALETTES[palette % len(PALETTES)]
    cv2.rectangle(picture, (0, height * 2 // 3), (width, height), shade, -1)
    thick = height // 14
    for row, colour in enumerate((bright, middle, bright)):
        tip, wing = height // 9 + row * 2 * thick, height // 9 + width // 4 + row * 2 * thick
        outline = [
            (width // 2, tip),
            (width * 4 // 5, wing),
            (width * 4 // 5, wing + thick),
            (width // 2, tip + thick),
            (width // 5, wing + thick),
            (width // 5, wing),
        ]
        cv2.fillPoly(picture, [np.array(outline, dtype=np.int32)], colour, cv2.LINE_AA)
    return picture


def grain(picture: Pixels, rng: np.random.Generator, strength: int = 5) -> Pixels:
    """Fine grain, tiled from one small patch, so that a large picture compresses to a camera's file size."""
    height, width = picture.shape[:2]
    patch = rng.integers(0, 2 * strength + 1, (256, 256, 1), dtype=np.uint8).repeat(3, axis=2)
    tiled = np.tile(patch, (height // 256 + 1, width // 256 + 1, 1))[:height, :width]
    return np.asarray(cv2.subtract(cv2.add(picture, tiled), np.full_like(tiled, strength)))


def polygon(centre: tuple[int, int], reach: int, corners: int, turn: float) -> Pixels:
    angles = turn + np.arange(corners) * (2 * np.pi / corners)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach + np.array(centre)
    return np.asarray(points.astype(np.int32))


def _noise(rng: np.random.Generator, width: int, height: int, cells: int) -> Pixels:
    """Smooth noise between 0 and 1 with about `cells` forms across."""
    coarse = rng.random((cells + 1, cells + 2), dtype=np.float32)
    return np.asarray(np.clip(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), 0.0, 1.0))


def _colour(field: Pixels, palette: tuple[Colour, Colour, Colour]) -> Pixels:
    """Map 0..1 to the palette's shade, middle and light."""
    table = np.stack(
        [np.interp(np.linspace(0, 1, 256), (0.0, 0.5, 1.0), [c[channel] for c in palette]) for channel in range(3)],
        axis=1,
    ).astype(np.uint8)
    return np.asarray(table[(field * 255.0).astype(np.uint8)])
