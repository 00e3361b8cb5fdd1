"""Turning pictures upright: EXIF orientation 1 to 8, and the quarter turns of a video's display matrix."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def upright(picture: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Undo an EXIF orientation (TIFF 6.0 tag 274)."""
    if orientation == 2:
        return np.asarray(cv2.flip(picture, 1), np.uint8)
    if orientation == 3:
        return np.asarray(cv2.rotate(picture, cv2.ROTATE_180), np.uint8)
    if orientation == 4:
        return np.asarray(cv2.flip(picture, 0), np.uint8)
    if orientation == 5:
        return np.asarray(cv2.transpose(picture), np.uint8)
    if orientation == 6:
        return np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    if orientation == 7:
        return np.asarray(cv2.flip(cv2.transpose(picture), -1), np.uint8)
    if orientation == 8:
        return np.asarray(cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8)
    return picture


def turned_sides(width: int, height: int, orientation: int) -> tuple[int, int]:
    return (height, width) if orientation in (5, 6, 7, 8) else (width, height)


def orientation_of_rotation(counterclockwise_degrees: float) -> int:
    """The EXIF orientation that undoes a display rotation given counter-clockwise, as PyAV's `frame.rotation` is."""
    turns = round(counterclockwise_degrees / 90.0) % 4
    return (1, 8, 3, 6)[turns]
