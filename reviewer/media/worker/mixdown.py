"""Decoded sound of any rate, layout and format becomes mono, 16 bit, `SOUND_RATE`."""

from __future__ import annotations

import numpy as np
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from reviewer.media.outlines import SOUND_RATE

Samples = NDArray[np.int16]
NOTHING: Samples = np.zeros(0, np.int16)

MAX_CHANNELS = 64
RATES = (2_000, 768_000)
MAX_FRAME_S = 60.0


class Mixdown:
    """Frames are collected and resampled together: a call to the resampler costs more than its work on one of them."""

    def __init__(self) -> None:
        self._shape: tuple[str, str, int] | None = None
        self._fifo = AudioFifo()
        self._resampler: AudioResampler | None = None
        self._done: list[Samples] = []

    def add(self, frame: AudioFrame) -> None:
        """Its time is taken from it: whoever adds it keeps the time."""
        shape = frame.format.name, frame.layout.name, frame.sample_rate
        if shape != self._shape:
            self._done.append(self.rest())
            self._shape = shape
            self._fifo = AudioFifo()
            self._resampler = AudioResampler(format="s16", layout="mono", rate=SOUND_RATE)
        frame.pts = None
        self._fifo.write(frame)

    def take(self) -> Samples:
        """All that was added, but for the few samples that the resampler keeps back."""
        if self._fifo.samples:
            frame = self._fifo.read()
            if frame is not None:
                self._resample(frame)
        done, self._done = self._done, []
        return np.concatenate(done) if done else NOTHING

    def forget(self) -> None:
        """What was added comes from another place: all but a millisecond of it is dropped."""
        if self._fifo.samples:
            self._fifo.read()
        self._done.clear()

    def rest(self) -> Samples:
        """The end of it: what was added and what is kept back."""
        before = self.take()
        if self._resampler is not None:
            self._resample(None)
            self._resampler = self._shape = None
        return np.concatenate([before, self.take()])

    def _resample(self, frame: AudioFrame | None) -> None:
        assert self._resampler is not None
        for part in self._resampler.resample(frame):
            self._done.append(part.to_ndarray().reshape(-1).astype(np.int16, copy=False))


def usable(frame: AudioFrame) -> bool:
    """Its rate, channels and length are such that resampling does not blow up."""
    slowest, fastest = RATES
    if not slowest <= frame.sample_rate <= fastest or not 1 <= frame.layout.nb_channels <= MAX_CHANNELS:
        return False
    return 0 < frame.samples <= MAX_FRAME_S * frame.sample_rate
