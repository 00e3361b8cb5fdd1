"""PDF, page by page, drawn by PDFium: no scripts and no XFA (the build has neither), no fonts of the machine.

Forms are shown as they were filled in. No more of the file is read than the page needs.

PDFium calls back into Python for the bytes. Both callbacks are made at import, because the memory they run in cannot
be made in a sealed worker; they serve the one document a worker opens.
"""

from __future__ import annotations

import ctypes
import time
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2.raw as pdfium

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.failures import Unshowable, damaged, too_large, unsupported
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.source import RangeSource

MAX_FILE_BYTES = 2 << 30
MAX_PAGES = 100_000
RENDER_S = 10.0
"""Seconds that drawing one page may take."""

_DPI = 300.0
# Full resolution: 300 dots an inch, but never so small that a large screen shows it soft, nor past what memory holds.
_LEAST_LONG_SIDE = 4096
_MOST_LONG_SIDE = 6144


@dataclass(slots=True)
class _Reading:
    """What the callbacks work on. An exception cannot pass through PDFium: it is kept and raised behind it."""

    source: RangeSource | None = None
    failure: BaseException | None = None
    deadline: float = 0.0


_now = _Reading()


def _give_block(_: object, position: int, first: object, size: int) -> int:
    try:
        if _now.source is None or _now.failure is not None:
            return 0
        address = ctypes.cast(first, ctypes.c_void_p).value  # type: ignore[arg-type]
        if not address:
            return 0
        _now.source.seek(position)
        return int(_now.source.readinto((ctypes.c_ubyte * size).from_address(address)) == size)
    except BaseException as error:  # raised again by `_checked`
        _now.failure = error
        return 0


def _is_late(_: object) -> int:
    return int(time.monotonic() > _now.deadline)


_ACCESS = pdfium.FPDF_FILEACCESS()
_ACCESS.m_GetBlock = type(_ACCESS.m_GetBlock)(_give_block)
_PAUSE = pdfium.IFSDK_PAUSE(version=1)
_PAUSE.NeedToPauseNow = type(_PAUSE.NeedToPauseNow)(_is_late)

_FORM = pdfium.FPDF_FORMFILLINFO(version=2)


def use_no_fonts_of_the_machine() -> None:
    """Start PDFium anew without font folders: pages look the same everywhere, and nothing is looked for on disk."""
    none = (ctypes.POINTER(ctypes.c_char) * 1)()
    config = pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=none)
    pdfium.FPDF_DestroyLibrary()
    pdfium.FPDF_InitLibraryWithConfig(config)


class PdfItem:
    """The page that is turned to, drawn on white at the resolution asked for; the last drawing is kept."""

    def __init__(self, source: RangeSource) -> None:
        if source.size > MAX_FILE_BYTES:
            raise too_large()
        _now.source, _now.failure = source, None
        _ACCESS.m_FileLen = source.size
        self._document = pdfium.FPDF_LoadCustomDocument(_ACCESS, None)
        _raise_failure()
        if not self._document:
            raise _why()
        self._pages = min(int(pdfium.FPDF_GetPageCount(self._document)), MAX_PAGES)
        _raise_failure()
        if self._pages < 1:
            raise damaged()
        self._form = _form_of(self._document)
        self._page = 0
        self._sizes: dict[int, tuple[int, int]] = {}
        self._kept: Picture | None = None
        self._kept_for = (-1, False)

    def facts(self) -> Facts:
        """Width and height are those of the page that is turned to, at full resolution."""
        width, height = self._size()
        return Facts(int(Format.PDF), width, height, -1.0, self._pages, False, 1, True)

    def grey(self, long_side: int, at_s: float) -> Picture:
        width, height = self._size()
        # Twice the size, averaged by the veil: thin lines stay as visible as they are on the page.
        return self._drawn(min(1.0, 2.0 * long_side / max(width, height)), grey=True)

    def colour(self, at_s: float, share: float) -> Picture:
        return self._drawn(min(1.0, share), grey=False)

    def turn_to(self, page: int) -> None:
        if not 0 <= page < self._pages:
            raise damaged()
        self._page = page

    def time_of(self, at_s: float) -> float:
        return -1.0

    def close(self) -> None:
        if self._form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(self._form)
        pdfium.FPDF_CloseDocument(self._document)
        _now.source = None

    def _size(self) -> tuple[int, int]:
        if self._page not in self._sizes:
            size = pdfium.FS_SIZEF()
            known = pdfium.FPDF_GetPageSizeByIndexF(self._document, self._page, size)
            _raise_failure()
            # A page that is lost has no size: a sheet of A4 stands for it, and drawing it says what is wrong.
            points = (size.width, size.height) if known else (595.0, 842.0)
            if not all(0.0 < side < 1e6 for side in points):
                points = 595.0, 842.0
            longest = min(max(max(points) * _DPI / 72.0, _LEAST_LONG_SIDE), _MOST_LONG_SIDE)
            share = longest / max(points)
            self._sizes[self._page] = max(1, round(points[0] * share)), max(1, round(points[1] * share))
        return self._sizes[self._page]

    def _drawn(self, share: float, *, grey: bool) -> Picture:
        width, height = (max(1, round(side * share)) for side in self._size())
        kept = self._kept
        usable = self._kept_for[0] == self._page and (grey or not self._kept_for[1])
        if kept is not None and usable and kept.shape[1] >= width and kept.shape[0] >= height:
            return u8(cv2.cvtColor(kept, cv2.COLOR_BGR2GRAY)) if grey and kept.ndim == 3 else kept
        self._kept = None
        page = pdfium.FPDF_LoadPage(self._document, self._page)
        try:
            _raise_failure()
            if not page:
                raise damaged()
            picture = _render(page, self._form, width, height, grey=grey)
        finally:
            if page:
                pdfium.FPDF_ClosePage(page)
        self._kept, self._kept_for = picture, (self._page, grey)
        return picture


def _form_of(document: object) -> object | None:
    """What draws the fields of a form, with what was filled in. Nothing in it can run: no callback is given."""
    if pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_NONE:
        return None
    form: object = pdfium.FPDFDOC_InitFormFillEnvironment(document, _FORM)
    _raise_failure()
    return form


def _render(page: object, form: object | None, width: int, height: int, *, grey: bool) -> Picture:
    """Grey (h, w) or BGR (h, w, 3), annotations and the look of form fields included."""
    depth = 1 if grey else 3
    stride = (width * depth + 3) & ~3
    rows = np.full((height, stride), 255, np.uint8)
    kind = pdfium.FPDFBitmap_Gray if grey else pdfium.FPDFBitmap_BGR
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, kind, rows.ctypes.data_as(ctypes.c_void_p), stride)
    if not bitmap:
        raise MemoryError
    try:
        _now.deadline = time.monotonic() + RENDER_S
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_RENDER_LIMITEDIMAGECACHE | (pdfium.FPDF_GRAYSCALE if grey else 0)
        state = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, width, height, 0, flags, _PAUSE)
        pdfium.FPDF_RenderPage_Close(page)
        if form and state == pdfium.FPDF_RENDER_DONE:
            pdfium.FORM_OnAfterLoadPage(page, form)
            pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, flags)
            pdfium.FORM_OnBeforeClosePage(page, form)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    _raise_failure()
    if state == pdfium.FPDF_RENDER_TOBECONTINUED:
        raise too_large()
    if state != pdfium.FPDF_RENDER_DONE:
        raise damaged()
    cut = rows[:, : width * depth]
    return cut if grey else cut.reshape(height, width, 3)


def _raise_failure() -> None:
    failure, _now.failure = _now.failure, None
    if failure is not None:
        raise failure


def _why() -> Unshowable:
    if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return unsupported()
    return damaged()
