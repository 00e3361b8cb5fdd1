"""Moving pictures through PyAV: the frame at a time, upright, as cheaply as the level asked for allows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.demux import duration_of, open_container, raise_source_error
from reviewer.media.worker.failures import Unshowable, damaged, too_large
from reviewer.media.worker.luma import bgr, luma
from reviewer.media.worker.orient import orientation_of_rotation, turned_sides, upright
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeSource

MAX_FRAME_PIXELS = 36_000_000
_THREADS = 2
_BROKEN_PACKETS = 64
_FORWARD_S = 0.5  # decoding this far ahead is cheaper than seeking
_EPSILON = 0.0005


class VideoItem:
    """A video, or a file of a video format that turns out to hold sound alone (`has_picture` False)."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        self._form = form
        self._container = open_container(source, form)
        pictures = [s for s in self._container.streams.video if not _is_cover(s)]
        self.has_picture = bool(pictures)
        self.has_sound = bool(self._container.streams.audio)
        self.duration_s = duration_of(self._container)
        self._recent: deque[VideoFrame] = deque(maxlen=3)
        self._frames: Iterator[VideoFrame] | None = None
        self._pushed_back: VideoFrame | None = None
        self._orientation: int | None = None
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
        stream.thread_type = "AUTO"
        context.thread_count = _THREADS
        self._stream = stream
        self._time_base = float(stream.time_base)
        self._start = stream.start_time * self._time_base if stream.start_time else 0.0

    def facts(self) -> Facts:
        width = height = -1
        orientation = 1
        if self.has_picture:
            context = self._stream.codec_context
            orientation = self._upright_orientation()
            width, height = turned_sides(context.width, context.height, orientation)
        form, seconds = int(self._form), self.duration_s
        return Facts(form, width, height, seconds, -1, self.has_sound, orientation, self.has_picture)

    def grey(self, long_side: int, at_s: float) -> Picture:
        return self.grey_of(self.frame_at(at_s), 2 * long_side)

    def colour(self, at_s: float, share: float) -> Picture:
        frame = self.frame_at(at_s)
        return self.colour_of(frame, frame.width, frame.height)

    def time_of(self, at_s: float) -> float:
        return self.time(self.frame_at(at_s))

    def grey_of(self, frame: VideoFrame, long_side: int) -> Picture:
        return upright(luma(frame, long_side), self._upright_orientation())

    def colour_of(self, frame: VideoFrame, width: int, height: int) -> Picture:
        """BGR, scaled by the decoder's own scaler to `width` x `height` as stored, then turned upright."""
        return upright(bgr(frame, width, height), self._upright_orientation())

    def stored_box(self, max_width: int, max_height: int) -> tuple[int, int]:
        """A box for the upright picture, as a box for the picture as it is stored."""
        return turned_sides(max_width, max_height, self._upright_orientation())

    def time(self, frame: VideoFrame) -> float:
        return max(0.0, (frame.time or 0.0) - self._start)

    def frame_at(self, at_s: float) -> VideoFrame:
        """The frame on screen at `at_s` seconds: the last whose time is not later. Raises DAMAGED if there is none."""
        at_s = max(0.0, min(at_s, self.duration_s - 0.001) if self.duration_s > 0 else at_s)
        for frame in self._recent:
            if self._on_screen(frame, at_s):
                return frame
        newest = self._recent[-1] if self._recent else None
        ahead = newest is not None and 0.0 <= at_s - self.time(newest) < _FORWARD_S
        if not ahead and (newest is not None or at_s > 0.0):
            self.seek(at_s)
        best = newest if ahead else self._at_or_before(at_s)
        while best is not None and not self._on_screen(best, at_s):
            following = self.next_frame()
            if following is None:
                break
            if self.time(following) > at_s + _EPSILON:
                self._pushed_back = following
                break
            best = following
        if best is None:
            raise damaged()
        self.hold(best)
        return best

    def _at_or_before(self, at_s: float) -> VideoFrame | None:
        """The first frame after a seek. Where the demuxer (mpegts) jumped too far: further back, then the start."""
        frame = self.next_frame()
        for back_s in (2.0, 10.0, at_s + 1.0):
            if frame is None or at_s <= 0.0 or self.time(frame) <= at_s + _EPSILON:
                break
            self.seek(at_s - back_s)
            frame = self.next_frame()
        return frame

    def hold(self, frame: VideoFrame) -> None:
        """Keep a decoded frame for reveals at its time."""
        if frame not in self._recent:
            self._recent.append(frame)

    def is_newest(self, frame: VideoFrame) -> bool:
        """Nothing has moved the decoder since this frame was decoded."""
        return bool(self._recent) and self._recent[-1] is frame

    def seek(self, at_s: float) -> None:
        """Go to the key frame at or before `at_s`."""
        self._frames = self._pushed_back = None
        self._recent.clear()
        target = max(0, int((at_s + self._start) / self._time_base))
        try:
            self._container.seek(target, stream=self._stream, backward=True, any_frame=False)
        except av.FFmpegError as error:
            raise_source_error(error)
            raise damaged() from None

    def next_frame(self) -> VideoFrame | None:
        """The next frame in order from where the decoder stands; None at the end."""
        if self._pushed_back is not None:
            frame, self._pushed_back = self._pushed_back, None
            return frame
        if self._frames is None:
            self._frames = self._decode()
        return next(self._frames, None)

    def key_frames_only(self, only: bool) -> None:
        self._stream.codec_context.skip_frame = "NONKEY" if only else "DEFAULT"

    def _on_screen(self, frame: VideoFrame, at_s: float) -> bool:
        starts = self.time(frame)
        return starts <= at_s + _EPSILON < starts + self._length(frame)

    def _length(self, frame: VideoFrame) -> float:
        if frame.duration and frame.time_base:
            return float(frame.duration * frame.time_base)
        rate = self._stream.average_rate or self._stream.guessed_rate
        return 1.0 / float(rate) if rate else 0.04

    def _upright_orientation(self) -> int:
        if self._orientation is None:
            # The display matrix travels with the frames, and the first frame is wanted next anyway.
            try:
                self._orientation = orientation_of_rotation(self.frame_at(0.0).rotation)
            except (Unshowable, av.FFmpegError, ValueError):
                return 1  # facts are still worth telling; asking for pixels raises it again
        return self._orientation

    def _decode(self) -> Iterator[VideoFrame]:
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
                broken = 0
                assert isinstance(frame, VideoFrame)
                if frame.width * frame.height > MAX_FRAME_PIXELS:
                    raise too_large()
                yield frame


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
