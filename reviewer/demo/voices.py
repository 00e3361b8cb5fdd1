"""A synthetic recording with the rhythm of speech and no words: hums that swell like syllables, pauses, and hiss."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import av
import av.audio.frame
import numpy as np

from reviewer.demo.patterns import Pixels

RATE = 24_000
_FRAME = 1152
_FORMANTS = ((500.0, 1500.0), (700.0, 1200.0), (350.0, 2200.0), (450.0, 900.0))


def recording(rng: np.random.Generator, marker: bytes, *, seconds: float = 21.0) -> bytes:
    """An MP3, mono; its comment is the marker."""
    heard = murmur(rng, seconds)
    target = BytesIO()
    with av.open(target, "w", format="mp3") as container:
        container.metadata["comment"] = marker.decode("ascii")
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = 64_000
        for start in range(0, len(heard), _FRAME):
            piece = av.audio.frame.AudioFrame.from_ndarray(heard[np.newaxis, start : start + _FRAME], "fltp", "mono")
            piece.sample_rate, piece.pts, piece.time_base = RATE, start, Fraction(1, RATE)
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return target.getvalue()


def murmur(rng: np.random.Generator, seconds: float) -> Pixels:
    """Four syllables a second in phrases of two to four seconds, then a pause. float32, -1 to 1, one-dimensional."""
    total = round(seconds * RATE)
    time = np.arange(total, dtype=np.float32) / RATE
    pitch = 118.0 + 14.0 * np.sin(2 * np.pi * 0.31 * time) + 6.0 * np.sin(2 * np.pi * 1.7 * time)
    # Kept within one turn, so that single precision is enough for every harmonic.
    phase = (2 * np.pi * (np.cumsum(pitch, dtype=np.float64) / RATE % 1.0)).astype(np.float32)
    pitch = pitch.astype(np.float32)
    vowel = (time * 4.1).astype(np.int32) % len(_FORMANTS)
    low, high = (np.array([pair[n] for pair in _FORMANTS], dtype=np.float32)[vowel] for n in (0, 1))
    voiced = np.zeros(total, dtype=np.float32)
    for harmonic in range(1, 22):
        tone = harmonic * pitch
        weight = np.exp(-(((tone - low) / 180.0) ** 2)) + 0.5 * np.exp(-(((tone - high) / 260.0) ** 2)) + 0.02
        voiced += weight * np.sin(harmonic * phase)
    syllables = np.clip(np.sin(2 * np.pi * 4.1 * time), 0.0, 1.0) ** 0.6
    phrases = _phrases(rng, seconds, time)
    hiss = rng.standard_normal(total).astype(np.float32)
    sound = 0.22 * voiced * syllables * phrases + 0.004 * hiss + 0.03 * hiss * phrases * (syllables < 0.05)
    return np.asarray(np.clip(sound, -0.95, 0.95), dtype=np.float32)


def _phrases(rng: np.random.Generator, seconds: float, time: Pixels) -> Pixels:
    """1 while somebody would be speaking, 0 in between, with soft edges."""
    spoken = np.zeros(len(time), dtype=np.float32)
    at = 0.6
    while at < seconds - 1.0:
        length = float(rng.uniform(2.0, 4.0))
        edge = np.clip(np.minimum(time - at, at + length - time) * 8.0, 0.0, 1.0)
        spoken = np.maximum(spoken, edge)
        at += length + float(rng.uniform(0.5, 1.6))
    return spoken
