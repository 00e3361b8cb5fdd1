"""One stream of sound on its way out of the worker: mono, 16 bit, `SOUND_RATE`, from any time of the item on."""

from __future__ import annotations

import numpy as np

from reviewer.media.formats import Format
from reviewer.media.outlines import SOUND_RATE
from reviewer.media.worker.failures import damaged
from reviewer.media.worker.mixdown import NOTHING, Mixdown, Samples
from reviewer.media.worker.muffle import Muffler
from reviewer.media.worker.sound_decoder import SoundDecoder
from reviewer.media.worker.source import RangeSource

_TOGETHER_S = 0.2  # so much is decoded before it is resampled
_PREROLL_S = 0.25  # decoders need a few packets before what they give is right
_FURTHER_BACK_S = (2.0, 15.0)
_DRIFT_S = 0.04
_LONGEST_GAP_S = 3600.0


class SoundReader:
    """Satisfies `abilities.Sound`. UNSUPPORTED if the item has no sound."""

    def __init__(self, source: RangeSource, form: Format, *, muffled: bool = False, roughly: bool = False) -> None:
        self._decoder = SoundDecoder(source, form, roughly=roughly)
        self.duration_s = self._decoder.duration_s
        self._muffled = muffled
        self._mixdown = Mixdown()
        self._anchor_s: float | None
        self._begin(0.0)

    def start_at(self, at_s: float) -> None:
        """What is read next begins at `at_s` seconds of the item, to the sample where the file says its times."""
        self._begin(at_s)
        for back_s in (_PREROLL_S, *_FURTHER_BACK_S, at_s):
            self._decoder.seek(at_s - back_s)
            first = self._decoder.next_frame()
            if first is not None:
                self._decoder.push_back(first)
            if back_s >= at_s or (first is not None and (self._decoder.time(first) or 0.0) <= at_s):
                return

    def read(self, samples: int) -> bytes:
        """At most `samples`; empty at the end. Raises DAMAGED if nothing of it could be decoded."""
        return self.read_samples(samples).tobytes()

    def read_samples(self, samples: int) -> Samples:
        parts: list[Samples] = []
        wanted = samples
        while wanted > 0:
            part = self._take(wanted)
            if part is None:
                break
            parts.append(part)
            wanted -= len(part)
        if not parts:
            return NOTHING
        whole = np.concatenate(parts)
        return self._muffler.muffled(whole) if self._muffled else whole

    def close(self) -> None:
        self._decoder.close()

    def _begin(self, at_s: float) -> None:
        self._from_s = at_s
        self._mixdown.forget()
        self._muffler = Muffler()
        self._ready = NOTHING
        self._silence = self._drop = 0
        self._anchor_s = None
        self._since_anchor_s = 0.0
        self._over = False

    def _take(self, most: int) -> Samples | None:
        """Some samples, or None at the end."""
        while True:
            if self._silence:
                count = min(self._silence, most)
                self._silence -= count
                return np.zeros(count, np.int16)
            if len(self._ready):
                taken, self._ready = self._ready[:most], self._ready[most:]
                return taken
            if self._over:
                return None
            self._decode_some()

    def _decode_some(self) -> None:
        """Decode a batch of frames into `_ready`. A gap in the times, or an overlap, begins a new batch."""
        batch_s = 0.0
        while batch_s < _TOGETHER_S:
            frame = self._decoder.next_frame()
            if frame is None:
                self._over = True
                if self._anchor_s is None and self._from_s <= 0.0:
                    raise damaged()
                self._accept(self._mixdown.rest())
                return
            starts_s = self._decoder.time(frame)
            length_s = frame.samples / frame.sample_rate
            if starts_s is None:
                starts_s = self._due_s()
            if self._anchor_s is None and starts_s + length_s < self._from_s - _DRIFT_S:
                continue  # on the way to where it begins
            if batch_s > 0.0 and abs(starts_s - self._due_s()) > _DRIFT_S:
                self._decoder.push_back(frame)
                break
            self._keep_time(starts_s)
            self._since_anchor_s += length_s
            batch_s += length_s
            self._mixdown.add(frame)
        self._accept(self._mixdown.take())

    def _due_s(self) -> float:
        """The time at which the next frame should start."""
        return self._from_s if self._anchor_s is None else self._anchor_s + self._since_anchor_s

    def _keep_time(self, starts_s: float) -> None:
        """Silence for a gap in the times, samples dropped where they overlap: pictures beside it stay in step."""
        ahead_s = starts_s - self._due_s()
        if self._anchor_s is None:
            self._anchor_s, self._since_anchor_s = starts_s, 0.0
        elif abs(ahead_s) > _LONGEST_GAP_S:  # another clock from here on
            self._anchor_s, self._since_anchor_s = starts_s, 0.0
            return
        elif abs(ahead_s) <= _DRIFT_S:
            return
        else:
            self._since_anchor_s += ahead_s
        samples = round(min(abs(ahead_s), _LONGEST_GAP_S) * SOUND_RATE)
        if ahead_s > 0.0:
            self._silence = samples
        else:
            self._drop += samples

    def _accept(self, samples: Samples) -> None:
        dropped = min(self._drop, len(samples))
        self._drop -= dropped
        self._ready = samples[dropped:]
