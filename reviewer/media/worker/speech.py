"""How speech-like a second of sound is: a hint from four simple measures, not a finding.

Speech swells and fades with its syllables, two to eight times a second (Houtgast and Steeneken 1985), is neither one
tone nor noise (spectral flatness, Johnston 1988), lies between 100 and 4000 Hz, and is not silence. Rhythmic music can
score as well; whispering scores low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.media.outlines import SOUND_RATE

FRAMES_A_SECOND = 50
FRAME = SOUND_RATE // FRAMES_A_SECOND
_SLOWEST_SYLLABLE_HZ, _FASTEST_SYLLABLE_HZ = 2.0, 8.0
_LOWEST_VOICE_HZ, _HIGHEST_VOICE_HZ = 100.0, 4_000.0
_SILENCE = 10 ** (-50 / 20)
_LEAST_FRAMES = FRAMES_A_SECOND * 2 // 5

_Values = NDArray[np.float64]
_WINDOW = np.hanning(FRAME).astype(np.float32)
_FREQUENCIES = np.fft.rfftfreq(FRAME, 1 / SOUND_RATE)
_VOICE = slice(
    int(np.searchsorted(_FREQUENCIES, _LOWEST_VOICE_HZ)), int(np.searchsorted(_FREQUENCIES, _HIGHEST_VOICE_HZ)) + 1
)


@dataclass(frozen=True, slots=True)
class Features:
    """One value for each 20 ms: `peaks` and `rms` as shares of full scale, `flatness` and `voice_share` 0 to 1."""

    peaks: _Values
    rms: _Values
    flatness: _Values
    voice_share: _Values

    @staticmethod
    def joined(parts: Sequence[Features]) -> Features:
        return Features(
            np.concatenate([part.peaks for part in parts]),
            np.concatenate([part.rms for part in parts]),
            np.concatenate([part.flatness for part in parts]),
            np.concatenate([part.voice_share for part in parts]),
        )

    def part(self, first: int, last: int) -> Features:
        where = slice(first, last)
        return Features(self.peaks[where], self.rms[where], self.flatness[where], self.voice_share[where])


def features(samples: NDArray[np.int16]) -> Features:
    """Of mono sound at `SOUND_RATE`; a last piece shorter than a frame is filled up with silence."""
    missing = -len(samples) % FRAME
    whole = np.append(samples, np.zeros(missing, np.int16)) if missing else samples
    framed = whole.reshape(-1, FRAME).astype(np.float32) / np.float32(32768)
    spectra = np.fft.rfft(framed * _WINDOW, axis=1)
    power = spectra.real**2 + spectra.imag**2 + np.float32(1e-9)
    voice = power[:, _VOICE]
    flatness = np.exp(np.log(voice).mean(axis=1)) / voice.mean(axis=1)
    return Features(
        np.abs(framed).max(axis=1).astype(np.float64),
        np.sqrt((framed**2).mean(axis=1)).astype(np.float64),
        flatness.astype(np.float64),
        (voice.sum(axis=1) / power.sum(axis=1)).astype(np.float64),
    )


def likeness(found: Features) -> float:
    """0 to 1, best of about a second; 0 for silence and for less than 0.4 seconds."""
    if len(found.rms) < _LEAST_FRAMES or found.rms.max() < _SILENCE:
        return 0.0
    loud = found.rms > max(_SILENCE, 0.1 * float(found.rms.max()))
    weights = found.rms * loud
    flatness = float(np.average(found.flatness, weights=weights))
    share = float(np.average(found.voice_share, weights=weights))
    swell = _swell(found.rms)
    neither = _rises(flatness, 0.002, 0.01) * (1.0 - _rises(flatness, 0.4, 0.6))
    return _rises(swell, 0.15, 0.4) * neither * _rises(share, 0.4, 0.7)


def _swell(rms: _Values) -> float:
    """How strongly loudness swings at the pace of syllables, about 1 for full swings."""
    mean = float(rms.mean())
    window = np.hanning(len(rms) + 2)[1:-1]
    spectrum = np.abs(np.fft.rfft((rms - mean) * window)) ** 2
    paces = np.fft.rfftfreq(len(rms), 1 / FRAMES_A_SECOND)
    in_band = (paces >= _SLOWEST_SYLLABLE_HZ) & (paces <= _FASTEST_SYLLABLE_HZ)
    # Parseval: variance within the band, and the amplitude of a swing that has it
    variance = 2.0 * float(spectrum[in_band].sum()) / (len(rms) * float((window**2).sum()))
    return float(np.sqrt(2.0 * variance)) / mean


def _rises(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, straight between."""
    return min(max((value - low) / (high - low), 0.0), 1.0)
