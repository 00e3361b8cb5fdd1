"""From a decoder's planes to pictures: brightness straight from the first plane, colour through the fast scaler."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from reviewer.media.worker.pictures import Picture, u8

_FULL_RANGE = 2  # AVCOL_RANGE_JPEG
_PLANAR = ("yuv4", "yuvj4", "yuva4", "nv12", "nv21", "p010", "gray")
_ROWS_KEPT = 3  # rows read for each row of a quick result: enough under a blur

# Video range (16 to 235) to full range.
_STRETCH = u8(np.clip((np.arange(256) - 16.0) * 255.0 / 219.0 + 0.5, 0, 255))


def luma(frame: VideoFrame, width: int, height: int, *, quick: bool = False) -> Picture:
    """The whole frame in grey at `width` x `height`, full range. `quick` skips rows and averages the rest."""
    name = frame.format.name
    if not name.startswith(_PLANAR) or name.endswith("be"):
        return u8(_plane(frame.reformat(width=width, height=height, format="gray", interpolation="AREA")))
    picture = _plane(frame)
    if quick:
        picture = picture[:: max(1, picture.shape[0] // (height * _ROWS_KEPT))]
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    if small.dtype != np.uint8:
        shift = 8 if name.startswith("p010") else frame.format.components[0].bits - 8
        small = u8(np.right_shift(small, shift))
    if name.startswith(("yuvj", "gray")) or int(frame.color_range) == _FULL_RANGE:
        return u8(small)
    return u8(cv2.LUT(small, _STRETCH))


class Scaler:
    """Colour conversion with one scaling context kept for all frames: making one costs as much as using it."""

    def __init__(self) -> None:
        self._moving = VideoReformatter()
        self._still = VideoReformatter()

    def bgr(self, frame: VideoFrame) -> Picture:
        """BGR at the frame's own size."""
        size = frame.width, frame.height
        return u8(self._still.reformat(frame, *size, "bgr24", interpolation="BICUBIC").to_ndarray())

    def bgrx(self, frame: VideoFrame, width: int, height: int) -> Picture:
        small = self._moving.reformat(frame, width, height, "bgra", interpolation="FAST_BILINEAR")
        return u8(np.frombuffer(memoryview(small.planes[0]), np.uint8).reshape(height, -1, 4)[:, :width])


def _plane(frame: VideoFrame) -> Picture:
    """The first plane, without a copy; uint16 where a sample has more than 8 bits."""
    plane = frame.planes[0]
    deep = frame.format.components[0].bits > 8
    kind: type[np.generic] = np.uint16 if deep else np.uint8
    rows = np.frombuffer(memoryview(plane), kind).reshape(-1, plane.line_size // (2 if deep else 1))
    return rows[: frame.height, : frame.width]
