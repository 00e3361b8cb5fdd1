"""One decoder on one video stream: where it stands, and the next frame from there."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from reviewer.media.formats import Format
from reviewer.media.worker.demux import duration_of, open_container, raise_source_error
from reviewer.media.worker.failures import damaged, too_large
from reviewer.media.worker.source import RangeSource

MAX_FRAME_PIXELS = 36_000_000
_BROKEN_PACKETS = 64


class Threads(Enum):
    """How two threads share the decoding. By slices the first frame comes soonest, by frames the most come a second."""

    SLICES = "SLICE"
    FRAMES = "AUTO"


class Decoder:
    """Opens the container and its first real video stream. `stream` is None when there is none (sound alone)."""

    def __init__(self, source: RangeSource, form: Format, threads: Threads) -> None:
        self.threads = threads
        self._container = open_container(source, form)
        self.has_sound = bool(self._container.streams.audio)
        self.duration_s = duration_of(self._container)
        self.stream: VideoStream | None = None
        self._frames: Iterator[VideoFrame] | None = None
        self._pushed_back: VideoFrame | None = None
        pictures = [s for s in self._container.streams.video if not _is_cover(s)]
        if pictures:
            self._choose(pictures[0])

    def _choose(self, stream: VideoStream) -> None:
        context = stream.codec_context
        if context.width * context.height > MAX_FRAME_PIXELS:
            raise too_large()
        if stream.time_base is None:
            raise damaged()
        for other in self._container.streams:
            if other is not stream:
                other.discard = av.stream.Discard.all
        stream.thread_type = self.threads.value
        context.thread_count = 2 if self.threads is Threads.SLICES else 3
        self.stream = stream
        self.width, self.height = context.width, context.height
        self._time_base = float(stream.time_base)
        self._start = stream.start_time * self._time_base if stream.start_time else 0.0
        rate = stream.average_rate or stream.guessed_rate
        self._usual_length = 1.0 / float(rate) if rate else 0.04

    def close(self) -> None:
        self._frames = self._pushed_back = None
        self._container.close()

    def time(self, frame: VideoFrame) -> float:
        """Seconds from the start of the stream."""
        return max(0.0, (frame.time or 0.0) - self._start)

    def length(self, frame: VideoFrame) -> float:
        """Seconds for which the frame stays on screen."""
        if frame.duration and frame.time_base:
            return float(frame.duration * frame.time_base)
        return self._usual_length

    def seek(self, at_s: float) -> None:
        """Go to the key frame at or before `at_s`; some demuxers miss by seconds."""
        self._frames = self._pushed_back = None
        target = max(0, int((at_s + self._start) / self._time_base))
        try:
            self._container.seek(target, stream=self.stream, backward=True, any_frame=False)
        except av.FFmpegError as error:
            raise_source_error(error)
            raise damaged() from None

    def next_frame(self) -> VideoFrame | None:
        """The next frame in order; None at the end."""
        if self._pushed_back is not None:
            frame, self._pushed_back = self._pushed_back, None
            return frame
        if self._frames is None:
            self._frames = self._decode()
        return next(self._frames, None)

    def push_back(self, frame: VideoFrame) -> None:
        """The frame just taken is the next one again."""
        self._pushed_back = frame

    def key_frames_only(self, only: bool) -> None:
        assert self.stream is not None
        self.stream.codec_context.skip_frame = "NONKEY" if only else "DEFAULT"

    def _decode(self) -> Iterator[VideoFrame]:
        """A broken packet is skipped; after too many in a row the stream is taken to end."""
        assert self.stream is not None
        broken = 0
        demuxer = self._container.demux(self.stream)
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
                broken = 0
                assert isinstance(frame, VideoFrame)
                if frame.width * frame.height > MAX_FRAME_PIXELS:
                    raise too_large()
                yield frame


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
