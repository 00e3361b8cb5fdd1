"""Muffled listening: a low-pass filter after which a voice can be told from music but hardly understood."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reviewer.media.outlines import SOUND_RATE

PASSES_HZ = 400.0
STOPS_HZ = 1_200.0
STOPPED_DB = 70.0


def _taps() -> NDArray[np.float32]:
    """A sinc windowed by Kaiser's window; length and beta by his formulas (Oppenheim and Schafer, 7.5.3)."""
    width = 2 * np.pi * (STOPS_HZ - PASSES_HZ) / SOUND_RATE
    half = int(np.ceil((STOPPED_DB - 8.0) / (2.285 * width) / 2))
    beta = 0.1102 * (STOPPED_DB - 8.7)
    cut = (PASSES_HZ + STOPS_HZ) / SOUND_RATE  # the middle of the slope, as a share of half the rate
    at = np.arange(-half, half + 1)
    taps = cut * np.sinc(cut * at) * np.kaiser(2 * half + 1, beta)
    return np.asarray(taps / taps.sum(), np.float32)


_TAPS = _taps()
DELAY = len(_TAPS) // 2
"""Samples by which what comes out is later: under 10 ms."""


class Muffler:
    """Keeps what the filter still needs between reads, so that their seams cannot be heard."""

    def __init__(self) -> None:
        self._before = np.zeros(len(_TAPS) - 1, np.float32)

    def muffled(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """As many samples as came in."""
        whole = np.concatenate([self._before, samples.astype(np.float32)])
        self._before = whole[len(whole) - len(_TAPS) + 1 :]
        low = np.convolve(whole, _TAPS, mode="valid")
        return np.clip(np.rint(low), -32768, 32767).astype(np.int16)
