"""The frames of an animated GIF, each laid on what the ones before it left, as browsers do.

Pillow unpacks each frame alone; composing is done here because it paints over what a frame cleared: with the colour
that the transparent index happens to have, where browsers show nothing.
"""

from __future__ import annotations

import io
import struct
import time

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from reviewer.media.worker.failures import damaged, too_large
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.timelines import GifFrame, gif_end, gif_frames

_GROUND = 128
_MAX_PIXELS = 64_000_000
_CLEARED, _AS_BEFORE = 2, 3


class GifCanvas:
    """Frames in order are quick; going back begins anew."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._frames = gif_frames(data)
        self._palette = _palette(data, 13, data[10])
        self._width, self._height = struct.unpack_from("<HH", data, 6)
        for frame in self._frames[:1]:  # a screen smaller than its first frame is as large as that
            left, top, width, height = struct.unpack_from("<HHHH", data, frame.at + 1)
            self._width, self._height = max(self._width, left + width), max(self._height, top + height)
        if self._width * self._height > _MAX_PIXELS:
            raise too_large()
        self._begin()

    def frame(self, page: int, deadline: float) -> Picture:
        """BGR, what is transparent on mid grey. TOO_LARGE past `deadline`; asking again then goes on from there."""
        if page >= len(self._frames):
            raise damaged()
        if page < self._drawn:
            self._begin()
        while self._drawn < page:
            if time.monotonic() > deadline:
                raise too_large()
            if self._drawn >= 0:
                self._dispose(self._frames[self._drawn])
            self._draw(self._frames[self._drawn + 1])
            self._drawn += 1
        seen = self._canvas[..., 3:] > 0
        return u8(np.where(seen, self._canvas[..., :3], np.uint8(_GROUND)))

    def _begin(self) -> None:
        self._drawn = -1
        self._canvas = np.zeros((self._height, self._width, 4), np.uint8)
        self._before: NDArray[np.uint8] | None = None

    def _draw(self, frame: GifFrame) -> None:
        if frame.disposal == _AS_BEFORE:
            self._before = self._place(frame).copy()
        indices = self._unpacked(frame)
        packed = self._data[frame.at + 9]
        palette = _palette(self._data, frame.at + 10, packed) if packed & 0x80 else self._palette
        place = self._place(frame)
        indices = indices[: place.shape[0], : place.shape[1]]
        drawn = palette[indices]
        if frame.clear < 0:
            place[:] = drawn
        else:
            cv2.copyTo(drawn, u8(indices != frame.clear), place)

    def _dispose(self, frame: GifFrame) -> None:
        if frame.disposal == _CLEARED:
            self._place(frame)[:] = 0
        elif frame.disposal == _AS_BEFORE and self._before is not None:
            self._place(frame)[:] = self._before
        self._before = None

    def _place(self, frame: GifFrame) -> Picture:
        """The part of the canvas that the frame lies on; what hangs over is cut."""
        left, top, width, height = struct.unpack_from("<HHHH", self._data, frame.at + 1)
        return self._canvas[top : top + height, left : left + width]

    def _unpacked(self, frame: GifFrame) -> Picture:
        """Indices into the palette, (height, width), from a GIF of this frame alone."""
        data = self._data
        packed = data[frame.at + 9]
        size = bytes(data[frame.at + 5 : frame.at + 9])
        width, height = struct.unpack("<HH", size)
        if not 0 < width * height <= _MAX_PIXELS:
            raise damaged()
        table = bytes(768)  # any palette that is no grey ramp: only the indices are wanted
        pixels = bytes(data[frame.at + 10 + (3 << (packed & 7) + 1 if packed & 0x80 else 0) : gif_end(data, frame.at)])
        descriptor = b"\x2c\x00\x00\x00\x00" + size + bytes([packed & 0x40])
        alone = b"GIF89a" + size + b"\xf7\x00\x00" + table + descriptor + pixels + b"\x3b"
        with Image.open(io.BytesIO(alone), formats=("GIF",)) as picture:
            picture.load()
            return u8(np.array(picture))


def _palette(data: memoryview, at: int, packed: int) -> Picture:
    """256 colours as BGRA; what the table lacks is black."""
    palette = np.zeros((256, 4), np.uint8)
    palette[:, 3] = 255
    if packed & 0x80:
        table = np.frombuffer(data[at : at + (3 << (packed & 7) + 1)], np.uint8)
        count = len(table) // 3
        palette[:count, :3] = table[: count * 3].reshape(count, 3)[:, ::-1]
    return palette
