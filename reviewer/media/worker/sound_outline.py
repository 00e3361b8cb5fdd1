"""The outline of a sound: loudness over time and a hint where somebody may be speaking. Nothing in it can be heard.

Short sound is read from end to end. Of a long one, stretches are read from all over it, coarsely first, until the
outline is complete or its time is up; a bucket that was not reached looks like its nearest neighbour.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import av
import numpy as np
from numpy.typing import NDArray

from reviewer.media.formats import Format
from reviewer.media.outlines import SOUND_RATE, SoundOutline
from reviewer.media.worker.demux import read_length
from reviewer.media.worker.failures import Unshowable, damaged, too_large
from reviewer.media.worker.sound import SoundReader
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.speech import FRAME, FRAMES_A_SECOND, Features, features, likeness

WHOLE_S = 300.0
"""Sound up to this long is read from end to end, unless that takes longer than `BUDGET_S`."""

BUDGET_S = 1.2
_LONGEST_WAIT_S = 5.0
_STRETCH_S = 0.5
_MOST_STRETCHES = 240
_GOLDEN = 0.618034  # spreads the stretches within their buckets, so that no rhythm of the sound falls in with them
_SCORED_EVERY = FRAMES_A_SECOND // 5
_SHORTEST = 4

_Values = NDArray[np.float64]


def outline(source: RangeSource, form: Format, buckets: int) -> SoundOutline:
    """Peaks and speech-likeness, one byte a bucket, at most `buckets`.

    DAMAGED if nothing can be decoded, TOO_LARGE if it is long and nobody can tell how long.
    """
    reader = SoundReader(source, form, roughly=True)
    try:
        time_left = _Budget()
        length_s = reader.duration_s
        if length_s <= 0.0:
            length_s, _complete = read_length(source.beside(), form)
        if length_s <= WHOLE_S:
            found = _whole(reader, time_left)
            if found is not None:
                return _bucketed(found, buckets)
        if length_s <= 0.0:
            raise too_large()
        return _sampled(reader, length_s, buckets, _Budget())
    finally:
        reader.close()


class _Budget:
    """`BUDGET_S` of work; of waiting as well no more than `_LONGEST_WAIT_S`, on a machine busy with other things."""

    def __init__(self) -> None:
        self._work_until = time.process_time() + BUDGET_S
        self._wait_until = time.monotonic() + _LONGEST_WAIT_S

    def spent(self) -> bool:
        return time.process_time() > self._work_until or time.monotonic() > self._wait_until


def _whole(reader: SoundReader, budget: _Budget) -> Features | None:
    """Every frame from start to end; None if the time was up before the end."""
    parts: list[Features] = []
    while len(samples := reader.read_samples(SOUND_RATE * 2)):
        parts.append(features(samples))
        if budget.spent():
            return None
    if not parts:
        raise damaged()
    return Features.joined(parts)


def _bucketed(found: Features, buckets: int) -> SoundOutline:
    frames = len(found.peaks)
    buckets = min(buckets, frames)
    edges = np.arange(buckets) * frames // buckets
    peaks = np.maximum.reduceat(found.peaks, edges)
    centres = range(0, frames, _SCORED_EVERY)
    half = FRAMES_A_SECOND // 2
    scores = [likeness(found.part(max(0, at - half), at + half)) for at in centres]
    middles = (edges + np.append(edges[1:], frames)) / 2
    speech = np.interp(middles, centres, _lasting(scores))
    return _outline(frames / FRAMES_A_SECOND, peaks, speech)


def _lasting(scores: Sequence[float]) -> _Values:
    """Without peaks shorter than `_SHORTEST` scores: a tone that begins is no syllable. (Morphological opening.)"""
    if len(scores) < _SHORTEST:
        return np.asarray(scores)
    least = np.lib.stride_tricks.sliding_window_view(np.asarray(scores), _SHORTEST).min(axis=1)
    padded = np.pad(least, _SHORTEST - 1, constant_values=0.0)
    opened: _Values = np.lib.stride_tricks.sliding_window_view(padded, _SHORTEST).max(axis=1)
    return opened


def _sampled(reader: SoundReader, length_s: float, buckets: int, budget: _Budget) -> SoundOutline:
    stretches = min(buckets, _MOST_STRETCHES)
    bucket_s = length_s / stretches
    peaks = np.full(stretches, -1.0)
    speech = np.zeros(stretches)
    for at in coarse_first(stretches):
        if budget.spent():
            break
        try:
            reader.start_at(at * bucket_s + at * _GOLDEN % 1.0 * max(0.0, bucket_s - _STRETCH_S))
            samples = reader.read_samples(int(_STRETCH_S * SOUND_RATE))
        except (Unshowable, av.FFmpegError, ValueError):
            samples = np.zeros(0, np.int16)  # a hole in it, or less of it than it says
        if len(samples) >= FRAME:
            found = features(samples)
            peaks[at], speech[at] = found.peaks.max(), likeness(found)
        else:
            peaks[at] = 0.0
    reached = np.flatnonzero(peaks >= 0.0)
    if not len(reached):
        raise damaged()
    nearest = reached[np.abs(np.arange(stretches)[:, None] - reached[None, :]).argmin(axis=1)]
    spread = nearest[np.arange(buckets) * stretches // buckets]
    return _outline(length_s, peaks[spread], speech[spread])


def coarse_first(count: int) -> Iterator[int]:
    """0 to count - 1, each once: every step-th, then those in the middle between, and so on."""
    step = 1
    while step * 2 < count:
        step *= 2
    yield from range(0, count, step)
    while step > 1:
        yield from range(step // 2, count, step)
        step //= 2


def _outline(length_s: float, peaks: _Values, speech: _Values) -> SoundOutline:
    return SoundOutline(length_s, _as_bytes(peaks), _as_bytes(speech))


def _as_bytes(shares: _Values) -> bytes:
    return np.rint(np.clip(shares, 0.0, 1.0) * 255).astype(np.uint8).tobytes()
