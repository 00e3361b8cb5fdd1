"""What a video's display matrix asks for, as an EXIF orientation: quarter turns and mirrorings, however combined."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import cast

from av.buffer import Buffer
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame

_NINE = struct.Struct("=9i")

# Signs of (a, b, c, d), where a pixel at (x, y) belongs at (a x + c y, b x + d y), y downwards.
_ORIENTATIONS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}


def orientation_of(frame: VideoFrame) -> int:
    """1 to 8 (TIFF 6.0 tag 274) from libavutil's display matrix; 1 where there is none or it makes no sense."""
    try:
        matrix = bytes(cast("Mapping[Type, Buffer]", frame.side_data)[Type.DISPLAYMATRIX])
    except KeyError:
        return 1
    if len(matrix) != _NINE.size:
        return 1
    a, b, _, c, d, *_ = _NINE.unpack(matrix)
    upright = abs(a) + abs(d) >= abs(b) + abs(c)
    signs = (_sign(a), 0, 0, _sign(d)) if upright else (0, _sign(b), _sign(c), 0)
    return _ORIENTATIONS.get(signs, 1)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
