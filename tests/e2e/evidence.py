"""Small pieces of synthetic evidence: abstract patterns through real encoders, and ways of damaging them."""

from __future__ import annotations

import random
from functools import cache

import numpy as np

from reviewer.demo.film import film as make_film
from reviewer.demo.markers import Markers, jpeg_of, mark_jpeg, png_with_marker
from reviewer.demo.patterns import Pixels, grain, light, shapes

_MARKERS = Markers(random.Random("tests"))


def _pattern(seed: int, width: int, height: int) -> Pixels:
    rng = np.random.default_rng(seed)
    return grain(shapes(light(rng, width, height, seed % 5), rng, seed % 5), rng)


@cache
def picture(seed: int = 1, width: int = 1200, height: int = 900) -> bytes:
    return mark_jpeg(jpeg_of(_pattern(seed, width, height)), _MARKERS.next())


@cache
def png(seed: int = 2) -> bytes:
    return png_with_marker(_pattern(seed, 640, 480), _MARKERS.next())


@cache
def film(seconds: float = 6.0) -> bytes:
    rng = np.random.default_rng(3)
    return make_film(rng, width=480, height=270, seconds=seconds, fps=15, scenes=3, marker=_MARKERS.next())


def damaged_picture() -> bytes:
    """A JPEG that ends inside its tables: its type can be told, nothing of it can be shown."""
    whole = picture()
    return whole[: whole.index(b"\xff\xc4") + 12]


def unknown() -> bytes:
    return b"\x00\x13BLOB\x02" + np.random.default_rng(4).bytes(20_000)
