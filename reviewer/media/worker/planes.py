"""From a decoder's planes to pictures: brightness straight from the first plane, colour through the fast scaler."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter
from numpy.typing import NDArray

from reviewer.media.worker.pictures import Picture, u8

_FULL_RANGE = 2  # AVCOL_RANGE_JPEG
_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
_HIGH_DEFINITION = 720
_THREE_PLANES = frozenset(
    f"{family}{suffix}"
    for family in ("yuv420p", "yuv422p", "yuv444p", "yuvj420p", "yuvj422p", "yuvj444p")
    for suffix in ("", "10le", "12le")
)
_PLANAR = ("yuv4", "yuvj4", "yuva4", "nv12", "nv21", "p010", "gray")

Plane = NDArray[Any]  # uint8 or uint16

# Video range (16 to 235) to full range.
_STRETCH = u8(np.clip((np.arange(256) - 16.0) * 255.0 / 219.0 + 0.5, 0, 255))


def luma(frame: VideoFrame, width: int, height: int, *, quick: bool = False) -> Picture:
    """The whole frame in grey at `width` x `height`, full range. `quick`: not every pixel weighs quite the same."""
    name = frame.format.name
    if not name.startswith(_PLANAR) or name.endswith("be"):
        return u8(_plane(frame.reformat(width=width, height=height, format="gray", interpolation="AREA")))
    picture = _plane(frame)
    if quick:
        small = shrunk(picture, (width, height))
    else:
        small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    if small.dtype != np.uint8:
        shift = 8 if name.startswith("p010") else frame.format.components[0].bits - 8
        small = u8(np.right_shift(small, shift))
    if name.startswith(("yuvj", "gray")) or int(frame.color_range) == _FULL_RANGE:
        return u8(small)
    return u8(cv2.LUT(small, _STRETCH))


def shrunk(plane: Plane, size: tuple[int, int]) -> Plane:
    """Scaled to (width, height): halved by averaging while that fits, which is all but free, the rest by interpolation.

    What comes out may share memory with `plane`.
    """
    while plane.shape[1] >= 2 * size[0] and plane.shape[0] >= 2 * size[1]:
        half = plane.shape[1] // 2, plane.shape[0] // 2
        plane = np.asarray(cv2.resize(plane[: 2 * half[1], : 2 * half[0]], half, interpolation=cv2.INTER_AREA))
    if (plane.shape[1], plane.shape[0]) == size:
        return plane
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR))


class Scaler:
    """Colour conversion with one scaling context kept for all frames: making one costs as much as using it."""

    def __init__(self) -> None:
        self._moving = VideoReformatter()
        self._still = VideoReformatter()
        self._small: VideoFrame | None = None

    def bgr(self, frame: VideoFrame, width: int, height: int) -> Picture:
        """BGR, with all the detail there is: for stills."""
        matrix = _matrix(frame)
        still = self._still.reformat(
            frame, width, height, "bgr24", src_colorspace=matrix, interpolation="BICUBIC", threads=2
        )
        return u8(still.to_ndarray())

    def bgrx(self, frame: VideoFrame, width: int, height: int) -> Picture:
        """BGRX for moving pictures: the planes are made small first, which is most of the work, then the colours."""
        matrix, small = _matrix(frame), frame
        if frame.format.name in _THREE_PLANES:
            small = self._shrunk(frame, width, height)
        shown = self._moving.reformat(
            small, width, height, "bgra", src_colorspace=matrix, interpolation="FAST_BILINEAR", threads=1
        )
        return u8(np.frombuffer(memoryview(shown.planes[0]), np.uint8).reshape(height, -1, 4)[:, :width])

    def _shrunk(self, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        """The same frame at that size. What comes out is overwritten by the next call."""
        name, small = frame.format.name, self._small
        if small is None or (small.width, small.height, small.format.name) != (width, height, name):
            small = self._small = VideoFrame(width, height, name)
        small.color_range, small.colorspace = frame.color_range, frame.colorspace
        for index in range(len(small.planes)):
            target = _plane(small, index)
            target[:] = shrunk(_plane(frame, index), (target.shape[1], target.shape[0]))
        return small


def _matrix(frame: VideoFrame) -> Colorspace | None:
    """Which mix of colours the planes hold where the frame does not say: as players do, BT.709 from 720 rows up."""
    unsaid = int(frame.colorspace) == _UNSPECIFIED and frame.format.name.startswith("yuv")
    return Colorspace.ITU709 if unsaid and frame.height >= _HIGH_DEFINITION else None


def _plane(frame: VideoFrame, index: int = 0) -> Plane:
    """A plane, without a copy; uint16 where a sample has more than 8 bits."""
    plane = frame.planes[index]
    deep = frame.format.components[0].bits > 8
    kind: type[np.generic] = np.uint16 if deep else np.uint8
    rows = np.frombuffer(memoryview(plane), kind).reshape(-1, plane.line_size // (2 if deep else 1))
    return rows[: plane.height, : plane.width]
