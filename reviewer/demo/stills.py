"""Synthetic pictures of more than one frame or page: an animated GIF and a TIFF as scanners write it."""

from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from reviewer.demo.patterns import PALETTES, Pixels, light, polygon, shapes

_COMMENT_TAG = 270  # ImageDescription


def animation(
    rng: np.random.Generator, marker: bytes, *, width: int = 480, height: int = 360, frames: int = 14
) -> bytes:
    """An endless GIF of forms that turn and pass; its comment is the marker."""
    palette = int(rng.integers(len(PALETTES)))
    ground = light(rng, width, height, palette)
    colours = PALETTES[(palette + 2) % len(PALETTES)]
    pictures = [_image(_turned(ground, step / frames, colours)).quantize(64) for step in range(frames)]
    out = BytesIO()
    pictures[0].save(
        out, "GIF", save_all=True, append_images=pictures[1:], duration=120, loop=0, comment=marker, optimize=False
    )
    return out.getvalue()


def scanned_pages(rng: np.random.Generator, marker: bytes, *, pages: int = 3) -> bytes:
    """A TIFF of several upright pages, each another pattern; the marker describes the first."""
    pictures = []
    for _ in range(pages):
        palette = int(rng.integers(len(PALETTES)))
        pictures.append(_image(shapes(light(rng, 900, 1260, palette), rng, palette)))
    out = BytesIO()
    pictures[0].save(
        out,
        "TIFF",
        save_all=True,
        append_images=pictures[1:],
        compression="tiff_adobe_deflate",
        tiffinfo={_COMMENT_TAG: marker.decode("ascii")},
    )
    return out.getvalue()


def _turned(ground: Pixels, t: float, colours: tuple[tuple[float, float, float], ...]) -> Pixels:
    picture = ground.copy()
    height, width = picture.shape[:2]
    middle = (width // 2, height // 2)
    corners = polygon(middle, int(height * 0.36), 5, 2 * np.pi * t)
    cv2.fillPoly(picture, [corners], colours[1], cv2.LINE_AA)
    spot = (int(t * width), height // 3)
    cv2.circle(picture, spot, height // 12, colours[2], -1, cv2.LINE_AA)
    return picture


def _image(picture: Pixels) -> Image.Image:
    return Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
