"""What happens to samples on their way to the loudspeaker: volume, a ceiling no peak exceeds, a level to show."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 32767.0
KNEE = 0.7  # share of the ceiling up to which sound passes as it is
FLOOR_DB = -54.0


class Shaper:
    """Volume 0 to 1 and a soft limiter: y = x up to the knee, then knee + r tanh((x - knee) / r), r = ceiling - knee.

    `ceiling` is a share of full scale. A change of volume is spread over one block, so that it does not click.
    """

    def __init__(self, ceiling: float) -> None:
        self.ceiling = min(max(ceiling, 0.0), 1.0)
        self._gain = 0.0

    def begin_silent(self) -> None:
        """The next block fades in."""
        self._gain = 0.0

    def shape(self, samples: bytes, volume: float) -> tuple[bytes, float]:
        """The same number of 16 bit samples, and their root mean square as a share of full scale."""
        given = np.frombuffer(samples, "<i2")
        if not len(given):
            return b"", 0.0
        gains = np.linspace(self._gain, volume, len(given), dtype=np.float32)
        self._gain = volume
        limited = self._limited(given * gains)
        rms = math.sqrt(float(np.dot(limited, limited)) / len(limited)) / FULL_SCALE
        return limited.astype("<i2").tobytes(), rms

    def _limited(self, wanted: NDArray[np.float32]) -> NDArray[np.float32]:
        top = np.float32(self.ceiling * FULL_SCALE)
        knee = np.float32(top * KNEE)
        loud = np.abs(wanted)
        if top <= 0.0 or loud.max() <= knee:
            return wanted if top > 0.0 else np.zeros_like(wanted)
        room = top - knee
        bent = knee + room * np.tanh(np.maximum(loud - knee, 0.0) / room)
        signed: NDArray[np.float32] = np.copysign(np.where(loud > knee, bent, loud), wanted)
        return signed


def meter_value(rms: float, ceiling: float) -> float:
    """0 to 1 on a scale of decibels: 0 at `FLOOR_DB` under the ceiling and below, 1 at the ceiling."""
    if rms <= 0.0 or ceiling <= 0.0:
        return 0.0
    return min(max(1.0 - 20.0 * math.log10(rms / ceiling) / FLOOR_DB, 0.0), 1.0)
