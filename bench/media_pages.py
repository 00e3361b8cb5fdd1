"""A PDF of 100 pages: first veiled and clear pixels, and turning to page 60, beside the same drawing done bare.

`rows()` returns (name, value, unit, ratio). Bare is pypdfium2 in this process on bytes in memory, at the sizes the
sealed worker draws at, without the machine's fonts as there, and the same veil. Taken in turns; every round opens the
document anew, in a new worker.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import cv2
import pypdfium2

from bench.long_document import A4, document
from bench.turns import Row, Turns, compared, first_shown, in_turns, rested, timed
from reviewer.media.broker import Broker
from reviewer.media.opened import OpenedItem
from reviewer.media.worker import documents, veil
from reviewer.media.worker.pictures import Picture, u8

_ROUNDS = 21
_WARM = 2
_PAGES = 100
_BOX = 1366, 768
_LONG_SIDE = 160
_FAR = 59
"""Page 60, counted from 0."""


def rows() -> list[Row]:
    cv2.setNumThreads(1)
    documents.use_no_fonts_of_the_machine()
    data = document(_PAGES)
    broker = Broker(warm=_WARM)
    broker.start()
    broker.sandbox_report()
    table: list[Row] = []
    try:
        for name, show, bare in (("veiled", _veiled, _bare_veiled), ("clear in 1366x768", _clear, _bare_clear)):
            for words, page in (("first page", 0), ("page 60", _FAR)):
                shown = partial(show, page=page)
                turns = in_turns(
                    partial(_bare_opened, data, partial(bare, page=page)),
                    lambda shown=shown: first_shown(broker, io.BytesIO(data), shown, warm=_WARM),  # type: ignore[misc]
                    _ROUNDS,
                )
                table += compared(f"{_PAGES}-page PDF: open to {words}, {name}", turns)
        table += _turned(broker, data)
    finally:
        broker.close()
    return table


def _turned(broker: Broker, data: bytes) -> list[Row]:
    """From the first page, veiled as it is shown on opening, to page 60 of the same open document."""
    bare: list[float] = []

    def alone() -> None:
        opened = pypdfium2.PdfDocument(data)
        _bare_veiled(opened, page=0)
        bare.append(timed(partial(_bare_veiled, opened, page=_FAR)))
        opened.close()

    def sealed() -> float:
        rested(broker, _WARM)
        item = broker.open(io.BytesIO(data))
        item.blurred()
        taken = timed(partial(_veiled, item, page=_FAR))
        item.close()
        return taken

    turns = in_turns(alone, sealed, _ROUNDS)
    return compared(f"{_PAGES}-page PDF: page 60 of the open document, veiled", Turns(bare[1:], turns.sealed))


def _veiled(item: OpenedItem, *, page: int) -> None:
    item.blurred(page=page)


def _clear(item: OpenedItem, *, page: int) -> None:
    item.clear(max_width=_BOX[0], max_height=_BOX[1], grey=False, page=page)


def _bare_opened(data: bytes, draw: Callable[[pypdfium2.PdfDocument], object]) -> None:
    opened = pypdfium2.PdfDocument(data)
    draw(opened)
    opened.close()


def _bare_veiled(opened: pypdfium2.PdfDocument, *, page: int) -> Picture:
    # Twice the long side of the veil, as the worker does.
    drawn = opened[page].render(scale=2 * _LONG_SIDE / A4[1], grayscale=True)
    return veil.blurred(u8(drawn.to_numpy()).reshape(drawn.height, drawn.width), _LONG_SIDE)


def _bare_clear(opened: pypdfium2.PdfDocument, *, page: int) -> Picture:
    drawn = opened[page].render(scale=_BOX[1] / A4[1])
    return veil.region(u8(drawn.to_numpy()), 0.0, 0.0, 1.0, 1.0, _BOX, False)
