"""One decoder on one video stream: where it stands, and the next frame from there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from reviewer.media.formats import Format
from reviewer.media.worker.demux import duration_of, open_container, origin_of, raise_source_error
from reviewer.media.worker.failures import Unshowable, damaged, too_large, unsupported
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.transcript import has_transcript

MAX_FRAME_PIXELS = 36_000_000
_BROKEN_PACKETS = 64
_PATIENCE = 300  # packets without a key frame after which decoding begins in the middle
_EPSILON = 0.001
_FOREVER = float("inf")

# One time a packet is all they keep: with reordered frames the first one comes late by the reordering.
_ONE_TIME_A_PACKET = (Format.AVI, Format.WMV)
_REORDERED = 4


class Threads(Enum):
    """How two threads share the decoding. By slices one frame comes soonest, by frames the most come a second."""

    SLICES = "SLICE"
    FRAMES = "AUTO"


@dataclass(slots=True)
class Shot:
    """A decoded frame and when it is on screen, in seconds. `ends_s` is certain once the frame after it is known."""

    frame: VideoFrame
    starts_s: float
    ends_s: float
    certain: bool = False

    def covers(self, at_s: float) -> bool:
        """It is on screen then, for all that is known."""
        ends_s = self.ends_s - _EPSILON if self.certain else self.starts_s + _EPSILON
        return self.starts_s - _EPSILON <= at_s < ends_s


class Decoder:
    """Opens the container and its first real video stream. `stream` is None when there is none (sound alone).

    `origin_s` is the time in the file that counts as 0; the decoder finds it out unless it is given.
    """

    def __init__(self, source: RangeSource, form: Format, threads: Threads, origin_s: float | None = None) -> None:
        self._threads = threads
        self._at_once = threads is Threads.SLICES and form not in _ONE_TIME_A_PACKET
        self._container = open_container(source, form)
        self.has_sound = bool(self._container.streams.audio)
        self.has_transcript = has_transcript(self._container)
        self.duration_s = duration_of(self._container)
        self.stream: VideoStream | None = None
        self._shots: Iterator[Shot] | None = None
        self._pushed_back: Shot | None = None
        pictures = [s for s in self._container.streams.video if not _is_cover(s)]
        if pictures:
            self._choose(_main(pictures), form, origin_s)

    def _choose(self, stream: VideoStream, form: Format, origin_s: float | None) -> None:
        context = stream.codec_context
        if context is None:
            raise unsupported()
        if context.width * context.height > MAX_FRAME_PIXELS:
            raise too_large()
        if stream.time_base is None:
            raise damaged()
        for other in self._container.streams:
            if other is not stream:
                other.discard = av.stream.Discard.all
        stream.thread_type = self._threads.value
        context.thread_count = 2 if self._threads is Threads.SLICES else 3
        self.stream = stream
        self.width, self.height = context.width, context.height
        self.stretch = _stretch(stream.sample_aspect_ratio)
        self._time_base = float(stream.time_base)
        rate = stream.average_rate or stream.guessed_rate
        self._usual_length = 1.0 / float(rate) if rate else 0.04
        known = origin_of(self._container, stream)
        self.origin_s = origin_s if origin_s is not None else known or 0.0
        # How far the first frame may be from the origin and still be what is at 0.
        self._slack = 0.0
        if origin_s is None and known is None:
            self._slack = _FOREVER
        elif origin_s is None and form in _ONE_TIME_A_PACKET:
            self._slack = _REORDERED * self._usual_length

    def close(self) -> None:
        self._shots = self._pushed_back = None
        self._container.close()

    def seek(self, at_s: float) -> None:
        """Go to the key frame at or before `at_s`; some demuxers miss by seconds."""
        self._shots = self._pushed_back = None
        self._slack = 0.0
        try:
            self._container.seek(self._stamp(at_s), stream=self.stream, backward=True, any_frame=False)
        except (av.FFmpegError, OverflowError) as error:
            raise_source_error(error)
            raise damaged() from None
        self._shots = self._decode(from_key_frame=True, near_s=max(0.0, at_s))

    def key_frame_before(self, at_s: float) -> float | None:
        """When the last key frame at or before `at_s` is, if the file has an index that says so."""
        assert self.stream is not None
        entries = self.stream.index_entries
        index = entries.search_timestamp(self._stamp(at_s), backward=True, any_frame=False) if len(entries) else -1
        return entries[index].timestamp * self._time_base - self.origin_s if index >= 0 else None

    def next_shot(self) -> Shot | None:
        """The next frame in order; None at the end."""
        if self._pushed_back is not None:
            shot, self._pushed_back = self._pushed_back, None
            return shot
        if self._shots is None:
            self._shots = self._decode(from_key_frame=False, near_s=0.0)
        return next(self._shots, None)

    def first_shot(self) -> Shot | None:
        """The frame a decoder that was not used before begins with, as soon as it can be had."""
        return next(self._decode(from_key_frame=False, near_s=0.0, at_once=self._at_once), None)

    def look(self, at_s: float) -> Shot | None:
        """The key frame to which `at_s` belongs, as soon as it can be had; None where the file cannot be sought in.

        Afterwards the decoder stands nowhere in particular: seek, or look again.
        """
        try:
            self.seek(at_s)
        except Unshowable:
            return None
        return next(self._decode(from_key_frame=True, near_s=max(0.0, at_s), at_once=self._at_once), None)

    def push_back(self, shot: Shot) -> None:
        """The frame just taken is the next one again."""
        self._pushed_back = shot

    def hurry(self, hurried: bool) -> None:
        """Leave out frames that no other frame needs."""
        assert self.stream is not None
        self.stream.codec_context.skip_frame = "NONREF" if hurried else "DEFAULT"

    def _stamp(self, at_s: float) -> int:
        return int((at_s + self.origin_s) / self._time_base)

    def _decode(self, *, from_key_frame: bool, near_s: float, at_once: bool = False) -> Iterator[Shot]:
        """Broken packets are skipped; after too many in a row the stream is taken to end. Times never go back."""
        last: Shot | None = None
        for frame in self._frames(from_key_frame=from_key_frame, at_once=at_once):
            shot = self._timed(frame, last, near_s)
            if last is not None:
                last.ends_s, last.certain = shot.starts_s, True
            last = shot
            yield shot
        if last is not None:
            last.ends_s, last.certain = _FOREVER, True

    def _timed(self, frame: VideoFrame, last: Shot | None, near_s: float) -> Shot:
        told = frame.time
        if told is None:
            starts_s = near_s if last is None else last.ends_s
        else:
            if self._slack and last is None and told - self.origin_s < self._slack:
                self.origin_s = told
            starts_s = max(0.0, told - self.origin_s)
        self._slack = 0.0
        if last is not None and starts_s <= last.starts_s:
            starts_s = last.ends_s
        length = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0
        return Shot(frame, starts_s, starts_s + (length if length > 0 else self._usual_length))

    def _frames(self, *, from_key_frame: bool, at_once: bool) -> Iterator[VideoFrame]:
        """`at_once`: a key frame is not held back until none can come before it. Take one, then seek."""
        assert self.stream is not None
        broken = 0
        waiting = _PATIENCE if from_key_frame else 0
        packets = self._container.demux(self.stream)
        while broken <= _BROKEN_PACKETS:
            try:
                packet: Packet[VideoStream] | None = next(packets, None)
                if packet is None:
                    return
                if waiting and not packet.is_keyframe:
                    waiting -= 1
                    continue
                waiting = 0
                frames = packet.decode()
                if at_once and not frames and packet.is_keyframe:
                    frames = self.stream.decode(None)
                    for frame in frames:
                        frame.time_base = packet.time_base  # draining, PyAV does not know it
                    self.stream.codec_context.flush_buffers()
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


def _main(streams: list[VideoStream]) -> VideoStream:
    """Of several, the one marked as the usual one; among those the first with the most pixels that can be decoded."""

    def rank(stream: VideoStream) -> tuple[bool, bool, int]:
        context = stream.codec_context
        pixels = context.width * context.height if context is not None else 0
        return context is not None, bool(stream.disposition & av.stream.Disposition.default), pixels

    return max(streams, key=rank)


def _is_cover(stream: VideoStream) -> bool:
    covers = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    return bool(stream.disposition & covers)


def _stretch(shape: Fraction | None) -> float:
    """How much wider a pixel is than high; 1.0 where nothing sensible is said."""
    ratio = float(shape) if shape else 1.0
    return ratio if 0.25 <= ratio <= 4.0 else 1.0
