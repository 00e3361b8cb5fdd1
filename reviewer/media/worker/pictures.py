"""What the worker's parts pass around: uint8 arrays, grey (h, w), BGR (h, w, 3) or BGRX (h, w, 4)."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reviewer.media.protocol import Facts

Picture = NDArray[np.uint8]


def u8(array: Any) -> Picture:
    """The same pixels, typed: OpenCV's stubs say less than it returns."""
    return np.asarray(array, np.uint8)


class Item(Protocol):
    """An item open in the worker. Pictures come upright; stills ignore `at_s` (seconds)."""

    def facts(self) -> Facts: ...
    def grey(self, long_side: int, at_s: float) -> Picture:
        """Grey, with at least `long_side` pixels on the long side or all there are."""
        ...

    def colour(self, at_s: float, share: float) -> Picture:
        """BGR or grey, at `share` (0 to 1) of the full resolution or finer."""
        ...

    def turn_to(self, page: int) -> None:
        """What `grey` and `colour` show from now on: a page, or a frame of an animation, from 0. DAMAGED if none."""
        ...

    def time_of(self, at_s: float) -> float:
        """The time of the frame shown at `at_s`; -1.0 for stills."""
        ...
