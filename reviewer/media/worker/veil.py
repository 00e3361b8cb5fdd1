"""The veils: pictures made out of less data. What they drop is gone before anything leaves the worker."""

from __future__ import annotations

import cv2

from reviewer.media.protocol import DRAWING_LONG_SIDE, BlurredStyle, DrawingStyle
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.strokes import illustration, mosaic, sketch


def fit(width: int, height: int, max_width: int, max_height: int) -> tuple[int, int]:
    """The largest size of the same shape inside the box, never larger than it is, never under one pixel."""
    share = min(1.0, max_width / width, max_height / height)
    return max(1, round(width * share)), max(1, round(height * share))


def blurred(grey: Picture, long_side: int, style: BlurredStyle = BlurredStyle.BLUR) -> Picture:
    """BLURRED from any grey picture, area-averaged to `long_side` first. Shapes are left, no faces, no text.

    BLUR: Gaussian with sigma long_side / 64 pixels; about 25 pairs of lines across can still be told apart. PIXELATE: a
    mosaic of at most 32 cells across, each the mean of what it covers: 16 pairs of lines. Neither leaves more than the
    other: what a cell or a sigma covers is gone.
    """
    size = fit(grey.shape[1], grey.shape[0], long_side, long_side)
    small = grey if grey.shape == size[::-1] else u8(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    if style is BlurredStyle.PIXELATE:
        return mosaic(small)
    sigma = long_side / 64.0
    return u8(cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def drawing(grey: Picture, max_width: int, max_height: int, style: DrawingStyle = DrawingStyle.SKETCH) -> Picture:
    """DRAWING: a grey picture of at most 640 pixels without texture. SKETCH has outlines, ILLUSTRATION flat tones."""
    box = min(max_width, DRAWING_LONG_SIDE), min(max_height, DRAWING_LONG_SIDE)
    size = fit(grey.shape[1], grey.shape[0], *box)
    small = grey if grey.shape == size[::-1] else u8(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    return illustration(small) if style is DrawingStyle.ILLUSTRATION else sketch(small)


def region(
    picture: Picture, x: float, y: float, width: float, height: float, box: tuple[int, int], grey: bool
) -> Picture:
    """The named share of a BGR or grey picture, scaled down into `box`: BGRX (h, w, 4), or grey (h, w)."""
    rows, columns = picture.shape[:2]
    left, top = min(int(x * columns + 0.5), columns - 1), min(int(y * rows + 0.5), rows - 1)
    right = max(left + 1, min(int((x + width) * columns + 0.5), columns))
    bottom = max(top + 1, min(int((y + height) * rows + 0.5), rows))
    part = picture[top:bottom, left:right]
    if grey and part.ndim == 3:
        part = u8(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY))
    part = shrunk(part, fit(part.shape[1], part.shape[0], *box))
    if grey:
        return part
    return u8(cv2.cvtColor(part, cv2.COLOR_GRAY2BGRA if part.ndim == 2 else cv2.COLOR_BGR2BGRA))


def shrunk(picture: Picture, size: tuple[int, int]) -> Picture:
    """Scaled down to (width, height): halved by averaging while that fits, the rest by interpolation."""
    while picture.shape[1] >= 2 * size[0] and picture.shape[0] >= 2 * size[1]:
        half = picture.shape[1] // 2, picture.shape[0] // 2
        picture = u8(cv2.resize(picture[: 2 * half[1], : 2 * half[0]], half, interpolation=cv2.INTER_AREA))
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    return u8(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


def share_needed(width: int, height: int, part: tuple[float, float], box: tuple[int, int]) -> float:
    """How much of the full resolution `region` needs for a part (shares of the sides) shown in `box`; at most 1.0."""
    if width <= 0 or height <= 0:
        return 1.0
    return min(1.0, box[0] / max(1.0, part[0] * width), box[1] / max(1.0, part[1] * height))
