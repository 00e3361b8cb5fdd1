"""Still pictures: JPEG and most others through OpenCV, the rest through Pillow. Upright always."""

from __future__ import annotations

import warnings

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.failures import damaged, too_large, unsupported
from reviewer.media.worker.orient import turned_sides, upright
from reviewer.media.worker.source import RangeSource

MAX_PIXELS = 210_000_000
MAX_FILE_BYTES = 512 << 20
_PILLOW_FIRST = (Format.GIF, Format.ICO, Format.HEIC, Format.AVIF, Format.JP2)
_REDUCED = {
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
}

# We compare sizes ourselves before loading; Pillow's own guard is the second fence.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
pillow_heif.register_heif_opener()
Image.init()


class ImageItem:
    """One still picture. The compressed bytes are read once; the decoded picture is kept for later reveals."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        if source.size > MAX_FILE_BYTES:
            raise too_large()
        self._source = source
        self._form = form
        self._data: NDArray[np.uint8] | None = None
        self._full: NDArray[np.uint8] | None = None
        self._width = self._height = -1
        self._orientation = 1
        self._pages = -1
        self._mode = ""
        self._read_header()

    def facts(self) -> Facts:
        width, height = turned_sides(self._width, self._height, self._orientation)
        return Facts(int(self._form), width, height, -1.0, self._pages, False, self._orientation, True)

    def grey(self, long_side: int, at_s: float) -> NDArray[np.uint8]:
        """A grey picture with at least twice `long_side`, or all there is: the cheapest decode that serves."""
        if self._full is None and self._form is Format.JPEG and self._mode in ("L", "RGB"):
            for factor, flag in _REDUCED.items():
                if max(self._width, self._height) // factor >= 2 * long_side:
                    small = self._imdecode(flag | cv2.IMREAD_IGNORE_ORIENTATION)
                    return upright(small, self._orientation)
        full = self.colour(at_s)
        share = 4 * long_side / max(full.shape[:2])
        if share < 1.0:
            full = np.asarray(cv2.resize(full, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
        return np.asarray(cv2.cvtColor(full, cv2.COLOR_BGR2GRAY), np.uint8)

    def colour(self, at_s: float) -> NDArray[np.uint8]:
        """The whole picture, upright, BGR. Decoded once."""
        if self._full is None:
            if self._width > 0 and self._width * self._height > MAX_PIXELS:
                raise too_large()
            decoded = self._by_pillow() if self._prefers_pillow() else self._by_opencv()
            self._full = upright(decoded, self._orientation)
        return self._full

    def time_of(self, at_s: float) -> float:
        return -1.0

    def _prefers_pillow(self) -> bool:
        return self._form in _PILLOW_FIRST or self._mode not in ("L", "RGB", "I;16", "I;16B", "")

    def _read_header(self) -> None:
        try:
            with Image.open(self._source) as header:
                self._width, self._height = header.size
                self._mode = header.mode
                self._orientation = _orientation(header)
                if self._form is Format.TIFF:
                    self._pages = int(getattr(header, "n_frames", 1))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise too_large() from None
        except OSError as error:
            if error.errno is None:
                return  # Pillow does not know it; OpenCV may
            raise
        except (ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError):
            return
        if self._width * self._height > MAX_PIXELS:
            raise too_large()

    def _bytes(self) -> NDArray[np.uint8]:
        if self._data is None:
            self._data = np.frombuffer(self._source.read_all(), np.uint8)
        return self._data

    def _imdecode(self, flags: int) -> NDArray[np.uint8]:
        try:
            decoded = cv2.imdecode(self._bytes(), flags)
        except cv2.error:
            raise damaged() from None
        if decoded is None or decoded.size == 0:
            raise damaged()
        return np.asarray(decoded, np.uint8)

    def _by_opencv(self) -> NDArray[np.uint8]:
        return self._imdecode(cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)

    def _by_pillow(self) -> NDArray[np.uint8]:
        self._source.seek(0)
        try:
            with Image.open(self._source) as picture:
                plain = _flattened(picture)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise too_large() from None
        except Image.UnidentifiedImageError:
            raise (damaged() if self._form is not Format.OTHER else unsupported()) from None
        except (ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, RuntimeError):
            raise damaged() from None
        return np.asarray(cv2.cvtColor(np.asarray(plain), cv2.COLOR_RGB2BGR), np.uint8)


def _flattened(picture: Image.Image) -> Image.Image:
    """RGB without transparency: what lies under it is laid on mid grey, so that neither black nor white hides."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        ground = Image.new("RGBA", over.size, (128, 128, 128, 255))
        return Image.alpha_composite(ground, over).convert("RGB")
    return picture.convert("RGB")


def _orientation(picture: Image.Image) -> int:
    # HEIC and AVIF turn by their own boxes, which the decoders apply; their EXIF tag is then only a record.
    if picture.format in ("HEIF", "AVIF"):
        return 1
    value = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
