"""Still pictures: first veiled pixels after opening, warm worker, beside the same decode and veil bare in this process.

`rows()` returns (name, value, unit, ratio). Bare is OpenCV's reduced grey decode of bytes in memory and the same veil;
1.25 means a quarter slower. Taken in turns, so that both see the same machine; each opened item is a new worker.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from bench.turns import Row, compared, first_shown, in_turns
from reviewer.media.broker import Broker
from reviewer.media.opened import OpenedItem
from reviewer.media.worker import veil

_ROUNDS = 21
_LONG_SIDE = 160
_WARM = 2
_BOX = 1366, 768


@dataclass(frozen=True, slots=True)
class _Photo:
    """With the reduced decodes that suffice for a drawing and for clear in the box: the worker takes the same."""

    name: str
    width: int
    height: int
    drawing: int
    clear: int


_PHOTOS = (
    _Photo("12 MP", 4000, 3000, cv2.IMREAD_REDUCED_GRAYSCALE_4, cv2.IMREAD_REDUCED_COLOR_2),
    _Photo("48 MP", 8000, 6000, cv2.IMREAD_REDUCED_GRAYSCALE_8, cv2.IMREAD_REDUCED_COLOR_4),
)


def rows() -> list[Row]:
    cv2.setNumThreads(1)
    broker = Broker(warm=_WARM)
    broker.start()
    broker.sandbox_report()
    try:
        return [row for photo in _PHOTOS for row in _measured(broker, photo)]
    finally:
        broker.close()


def _measured(broker: Broker, photo: _Photo) -> list[Row]:
    data = _jpeg(photo.width, photo.height)
    levels: tuple[tuple[str, Callable[[], None], Callable[[OpenedItem], object]], ...] = (
        ("first veiled pixels", lambda: _bare_blurred(data), OpenedItem.blurred),
        (
            "first drawing (640 pixels)",
            lambda: _bare_drawing(data, photo.drawing),
            lambda item: item.drawing(max_width=_BOX[0], max_height=_BOX[1]),
        ),
        (
            "first clear pixels in 1366x768",
            lambda: _bare_clear(data, photo.clear),
            lambda item: item.clear(max_width=_BOX[0], max_height=_BOX[1], grey=False),
        ),
    )
    table: list[Row] = []
    for level, bare, show in levels:
        turns = in_turns(bare, partial(_sealed, broker, data, show), _ROUNDS)
        table += compared(f"{photo.name} JPEG, {level}", turns)
    return table


def _sealed(broker: Broker, data: bytes, show: Callable[[OpenedItem], object]) -> float:
    return first_shown(broker, io.BytesIO(data), show, warm=_WARM)


def _bare_blurred(data: bytes) -> None:
    grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
    veil.blurred(np.asarray(grey, np.uint8), _LONG_SIDE)


def _bare_drawing(data: bytes, flag: int) -> None:
    veil.drawing(np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), flag), np.uint8), *_BOX)


def _bare_clear(data: bytes, flag: int) -> None:
    picture = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), flag), np.uint8)
    veil.region(picture, 0.0, 0.0, 1.0, 1.0, _BOX, False)


def _jpeg(width: int, height: int) -> bytes:
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 255, (height // 40, width // 40, 3), np.uint8)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 12, (height // 4, width // 4, 1), np.uint8).repeat(4, 0).repeat(4, 1)
    return cv2.imencode(".jpg", cv2.add(picture, grain.repeat(3, 2)), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
