"""What a sealed worker costs before it does anything: forked, sealed, given a tiny picture, closed.

`rows()` returns (name, value, unit, ratio to the same with a warm worker waiting). What pictures, documents and films
take in it stands in media_stills, media_pages and media_playback.
"""

from __future__ import annotations

import io
import statistics

import cv2
import numpy as np

from bench.turns import Row, first_shown
from reviewer.media.broker import Broker
from reviewer.media.opened import OpenedItem

_ROUNDS = 15
_WARM = 2


def rows() -> list[Row]:
    picture = cv2.imencode(".png", np.zeros((8, 8), np.uint8))[1].tobytes()
    warm, cold = Broker(warm=_WARM), Broker(warm=0)
    try:
        warm.start()
        warm.sandbox_report()
        cold.sandbox_report()
        ready, forked, nothing = [], [], []
        for _ in range(_ROUNDS):
            ready.append(first_shown(warm, io.BytesIO(picture), OpenedItem.blurred, warm=_WARM))
            forked.append(first_shown(cold, io.BytesIO(picture), OpenedItem.blurred, warm=0))
            nothing.append(first_shown(cold, io.BytesIO(b"x"), lambda item: item.close(), warm=0))
    finally:
        cold.close()
        warm.close()
    at_once, later = statistics.median(ready), statistics.median(forked)
    return [
        ("8x8 PNG veiled, a warm worker waiting, median", at_once * 1000, "ms", None),
        ("8x8 PNG veiled, none warm: forked and sealed first, median", later * 1000, "ms", later / at_once),
        ("nothing shown, none warm: forked to closed, median", statistics.median(nothing) * 1000, "ms", None),
    ]
