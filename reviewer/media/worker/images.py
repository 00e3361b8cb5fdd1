"""Still pictures: JPEG and most others through OpenCV, the rest through Pillow. Upright always."""

from __future__ import annotations

import warnings
from typing import IO, cast

import cv2
import numpy as np
import pillow_heif
from PIL import ExifTags, Image, UnidentifiedImageError

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.failures import damaged, too_large, unsupported
from reviewer.media.worker.orient import turned_sides, upright
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.source import RangeSource

MAX_PIXELS = 210_000_000
MAX_FILE_BYTES = 512 << 20
_PILLOW_FIRST = (Format.GIF, Format.ICO, Format.HEIC, Format.AVIF, Format.JP2)
_REDUCED_GREY = {
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
}
_REDUCED_COLOUR = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
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
        self._data: Picture | None = None
        self._kept: Picture | None = None
        self._kept_share = 0.0
        self._width = self._height = -1
        self._orientation = 1
        self._pages = -1
        self._mode = ""
        self._read_header()

    def facts(self) -> Facts:
        width, height = turned_sides(self._width, self._height, self._orientation)
        return Facts(int(self._form), width, height, -1.0, self._pages, False, self._orientation, True)

    def grey(self, long_side: int, at_s: float) -> Picture:
        longest = max(self._width, self._height)
        if self._kept is None and self._reducible:
            for factor, flag in _REDUCED_GREY.items():
                if longest // factor >= long_side:
                    return upright(self._imdecode(flag | cv2.IMREAD_IGNORE_ORIENTATION), self._orientation)
        picture = self.colour(at_s, long_side / longest if longest > 0 else 1.0)
        if max(picture.shape[:2]) > 4 * long_side:
            picture = halved(picture, 2 * long_side)
        return u8(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture)

    def colour(self, at_s: float, share: float) -> Picture:
        """Decoded at a half, quarter or eighth where that serves (JPEG), and kept for the next reveal."""
        if self._kept is None or self._kept_share < min(share, 1.0):
            if self._width > 0 and self._width * self._height > MAX_PIXELS:
                raise too_large()
            factor = next((f for f in _REDUCED_COLOUR if self._reducible and 1.0 / f >= share), 1)
            if factor > 1:
                decoded = self._imdecode(_REDUCED_COLOUR[factor] | cv2.IMREAD_IGNORE_ORIENTATION)
            else:
                decoded = self._by_pillow() if self._prefers_pillow() else self._by_opencv()
            self._kept, self._kept_share = upright(decoded, self._orientation), 1.0 / factor
        return self._kept

    def turn_to(self, page: int) -> None:
        if page:
            raise damaged()

    def time_of(self, at_s: float) -> float:
        return -1.0

    @property
    def _reducible(self) -> bool:
        return self._form is Format.JPEG and self._mode in ("L", "RGB")

    def _prefers_pillow(self) -> bool:
        return self._form in _PILLOW_FIRST or self._mode not in ("L", "RGB", "I;16", "I;16B", "")

    def _read_header(self) -> None:
        try:
            with Image.open(cast(IO[bytes], self._source)) as header:
                self._width, self._height = header.size
                self._mode = header.mode
                if self._width * self._height > MAX_PIXELS:
                    raise too_large()
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

    def _bytes(self) -> Picture:
        if self._data is None:
            self._data = np.frombuffer(self._source.read_all(), np.uint8)
        return self._data

    def _imdecode(self, flags: int) -> Picture:
        try:
            decoded = cv2.imdecode(self._bytes(), flags)
        except cv2.error:
            raise damaged() from None
        if decoded is None or decoded.size == 0:
            raise damaged()
        return u8(decoded)

    def _by_opencv(self) -> Picture:
        return self._imdecode(cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)

    def _by_pillow(self) -> Picture:
        self._source.seek(0)
        try:
            with Image.open(cast(IO[bytes], self._source)) as picture:
                plain = _flattened(picture)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise too_large() from None
        except UnidentifiedImageError:
            raise (damaged() if self._form is not Format.OTHER else unsupported()) from None
        except (ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, RuntimeError):
            raise damaged() from None
        return u8(cv2.cvtColor(np.asarray(plain), cv2.COLOR_RGB2BGR))


def halved(picture: Picture, long_side: int) -> Picture:
    """Averaged down by a whole factor, staying at `long_side` or above: OpenCV has a fast path for these."""
    factor = max(picture.shape[:2]) // max(1, long_side)
    if factor < 2:
        return picture
    size = max(1, picture.shape[1] // factor), max(1, picture.shape[0] // factor)
    exact = picture[: size[1] * factor, : size[0] * factor]
    return u8(cv2.resize(exact if exact.size else picture, size, interpolation=cv2.INTER_AREA))


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
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1  # asking Pillow would decode the whole picture in search of a late chunk
    value = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
