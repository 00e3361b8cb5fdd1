"""One picture as Pillow holds it, in whatever mode, made into 8 bit grey or BGR without transparency."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from PIL import Image

from reviewer.media.worker.colours import from_cmyk
from reviewer.media.worker.pictures import Picture, u8

_GROUND = 128
_RANGES = (1.0, 255.0, 4095.0, 65535.0)


def flat(picture: Image.Image) -> Picture:
    """Grey (h, w) or BGR (h, w, 3). What is transparent lies on mid grey: neither black nor white can hide in it."""
    mode = picture.mode
    if mode == "F" or mode.startswith("I"):
        return scaled(np.asarray(picture))
    if mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        ground = Image.new("RGBA", over.size, (_GROUND, _GROUND, _GROUND, 255))
        return _bgr(Image.alpha_composite(ground, over).convert("RGB"))
    if mode in ("1", "L"):
        return u8(np.array(picture.convert("L")))
    if mode == "CMYK":
        return _bgr(from_cmyk(picture, picture.info.get("icc_profile")))
    return _bgr(picture.convert("RGB"))


def scaled(values: Any) -> Picture:
    """More than 8 bits a channel, or floating point, on 0 to 255.

    The range is the smallest usual one that holds what is there (1.0, 8, 12 or 16 bits, so that 12 bits kept in 16 are
    not black), else from least to most. What is not a number is black.
    """
    array = np.asarray(values)
    if array.dtype == np.uint8:
        return u8(array)
    if array.dtype.kind == "f":
        array = np.nan_to_num(array.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(array.min()), float(array.max())
    usual = _RANGES if array.dtype.kind == "f" else _RANGES[2:]
    top = next((each for each in usual if high <= each), None)
    if low < 0 or top is None:
        bottom, span = low, max(high - low, 1e-30)
    else:
        bottom, span = 0.0, top
    return u8(cv2.convertScaleAbs(array.astype(np.float32), alpha=255.0 / span, beta=-bottom * 255.0 / span))


def _bgr(rgb: Image.Image) -> Picture:
    return u8(cv2.cvtColor(np.asarray(rgb), cv2.COLOR_RGB2BGR))
