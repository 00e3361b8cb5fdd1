"""Brightness straight from a decoder's first plane: what the grey veils need of a video frame, and no more."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame

from reviewer.media.worker.pictures import Picture, u8

_FULL_RANGE = 2  # AVCOL_RANGE_JPEG
_PLANAR = ("yuv4", "yuvj4", "yuva4", "nv12", "nv21", "p010", "gray")


def luma(frame: VideoFrame, long_side: int) -> Picture:
    """Grey at `long_side` or all there is, area-averaged, stretched from video range (16 to 235) to full range."""
    name = frame.format.name
    share = min(1.0, long_side / max(frame.width, frame.height))
    size = max(1, round(frame.width * share)), max(1, round(frame.height * share))
    if not name.startswith(_PLANAR) or name.endswith("be"):
        return _plane(frame.reformat(width=size[0], height=size[1], format="gray", interpolation="AREA"))
    picture = _plane(frame)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    if small.dtype != np.uint8:
        shift = 8 if name.startswith("p010") else frame.format.components[0].bits - 8
        small = u8(np.right_shift(small, shift))
    if name.startswith(("yuvj", "gray")) or int(frame.color_range) == _FULL_RANGE:
        return u8(small)
    return u8(cv2.LUT(small, _STRETCH))


_STRETCH = u8(np.clip((np.arange(256) - 16.0) * 255.0 / 219.0 + 0.5, 0, 255))


def bgr(frame: VideoFrame, width: int, height: int) -> Picture:
    return u8(frame.to_ndarray(format="bgr24", width=width, height=height))


def _plane(frame: VideoFrame) -> Picture:
    plane = frame.planes[0]
    deep = frame.format.components[0].bits > 8
    kind: type[np.generic] = np.uint16 if deep else np.uint8
    rows = np.frombuffer(memoryview(plane), kind).reshape(-1, plane.line_size // (2 if deep else 1))
    return rows[: frame.height, : frame.width]
