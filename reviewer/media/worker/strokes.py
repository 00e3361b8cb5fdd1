"""How the styles of the veils drop detail: mosaic, sketch, flat tones. Grey in, grey of the same size out."""

from __future__ import annotations

import cv2
import numpy as np

from reviewer.media.worker.pictures import Picture, u8

MOSAIC_CELLS = 32
_SKETCH_TONES = 7
_FLAT_TONES = 6
_KUWAHARA = 3


def mosaic(small: Picture) -> Picture:
    """At most `MOSAIC_CELLS` cells along the long side, each one tone: the mean of what it covers."""
    height, width = small.shape
    share = MOSAIC_CELLS / max(height, width)
    if share >= 1.0:
        return small
    cells = max(1, round(width * share)), max(1, round(height * share))
    means = cv2.resize(small, cells, interpolation=cv2.INTER_AREA)
    return u8(cv2.resize(means, (width, height), interpolation=cv2.INTER_NEAREST))


def sketch(small: Picture) -> Picture:
    """Texture is smoothed away, tones are few, outlines are drawn.

    Bilateral smoothing keeps edges; difference of Gaussians draws them (Winnemoeller 2006, without the colour).
    """
    smooth = small
    for _ in range(6):  # six passes over 5 pixels smooth as three over 7 do, in a third of the time
        smooth = u8(cv2.bilateralFilter(smooth, 5, 28, 5))
    tones = np.round(np.arange(256) / 255.0 * (_SKETCH_TONES - 1)) / (_SKETCH_TONES - 1) * 170.0 + 70.0
    flat = cv2.GaussianBlur(cv2.LUT(smooth, tones.astype(np.uint8)), (0, 0), 0.8)
    fine = cv2.GaussianBlur(smooth, (0, 0), 1.0).astype(np.int16)
    coarse = cv2.GaussianBlur(smooth, (0, 0), 1.8).astype(np.int16)
    lines = np.clip((coarse - fine - 1) * 24, 0, 160)
    return u8(np.clip(flat.astype(np.int16) - lines, 0, 255))


def illustration(small: Picture) -> Picture:
    """Flat tones without outlines: Kuwahara smoothing twice at half size, then softly stepped tones.

    The steps (Winnemoeller 2006) are soft because hard ones would turn the faint remains of a texture at a threshold
    into full speckle. Half the size is a quarter of the work, and stepping after enlarging makes the edges crisp again.
    """
    height, width = small.shape
    half = max(1, (width + 1) // 2), max(1, (height + 1) // 2)
    smooth = u8(cv2.resize(small, half, interpolation=cv2.INTER_AREA))
    smooth = kuwahara(kuwahara(smooth, _KUWAHARA), _KUWAHARA)
    smooth = u8(cv2.medianBlur(smooth, 5))
    return u8(cv2.LUT(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), _STEPS))


def kuwahara(grey: Picture, radius: int) -> Picture:
    """Each pixel becomes the mean of the calmest of the four squares it is a corner of (Kuwahara 1976)."""
    padded = cv2.copyMakeBorder(grey, radius, radius, radius, radius, cv2.BORDER_REFLECT_101)
    window = (radius + 1, radius + 1)
    means = cv2.boxFilter(padded, cv2.CV_32F, window, anchor=(0, 0))
    restless = cv2.sqrBoxFilter(padded, cv2.CV_32F, window, anchor=(0, 0)) - means * means
    height, width = grey.shape
    corners = [np.s_[top : top + height, left : left + width] for top in (0, radius) for left in (0, radius)]
    best, least = means[corners[0]].copy(), restless[corners[0]].copy()
    for corner in corners[1:]:
        calmer = restless[corner] < least
        np.copyto(best, means[corner], where=calmer)
        np.copyto(least, restless[corner], where=calmer)
    return u8(np.rint(best))


def _steps() -> Picture:
    width = 255.0 / (_FLAT_TONES - 1)
    tones = np.arange(256, dtype=np.float64)
    border = (np.floor(tones / width) + 0.5) * width
    return u8(np.clip(np.rint(border + width / 2 * np.tanh((tones - border) / width * 7.0)), 0, 255))


_STEPS = _steps()
