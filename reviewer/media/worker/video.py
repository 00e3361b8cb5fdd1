"""A video as an item: the frame on screen at a time, upright, as cheaply as the level asked for allows."""

from __future__ import annotations

from collections import deque

import av
from av.video.frame import VideoFrame

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.decoder import Decoder, Threads
from reviewer.media.worker.failures import Unshowable, damaged
from reviewer.media.worker.orient import orientation_of_rotation, turned_sides, upright
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.planes import Scaler, luma
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.veil import fit

_FORWARD_S = 0.5  # decoding this far ahead is cheaper than seeking
_EPSILON = 0.0005


class VideoItem:
    """A video, or a file of a video format that turns out to hold sound alone (`has_picture` False).

    The first frame comes from a decoder that shares work by slices; whoever needs many frames changes to frames.
    """

    def __init__(self, source: RangeSource, form: Format) -> None:
        self._source = source
        self._form = form
        self.decoder = Decoder(source, form, Threads.SLICES)
        self.has_picture = self.decoder.stream is not None
        self.has_sound = self.decoder.has_sound
        self.duration_s = self.decoder.duration_s
        self._recent: deque[VideoFrame] = deque(maxlen=3)
        self._orientation: int | None = None
        self._scaler = Scaler()

    def facts(self) -> Facts:
        width = height = -1
        orientation = 1
        if self.has_picture:
            orientation = self._upright_orientation()
            width, height = turned_sides(self.decoder.width, self.decoder.height, orientation)
        form, seconds = int(self._form), self.duration_s
        return Facts(form, width, height, seconds, -1, self.has_sound, orientation, self.has_picture)

    def grey(self, long_side: int, at_s: float) -> Picture:
        return self.grey_of(self.frame_at(at_s), (2 * long_side, 2 * long_side))

    def colour(self, at_s: float, share: float) -> Picture:
        frame = self.frame_at(at_s)
        return upright(self._scaler.bgr(frame), self._upright_orientation())

    def turn_to(self, page: int) -> None:
        if page:
            raise damaged()

    def time_of(self, at_s: float) -> float:
        return self.decoder.time(self.frame_at(at_s))

    def grey_of(self, frame: VideoFrame, box: tuple[int, int], *, quick: bool = False) -> Picture:
        """Grey, scaled down into `box` and upright. `quick` reads fewer rows: for moving pictures."""
        orientation = self._upright_orientation()
        size = fit(frame.width, frame.height, *turned_sides(*box, orientation))
        return upright(luma(frame, *size, quick=quick), orientation)

    def bgrx_of(self, frame: VideoFrame, box: tuple[int, int]) -> Picture:
        """Colour for moving pictures, scaled down into `box` by the decoder's fastest scaler, and upright."""
        orientation = self._upright_orientation()
        size = fit(frame.width, frame.height, *turned_sides(*box, orientation))
        return upright(self._scaler.bgrx(frame, *size), orientation)

    def frame_at(self, at_s: float) -> VideoFrame:
        """The frame on screen at `at_s` seconds: the last whose time is not later. Raises DAMAGED if there is none."""
        at_s = max(0.0, min(at_s, self.duration_s - 0.001) if self.duration_s > 0 else at_s)
        for frame in self._recent:
            if self._on_screen(frame, at_s):
                return frame
        newest = self._recent[-1] if self._recent else None
        ahead = newest is not None and 0.0 <= at_s - self.decoder.time(newest) < _FORWARD_S
        if not ahead and (newest is not None or at_s > 0.0):
            self.share_work(Threads.FRAMES)
            self.seek(at_s)
        best = newest if ahead else self._at_or_before(at_s)
        while best is not None and not self._on_screen(best, at_s):
            following = self.decoder.next_frame()
            if following is None:
                break
            if self.decoder.time(following) > at_s + _EPSILON:
                self.decoder.push_back(following)
                break
            best = following
        if best is None:
            raise damaged()
        self.hold(best)
        return best

    def hold(self, frame: VideoFrame) -> None:
        """Keep a decoded frame for reveals at its time."""
        if not self.is_newest(frame):
            self._recent.append(frame)

    def is_newest(self, frame: VideoFrame) -> bool:
        """Nothing has moved the decoder since this frame was decoded."""
        return bool(self._recent) and self._recent[-1] is frame

    def seek(self, at_s: float) -> None:
        self._recent.clear()
        self.decoder.seek(at_s)

    def share_work(self, threads: Threads) -> None:
        """Open the video again if its decoder works the other way. The place is lost: seek afterwards."""
        if self.decoder.threads is not threads:
            self.decoder.close()
            self._recent.clear()
            self.decoder = Decoder(self._source, self._form, threads)

    def _at_or_before(self, at_s: float) -> VideoFrame | None:
        """The first frame after a seek. Where the demuxer (mpegts) jumped too far: further back, then the start."""
        frame = self.decoder.next_frame()
        for back_s in (2.0, 10.0, at_s + 1.0):
            if frame is None or at_s <= 0.0 or self.decoder.time(frame) <= at_s + _EPSILON:
                break
            self.seek(at_s - back_s)
            frame = self.decoder.next_frame()
        return frame

    def _on_screen(self, frame: VideoFrame, at_s: float) -> bool:
        starts = self.decoder.time(frame)
        return starts <= at_s + _EPSILON < starts + self.decoder.length(frame)

    def _upright_orientation(self) -> int:
        if self._orientation is None:
            # The display matrix travels with the frames, and the first frame is wanted next anyway.
            try:
                self._orientation = orientation_of_rotation(self.frame_at(0.0).rotation)
            except (Unshowable, av.FFmpegError, ValueError):
                return 1  # facts are still worth telling; asking for pixels raises it again
        return self._orientation
