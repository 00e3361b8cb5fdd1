"""Moving pictures through PyAV: the frame at a time, upright, as cheaply as the level asked for allows."""

from __future__ import annotations

from collections.abc import Iterator

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.failures import damaged, too_large
from reviewer.media.worker.orient import orientation_of_rotation, turned_sides, upright
from reviewer.media.worker.source import RangeSource

# Only the demuxer that the bytes call for: a crafted playlist is otherwise a way to somewhere else.
DEMUXERS: dict[Format, str] = {
    Format.MP4: "mov",
    Format.MOV: "mov",
    Format.M4A: "mov",
    Format.THREE_GP: "mov",
    Format.MKV: "matroska",
    Format.WEBM: "matroska",
    Format.AVI: "avi",
    Format.FLV: "flv",
    Format.TS: "mpegts",
    Format.MPEG: "mpeg",
    Format.WMV: "asf",
    Format.WMA: "asf",
    Format.OGV: "ogg",
    Format.OGG: "ogg",
    Format.OPUS: "ogg",
    Format.MP3: "mp3",
    Format.FLAC: "flac",
    Format.WAV: "wav",
    Format.AMR: "amr",
    Format.AAC: "aac",
}
_WHITELIST = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpegts,mpeg,mpegvideo,asf,ogg,mp3,flac,wav,amr,aac"
MAX_FRAME_PIXELS = 36_000_000
_THREADS = 2


def open_container(source: RangeSource, form: Format) -> InputContainer:
    """Open with the one demuxer for `form`. Raises DAMAGED for what the demuxer refuses."""
    source.seek(0)
    options = {"format_whitelist": _WHITELIST, "protocol_whitelist": "", "max_streams": "64"}
    try:
        return av.open(source, format=DEMUXERS[form], options=options, metadata_errors="ignore", buffer_size=1 << 16)
    except (av.FFmpegError, ValueError, OverflowError) as error:
        _raise_source_error(error)
        raise damaged() from None


def duration_of(container: InputContainer) -> float:
    """Seconds, -1.0 when the file does not say."""
    if container.duration is not None and container.duration > 0:
        return float(container.duration) / av.time_base
    known = [float(s.duration * s.time_base) for s in container.streams if s.duration and s.time_base]
    return max(known, default=-1.0)


class VideoItem:
    """A video, or a file of a video format that turns out to hold sound alone (`has_picture` False)."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        self._form = form
        self._container = open_container(source, form)
        pictures = [s for s in self._container.streams.video if not _is_cover(s)]
        self.has_picture = bool(pictures)
        self.has_sound = bool(self._container.streams.audio)
        self.duration_s = duration_of(self._container)
        self._frame: VideoFrame | None = None
        self._orientation: int | None = None
        if not pictures:
            return
        self._stream: VideoStream = pictures[0]
        context = self._stream.codec_context
        if context.width * context.height > MAX_FRAME_PIXELS:
            raise too_large()
        for other in self._container.streams:
            if other is not self._stream:
                other.discard = "all"
        self._stream.thread_type = "AUTO"
        context.thread_count = _THREADS
        self._start = float(self._stream.start_time * self._stream.time_base) if self._stream.start_time else 0.0
        self._frames: Iterator[VideoFrame] | None = None

    def facts(self) -> Facts:
        width = height = -1
        orientation = 1
        if self.has_picture:
            context = self._stream.codec_context
            orientation = self._upright_orientation()
            width, height = turned_sides(context.width, context.height, orientation)
        return Facts(int(self._form), width, height, self.duration_s, -1, self.has_sound, orientation, self.has_picture)

    def grey(self, long_side: int, at_s: float) -> NDArray[np.uint8]:
        frame = self._frame_at(at_s)
        return upright(luma(frame, 4 * long_side), self._upright_orientation())

    def colour(self, at_s: float) -> NDArray[np.uint8]:
        frame = self._frame_at(at_s)
        return upright(_bgr(frame, frame.width, frame.height), self._upright_orientation())

    def time_of(self, at_s: float) -> float:
        return self._time(self._frame_at(at_s))

    def _upright_orientation(self) -> int:
        if self._orientation is None:
            # The display matrix travels with the frames; the first is needed anyway.
            try:
                self._orientation = orientation_of_rotation(self._frame_at(0.0).rotation)
            except Exception:  # facts are still worth telling; the pixels will raise again
                return 1
        return self._orientation

    def _time(self, frame: VideoFrame) -> float:
        return max(0.0, (frame.time or 0.0) - self._start)

    def _frame_at(self, at_s: float) -> VideoFrame:
        """The frame on screen at `at_s` seconds: the last whose time is not later."""
        at_s = max(0.0, min(at_s, self.duration_s - 0.001) if self.duration_s > 0 else at_s)
        held = self._frame
        if held is not None and self._time(held) <= at_s < self._time(held) + _length(held, self._stream):
            return held
        ahead = held is not None and self._frames is not None and 0.0 <= at_s - self._time(held) < 0.5
        if not ahead and not (held is None and at_s == 0.0):
            self._seek(at_s)
        best: VideoFrame | None = held if ahead else None
        for frame in self._decoded():
            if best is not None and self._time(frame) > at_s + 0.0005:
                # One too far: it is the next to show, so keep it in front of the stream.
                self._frames = _chain(frame, self._decoded())
                break
            best = frame
            if self._time(frame) + _length(frame, self._stream) > at_s + 0.0005:
                break
        if best is None:
            raise damaged()
        self._frame = best
        return best

    def _seek(self, at_s: float) -> None:
        self._frames = None
        target = int((at_s + self._start) / float(self._stream.time_base))
        try:
            self._container.seek(max(target, 0), stream=self._stream, backward=True, any_frame=False)
        except av.FFmpegError as error:
            _raise_source_error(error)
            raise damaged() from None

    def _decoded(self) -> Iterator[VideoFrame]:
        if self._frames is None:
            self._frames = self._decode()
        return self._frames

    def _decode(self) -> Iterator[VideoFrame]:
        """Frames from where the container stands. A broken packet is skipped; a stream of nothing else is damaged."""
        broken = 0
        demuxer = self._container.demux(self._stream)
        while True:
            try:
                packet = next(demuxer)
            except StopIteration:
                return
            except (av.FFmpegError, ValueError) as error:
                _raise_source_error(error)
                return
            try:
                frames = packet.decode()
            except (av.FFmpegError, ValueError) as error:
                _raise_source_error(error)
                broken += 1
                if broken > 64:
                    return
                continue
            for frame in frames:
                if frame.width * frame.height > MAX_FRAME_PIXELS:
                    raise too_large()
                yield frame


def luma(frame: VideoFrame, long_side: int) -> NDArray[np.uint8]:
    """The brightness of a frame at about `long_side`, full range, straight from the decoder's first plane."""
    name = frame.format.name
    share = min(1.0, long_side / max(frame.width, frame.height))
    size = max(1, round(frame.width * share)), max(1, round(frame.height * share))
    planar = name.startswith(("yuv4", "yuvj4", "nv12", "nv21", "gray8", "gray", "yuva4"))
    if not planar or (name != "gray" and name.endswith("be")):
        grey = frame.reformat(width=size[0], height=size[1], format="gray", interpolation="AREA")
        return _plane(grey)
    picture = _plane(frame)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    if small.dtype != np.uint8:
        bits = frame.format.components[0].bits
        small = (small >> (bits - 8)).astype(np.uint8)
    if name.startswith("yuvj") or name.startswith("gray") or int(frame.color_range) == 2:
        return small
    return np.asarray(cv2.convertScaleAbs(np.clip(small, 16, 235), alpha=255 / 219, beta=-16 * 255 / 219), np.uint8)


def _plane(frame: VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    deep = frame.format.components[0].bits > 8
    kind = np.uint16 if deep else np.uint8
    rows = np.frombuffer(plane, kind).reshape(-1, plane.line_size // (2 if deep else 1))
    return rows[: frame.height, : frame.width]  # type: ignore[return-value]


def _bgr(frame: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    return np.asarray(frame.to_ndarray(format="bgr24", width=width, height=height), np.uint8)


def _length(frame: VideoFrame, stream: VideoStream) -> float:
    if frame.duration and frame.time_base:
        return float(frame.duration * frame.time_base)
    rate = stream.average_rate or stream.guessed_rate
    return 1.0 / float(rate) if rate else 0.04


def _chain(first: VideoFrame, rest: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    yield first
    yield from rest


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _raise_source_error(error: Exception) -> None:
    """PyAV wraps or passes on what our source raised; a failed range is the broker's to explain, not damage."""
    seen: BaseException | None = error
    while seen is not None:
        if type(seen).__name__ == "RangeFailed":
            raise seen
        seen = seen.__cause__ or seen.__context__
