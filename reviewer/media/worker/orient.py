"""Turning pictures upright: EXIF orientation 1 to 8, and the quarter turns of a video's display matrix."""

from __future__ import annotations

import cv2

from reviewer.media.worker.pictures import Picture, u8


def upright(picture: Picture, orientation: int) -> Picture:
    """Undo an EXIF orientation (TIFF 6.0 tag 274)."""
    if orientation == 2:
        return u8(cv2.flip(picture, 1))
    if orientation == 3:
        return u8(cv2.rotate(picture, cv2.ROTATE_180))
    if orientation == 4:
        return u8(cv2.flip(picture, 0))
    if orientation == 5:
        return u8(cv2.transpose(picture))
    if orientation == 6:
        return u8(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE))
    if orientation == 7:
        return u8(cv2.flip(cv2.transpose(picture), -1))
    if orientation == 8:
        return u8(cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE))
    return picture


def turned_sides(width: int, height: int, orientation: int) -> tuple[int, int]:
    return (height, width) if orientation in (5, 6, 7, 8) else (width, height)


def orientation_of_rotation(counterclockwise_degrees: float) -> int:
    """The EXIF orientation that undoes a display rotation given counter-clockwise, as PyAV's `frame.rotation` is."""
    turns = round(counterclockwise_degrees / 90.0) % 4
    return (1, 8, 3, 6)[turns]
