"""One decoder on the first stream of sound of an item: where it stands, and the next frame from there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import Flags

from reviewer.media.formats import Format
from reviewer.media.worker.demux import duration_of, open_container, origin_of, raise_source_error
from reviewer.media.worker.failures import damaged, unsupported
from reviewer.media.worker.mixdown import usable
from reviewer.media.worker.source import RangeSource

_BROKEN_PACKETS = 3_000  # a minute of pauses that the decoder does not understand is still a pause


class SoundDecoder:
    """It has a demuxer and a place in the source of its own, so that pictures of the same item can play beside it.

    UNSUPPORTED if the item has no sound. `roughly`: seeking may be off by seconds where that is much quicker.
    """

    def __init__(self, source: RangeSource, form: Format, *, roughly: bool = False) -> None:
        self._container = open_container(source.beside(), form)
        if roughly:  # MP3 has no times in it: exactly means reading it all up to there
            self._container.flags |= cast(int, Flags.fast_seek.value)  # the stubs say the value is a flag too
        self.duration_s = duration_of(self._container)
        if not self._container.streams.audio:
            raise unsupported()
        self._stream: AudioStream = self._container.streams.audio[0]
        if self._stream.codec_context is None or self._stream.time_base is None:
            raise unsupported()
        for other in self._container.streams:
            if other is not self._stream:
                other.discard = av.stream.Discard.all
        self._stream.codec_context.thread_count = 1
        self._tick_s = float(self._stream.time_base)
        self._origin_s = origin_of(self._container, self._stream)
        self._frames = self._decoded()
        self._pushed_back: AudioFrame | None = None

    def close(self) -> None:
        self._container.close()

    def seek(self, at_s: float) -> None:
        """Go to about `at_s` or before; some demuxers miss by seconds."""
        if self._origin_s is None:
            first = self.next_frame()
            if first is not None:
                self.time(first)
        self._frames, self._pushed_back = self._decoded(), None
        target = int((max(0.0, at_s) + (self._origin_s or 0.0)) / self._tick_s)
        try:
            self._container.seek(target, stream=self._stream, backward=True, any_frame=False)
        except (av.FFmpegError, OverflowError) as error:
            raise_source_error(error)
            raise damaged() from None

    def next_frame(self) -> AudioFrame | None:
        """The next frame in order; None at the end."""
        if self._pushed_back is not None:
            frame, self._pushed_back = self._pushed_back, None
            return frame
        return next(self._frames, None)

    def push_back(self, frame: AudioFrame) -> None:
        """The frame just taken is the next one again."""
        self._pushed_back = frame

    def time(self, frame: AudioFrame) -> float | None:
        """Seconds from the start of the item; the file's first time counts as 0. None where the frame has none."""
        if frame.pts is None:
            return None
        at = frame.pts * self._tick_s
        if self._origin_s is None:
            self._origin_s = at
        return at - self._origin_s

    def _decoded(self) -> Iterator[AudioFrame]:
        """A broken packet is skipped; after too many in a row the stream is taken to end."""
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
                if not usable(frame):
                    broken += 1
                    continue
                broken = 0
                yield frame
