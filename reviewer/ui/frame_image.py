"""A frame as a QImage over the same bytes: no copy, so that wiping the frame wipes the picture too."""

from __future__ import annotations

from PySide6.QtGui import QImage

from reviewer.media.frames import Frame, PixelFormat

_FORMATS = {
    PixelFormat.GREY8: QImage.Format.Format_Grayscale8,
    PixelFormat.BGRX32: QImage.Format.Format_RGB32,
}


def image_over(frame: Frame) -> QImage:
    """An image that borrows `frame.data`; the caller keeps the frame alive as long as the image.

    ValueError when the geometry does not fit the buffer: Qt would read past its end.
    """
    row = frame.width * frame.pixel_format.bytes_per_pixel
    if frame.width <= 0 or frame.height <= 0 or frame.stride < row or len(frame.data) < frame.stride * frame.height:
        raise ValueError("frame geometry does not fit its buffer")
    return QImage(frame.data, frame.width, frame.height, frame.stride, _FORMATS[frame.pixel_format])
