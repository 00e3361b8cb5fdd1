"""One stream of sound on its way out of the worker: mono, 16 bit, `SOUND_RATE`, from any time of the item on.

It has a demuxer and a place in the source of its own, so that pictures of the same item can play beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from reviewer.media.formats import Format
from reviewer.media.outlines import SOUND_RATE
from reviewer.media.worker.demux import duration_of, open_container, origin_of, raise_source_error
from reviewer.media.worker.failures import damaged, unsupported
from reviewer.media.worker.muffle import Muffler
from reviewer.media.worker.source import RangeSource

Samples = NDArray[np.int16]

MAX_CHANNELS = 64
RATES = (2_000, 768_000)
MAX_FRAME_S = 60.0
_BROKEN_PACKETS = 3_000  # a minute of pauses that the decoder does not understand is still a pause
_PREROLL_S = 0.25  # decoders need a few packets before what they give is right
_FURTHER_BACK_S = (2.0, 15.0)
_DRIFT_S = 0.04
_LONGEST_GAP_S = 3600.0
_NOTHING: Samples = np.zeros(0, np.int16)


class SoundReader:
    """Decodes, mixes down and resamples. Satisfies `abilities.Sound`. UNSUPPORTED if the item has no sound."""

    def __init__(self, source: RangeSource, form: Format, *, muffled: bool = False) -> None:
        self._container = open_container(source.beside(), form)
        self.duration_s = duration_of(self._container)
        if not self._container.streams.audio:
            raise unsupported()
        self._stream: AudioStream = self._container.streams.audio[0]
        for other in self._container.streams:
            if other is not self._stream:
                other.discard = av.stream.Discard.all
        if self._stream.codec_context is None or self._stream.time_base is None:
            raise unsupported()
        self._stream.codec_context.thread_count = 1
        self._origin_s = origin_of(self._container, self._stream)
        self._muffled = muffled
        self._frames: Iterator[AudioFrame]
        self._waiting: AudioFrame | None
        self._resampler: AudioResampler | None
        self._shape: tuple[str, str, int] | None
        self._anchor_s: float | None
        self._begin(0.0)

    def start_at(self, at_s: float) -> None:
        """What is read next begins at `at_s` seconds of the item, to the sample where the file says its times."""
        if self._origin_s is None:
            first = next(self._frames, None)
            if first is not None:
                self._time(first)  # what has the first time counts as 0
        self._begin(at_s)
        if at_s <= 0.0:
            self._seek(0.0)
            return
        for back_s in (_PREROLL_S, *_FURTHER_BACK_S, at_s):
            self._seek(max(0.0, at_s - back_s))
            self._waiting = next(self._frames, None)
            if back_s >= at_s or (self._waiting is not None and self._time(self._waiting) <= at_s):
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
            return _NOTHING
        whole = np.concatenate(parts)
        return self._muffler.muffled(whole) if self._muffled else whole

    def close(self) -> None:
        self._container.close()

    # where it stands

    def _begin(self, at_s: float) -> None:
        self._from_s = at_s
        self._frames = self._decoded()
        self._waiting = self._resampler = self._shape = self._anchor_s = None
        self._ready = _NOTHING
        self._silence = 0
        self._drop = 0
        self._since_anchor_s = 0.0
        self._over = False
        self._muffler = Muffler()

    def _seek(self, at_s: float) -> None:
        self._frames, self._waiting = self._decoded(), None
        time_base = self._stream.time_base
        assert time_base is not None
        target = int((at_s + (self._origin_s or 0.0)) / float(time_base))
        try:
            self._container.seek(target, stream=self._stream, backward=True, any_frame=False)
        except (av.FFmpegError, OverflowError) as error:
            raise_source_error(error)
            raise damaged() from None

    def _time(self, frame: AudioFrame) -> float:
        """Seconds from the start of the item; where the frame has none, it follows the one before."""
        if frame.pts is None or frame.time_base is None:
            return self._due_s()
        if self._origin_s is None:
            self._origin_s = float(frame.pts * frame.time_base)
        return float(frame.pts * frame.time_base) - self._origin_s

    def _due_s(self) -> float:
        return self._from_s if self._anchor_s is None else self._anchor_s + self._since_anchor_s

    # decoding

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
            if self._over or not self._more():
                return None

    def _more(self) -> bool:
        """Decode the next frame into `_ready`; False at the end."""
        frame, self._waiting = self._waiting, None
        if frame is None:
            frame = next(self._frames, None)
        if frame is None:
            self._over = True
            if self._anchor_s is None and self._from_s <= 0.0:
                raise damaged()
            self._accept(self._resampled(None))
            return bool(len(self._ready))
        self._keep_time(frame)
        self._accept(self._resampled(frame))
        return True

    def _keep_time(self, frame: AudioFrame) -> None:
        """Silence for a gap in the times, samples dropped where they overlap: pictures beside it stay in step."""
        starts, length = self._time(frame), frame.samples / frame.sample_rate
        ahead = starts - self._due_s()
        if self._anchor_s is None or not -_LONGEST_GAP_S < ahead < _LONGEST_GAP_S:
            first = self._anchor_s is None
            self._anchor_s, self._since_anchor_s = starts, 0.0
            if not first:
                ahead = 0.0  # another clock from here on
        elif abs(ahead) <= _DRIFT_S:
            ahead = 0.0
        else:
            self._since_anchor_s += ahead
        if ahead > 0.0:
            self._silence = round(min(ahead, _LONGEST_GAP_S) * SOUND_RATE)
        elif ahead < 0.0:
            self._drop += round(min(-ahead, _LONGEST_GAP_S) * SOUND_RATE)
        self._since_anchor_s += length

    def _accept(self, samples: Samples) -> None:
        dropped = min(self._drop, len(samples))
        self._drop -= dropped
        self._ready = samples[dropped:]

    def _resampled(self, frame: AudioFrame | None) -> Samples:
        """Of None: what the resampler still holds."""
        if frame is not None:
            shape = frame.format.name, frame.layout.name, frame.sample_rate
            if shape != self._shape:  # the stream changed: what the old one still holds is less than a millisecond
                self._resampler = AudioResampler(format="s16", layout="mono", rate=SOUND_RATE)
                self._shape = shape
        if self._resampler is None:
            return _NOTHING
        parts = [part.to_ndarray().reshape(-1) for part in self._resampler.resample(frame)]
        return np.concatenate(parts).astype(np.int16, copy=False) if parts else _NOTHING

    def _decoded(self) -> Iterator[AudioFrame]:
        """Frames in order. A broken packet is skipped; after too many in a row the stream is taken to end."""
        broken = 0
        demuxer = self._container.demux(self._stream)
        while broken <= _BROKEN_PACKETS:
            try:
                packet = next(demuxer, None)
                if packet is None:
                    return
                frames = packet.decode()
            except (av.FFmpegError, ValueError) as error:
                raise_source_error(error)
                broken += 1
                continue
            for frame in frames:
                assert isinstance(frame, AudioFrame)
                if not _usable(frame):
                    broken += 1
                    continue
                broken = 0
                yield frame


def _usable(frame: AudioFrame) -> bool:
    """Rates and lengths that resampling does not blow up."""
    slowest, fastest = RATES
    if not slowest <= frame.sample_rate <= fastest or not 1 <= frame.layout.nb_channels <= MAX_CHANNELS:
        return False
    return 0 < frame.samples <= MAX_FRAME_S * frame.sample_rate
