"""Still and animated pictures: JPEG and most others through OpenCV, the rest through Pillow. Upright always."""

from __future__ import annotations

import warnings
from collections import OrderedDict

import cv2
import numpy as np
from PIL import Image

from reviewer.media.formats import Format
from reviewer.media.protocol import Code, Facts
from reviewer.media.worker import colours
from reviewer.media.worker.failures import Unshowable, damaged, too_large
from reviewer.media.worker.flat import scaled
from reviewer.media.worker.headers import MAX_PIXELS, read_header, with_late_turn
from reviewer.media.worker.orient import upright
from reviewer.media.worker.pages import Pages, blank
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.stillfile import StillFile

MAX_FILE_BYTES = 512 << 20
_KEPT_BYTES = 128 << 20
_PILLOW_FIRST = (Format.GIF, Format.ICO, Format.HEIC, Format.AVIF, Format.JP2, Format.TIFF)
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
_END_OF_JPEG = np.array([0xFF, 0xD9], np.uint8)

# We compare sizes ourselves before loading; Pillow's own guard is the second fence.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


class ImageItem:
    """One picture, its frames or its pages. Decoded ones are kept for later reveals, the latest 128 MiB of them."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        if source.size > MAX_FILE_BYTES:
            raise too_large()
        self._file = StillFile(source)
        self._form = form
        self._header = read_header(self._file, form)
        self._pages = Pages(self._file, form, animated=self._header.timeline is not None)
        self._page = 0
        self._data: Picture | None = None
        self._kept: OrderedDict[int, tuple[Picture, float]] = OrderedDict()
        self._conversion: colours.ToSrgb | None = None
        self._conversion_known = False

    def facts(self) -> Facts:
        header = self._header
        length = header.timeline.length_s if header.timeline is not None else -1.0
        sides = header.width, header.height
        return Facts(int(self._form), *sides, length, header.pages, False, header.orientation, True)

    def turn_to(self, page: int) -> None:
        if page and not 0 <= page < self._header.pages:
            raise damaged()
        self._page = page

    def time_of(self, at_s: float) -> float:
        """When the frame turned to starts in the loop of an animation."""
        timeline = self._header.timeline
        return timeline.starts[self._page] if timeline is not None else -1.0

    def grey(self, long_side: int, at_s: float) -> Picture:
        longest = max(self._header.width, self._header.height)
        if self._page not in self._kept and self._fast_jpeg:
            for factor, flag in _REDUCED_GREY.items():
                if longest // factor >= long_side:
                    return upright(self._imdecode(flag | cv2.IMREAD_IGNORE_ORIENTATION), self._header.turn)
        picture = self.colour(at_s, long_side / longest if longest > 0 else 1.0)
        if max(picture.shape[:2]) > 4 * long_side:
            picture = halved(picture, 2 * long_side)
        return u8(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture)

    def colour(self, at_s: float, share: float) -> Picture:
        """Decoded at a half, quarter or eighth where that serves (JPEG), and kept for the next reveal."""
        kept, kept_share = self._kept.get(self._page, (None, 0.0))
        if kept is None or kept_share < min(share, 1.0):
            factor = next((f for f in _REDUCED_COLOUR if self._reducible and 1.0 / f >= share), 1)
            decoded = self._decoded(factor)  # which may find out how it is turned
            kept = upright(decoded, self._header.turn)
            self._keep(kept, 1.0 / factor)
        else:
            self._kept.move_to_end(self._page)
        return kept

    def in_srgb(self, bgrx: Picture) -> Picture:
        """What is about to be shown, with the picture's embedded colour profile applied."""
        if not self._conversion_known:
            self._conversion = colours.to_srgb(self._header.profile)
            self._conversion_known = True
        return self._conversion(bgrx) if self._conversion is not None else bgrx

    def _keep(self, picture: Picture, share: float) -> None:
        self._kept[self._page] = picture, share
        self._kept.move_to_end(self._page)
        total = sum(each.nbytes for each, _ in self._kept.values())
        while total > _KEPT_BYTES and len(self._kept) > 1:
            total -= self._kept.popitem(last=False)[1][0].nbytes

    @property
    def _reducible(self) -> bool:
        return self._fast_jpeg or (self._form is Format.JPEG and self._header.mode == "CMYK")

    @property
    def _fast_jpeg(self) -> bool:
        return self._form is Format.JPEG and self._header.mode in ("L", "RGB")

    @property
    def _opencv_first(self) -> bool:
        header = self._header
        plain = header.mode in ("L", "RGB", "") and not header.transparent and header.timeline is None
        return plain and (self._form not in _PILLOW_FIRST or not header.mode)

    def _decoded(self, factor: int) -> Picture:
        """By the decoder that suits it; what that finds damaged, by the other one."""
        if self._header.late:
            self._header = with_late_turn(self._header, self._file)
        if not self._opencv_first:
            return self._pages.decoded(self._page, factor)
        try:
            if self._form is Format.TIFF:
                return self._tiff_by_opencv()
            flag = _REDUCED_COLOUR.get(factor, cv2.IMREAD_COLOR)
            return self._imdecode(flag | cv2.IMREAD_IGNORE_ORIENTATION)
        except Unshowable as error:
            if error.code is not Code.DAMAGED or not self._header.mode:
                raise
        return self._pages.decoded(self._page, factor)

    def _imdecode(self, flags: int) -> Picture:
        if self._data is None:
            self._data = self._file.array()
        decoded = _try(self._data, flags)
        if decoded is None and self._form is Format.JPEG:
            # OpenCV gives up where the bytes do. With an end put behind them it shows what there is.
            decoded = _try(np.concatenate([self._data, _END_OF_JPEG]), flags)
            if decoded is not None and blank(decoded):
                decoded = None
        if decoded is None:
            raise damaged()
        return decoded

    def _tiff_by_opencv(self) -> Picture:
        """Kinds of TIFF that Pillow does not know, such as colour in floating point."""
        span = self._page, self._page + 1
        try:
            found, pages = cv2.imdecodemulti(self._file.array(), cv2.IMREAD_UNCHANGED, range=span)
        except cv2.error:
            raise damaged() from None
        if not found or not pages or pages[0].size == 0:
            raise damaged()
        picture = scaled(pages[0])
        return u8(picture[..., :3] if picture.ndim == 3 and picture.shape[2] > 3 else picture)


def _try(data: Picture, flags: int) -> Picture | None:
    try:
        decoded = cv2.imdecode(data, flags)
    except cv2.error as error:
        if "nsufficient memory" in str(error):
            raise too_large() from None
        return None
    return None if decoded is None or decoded.size == 0 else u8(decoded)


def halved(picture: Picture, long_side: int) -> Picture:
    """Averaged down by a whole factor, staying at `long_side` or above: OpenCV has a fast path for these."""
    factor = max(picture.shape[:2]) // max(1, long_side)
    if factor < 2:
        return picture
    size = max(1, picture.shape[1] // factor), max(1, picture.shape[0] // factor)
    exact = picture[: size[1] * factor, : size[0] * factor]
    return u8(cv2.resize(exact if exact.size else picture, size, interpolation=cv2.INTER_AREA))
