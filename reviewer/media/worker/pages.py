"""Pages and frames through Pillow: each composed as a viewer shows it, damaged ones as far as they go."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from PIL import Image, ImageFile

from reviewer.media.formats import Format
from reviewer.media.worker.failures import damaged, too_large
from reviewer.media.worker.flat import flat
from reviewer.media.worker.gif_canvas import GifCanvas
from reviewer.media.worker.headers import NONSENSE, opened
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeFailed
from reviewer.media.worker.stillfile import StillFile

# A far frame of a large animation: what was composed so far is kept, and asking again goes on from there.
PATIENCE_S = 8.0
_STRIDE = 8


class Pages:
    """Decodes one page at a time. An animation stays open, because each frame lies on the one before."""

    def __init__(self, file: StillFile, form: Format, *, animated: bool) -> None:
        self._file = file
        self._form = form
        self._animated = animated
        self._open: Image.Image | None = None
        self._first = -1
        self._canvas: GifCanvas | None = None

    def decoded(self, page: int, factor: int = 1) -> Picture:
        """Grey or BGR, not turned further; at 1 / `factor` or finer. DAMAGED, or TOO_LARGE for a cap of ours.

        If a page does not decode to its end it is tried once more for what is intact. What then is one flat colour
        throughout holds nothing and is DAMAGED.
        """
        try:
            return self._guarded(lambda: self._picture(page, factor))
        except _Torn:
            self.drop()
        with _what_is_intact():
            try:
                picture = self._guarded(lambda: self._picture(page, 1))
            except _Torn:
                raise damaged() from None
            finally:
                if not self._animated:
                    self.drop()
        if blank(picture):
            raise damaged()
        return picture

    def drop(self) -> None:
        """Let go of the opened picture and what it has decoded."""
        self._canvas = None
        opened_before, self._open = self._open, None
        if opened_before is not None:
            opened_before.close()

    def _guarded(self, load: Callable[[], Picture]) -> Picture:
        try:
            return load()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise too_large() from None
        except RangeFailed:
            raise
        except (OSError, *NONSENSE):
            raise _Torn from None
        finally:
            if not self._animated:
                self.drop()

    def _picture(self, page: int, factor: int) -> Picture:
        if not self._animated or self._form is not Format.GIF:
            return flat(self._load(page, factor))
        if self._canvas is None:
            self._canvas = GifCanvas(memoryview(self._file.whole()))
        return self._canvas.frame(page, time.monotonic() + PATIENCE_S)

    def _load(self, page: int, factor: int) -> Image.Image:
        if self._open is not None and page < self._open.tell():
            self.drop()  # opened anew: not every parser of Pillow finds back to its beginning
        if self._open is None:
            self._open = opened(self._file, self._form)
            self._first = self._open.tell()
        picture = self._open
        if self._animated:
            self._advance(picture, page)
        elif page or self._first:
            picture.seek(self._place(page))
        if factor > 1 and self._form is Format.JP2:
            picture.reduce = factor.bit_length() - 1  # type: ignore[method-assign,assignment]
        elif factor > 1:
            picture.draft(None, (max(1, picture.width // factor), max(1, picture.height // factor)))
        picture.load()
        return picture

    def _advance(self, picture: Image.Image, page: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while picture.tell() < page:
            picture.seek(min(page, picture.tell() + _STRIDE))
            picture.load()
            if time.monotonic() > deadline:
                raise too_large()

    def _place(self, page: int) -> int:
        """Page 0 is what the file calls its primary picture, wherever that lies; the others follow in their order."""
        if page == 0:
            return self._first
        return page - 1 if page <= self._first else page


class _Torn(Exception):
    """It did not decode to its end."""


def blank(picture: Picture) -> bool:
    """One colour throughout: what decoders fill in where nothing could be decoded."""
    flat_rows = picture.reshape(picture.shape[0] * picture.shape[1], -1)
    return bool((flat_rows == flat_rows[0]).all())


@contextlib.contextmanager
def _what_is_intact() -> Iterator[None]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
