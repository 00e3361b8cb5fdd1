"""A video as an item: the frame on screen at a time, upright, as cheaply as the level asked for allows."""

from __future__ import annotations

from collections import deque

import av
from av.video.frame import VideoFrame

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.decoder import Decoder, Shot, Threads
from reviewer.media.worker.demux import read_length
from reviewer.media.worker.display_matrix import orientation_of
from reviewer.media.worker.failures import Unshowable, damaged
from reviewer.media.worker.heard import Heard
from reviewer.media.worker.orient import turned_sides, upright
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.planes import Scaler, luma
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.veil import fit

_FORWARD_S = 0.5  # decoding this far ahead is cheaper than seeking
_LONGEST_S = 60.0
_SPARE_S = 0.5
_EPSILON = 0.001
_BACK_S = (2.0, 10.0, 40.0)


class VideoItem(Heard):
    """A video, or a file of a video format that turns out to hold sound alone (`has_picture` False).

    `duration_s` is -1.0 where nobody can say; `length_s` is then an estimate.

    The first frame comes from a decoder that shares work by slices; whoever needs many frames changes to frames.
    """

    def __init__(self, source: RangeSource, form: Format) -> None:
        super().__init__(source, form)
        self.decoder = Decoder(source.beside(), form, Threads.SLICES)
        self.has_picture = self.decoder.stream is not None
        self.has_sound = self.decoder.has_sound
        self.duration_s = self.length_s = self.decoder.duration_s
        if self.has_picture and self.duration_s <= 0:
            self.length_s, complete = read_length(source.beside(), form)
            self.duration_s = self.length_s if complete else -1.0
        self._recent: deque[Shot] = deque(maxlen=3)
        self._orientation: int | None = None
        self._first_s = 0.0
        self._scaler = Scaler()
        self._scout: Decoder | None = None

    def facts(self) -> Facts:
        width = height = -1
        orientation = 1
        if self.has_picture:
            orientation = self._upright_orientation()
            width, height = turned_sides(*self._shown_size(self.decoder.width, self.decoder.height), orientation)
        form, seconds = int(self._form), self.duration_s
        sound, transcript = self.has_sound, self.decoder.has_transcript
        return Facts(form, width, height, seconds, -1, sound, orientation, self.has_picture, transcript=transcript)

    def grey(self, long_side: int, at_s: float) -> Picture:
        return self.grey_of(self.shot_at(at_s).frame, (2 * long_side, 2 * long_side))

    def colour(self, at_s: float, share: float) -> Picture:
        frame = self.shot_at(at_s).frame
        size = self._shown_size(frame.width, frame.height)
        return upright(self._scaler.bgr(frame, *size), self._upright_orientation())

    def turn_to(self, page: int) -> None:
        if page:
            raise damaged()

    def time_of(self, at_s: float) -> float:
        return self.shot_at(at_s).starts_s

    def glance(self, long_side: int, at_s: float) -> tuple[Picture, float]:
        """Grey from the key frame before `at_s`, and its time, by a decoder of its own: what plays is not disturbed."""
        shot = self.scout().look(self._inside(at_s)) or self.shot_at(at_s)
        return self.grey_of(shot.frame, (2 * long_side, 2 * long_side)), shot.starts_s

    def scout(self) -> Decoder:
        """A second decoder that gives key frames only, for looking around."""
        if self._scout is None:
            self._upright_orientation()  # the first frame tells where 0 is
            self._scout = Decoder(self._source.beside(), self._form, Threads.SLICES, self.decoder.origin_s)
            self._scout.key_frames_only(True)
        return self._scout

    def grey_of(self, frame: VideoFrame, box: tuple[int, int], *, quick: bool = False) -> Picture:
        """Grey, scaled down into `box` and upright. `quick` reads fewer rows: for moving pictures."""
        orientation = self._upright_orientation()
        size = fit(*self._shown_size(frame.width, frame.height), *turned_sides(*box, orientation))
        return upright(luma(frame, *size, quick=quick), orientation)

    def bgrx_of(self, frame: VideoFrame, box: tuple[int, int]) -> Picture:
        """Colour for moving pictures, scaled down into `box` by the fastest way there is, and upright."""
        orientation = self._upright_orientation()
        size = fit(*self._shown_size(frame.width, frame.height), *turned_sides(*box, orientation))
        return upright(self._scaler.bgrx(frame, *size), orientation)

    def shot_at(self, at_s: float) -> Shot:
        """The frame on screen at `at_s` seconds: the last whose time is not later. Raises DAMAGED if there is none."""
        at_s = self._inside(at_s)
        for shot in self._recent:
            if shot.covers(at_s):
                return shot
        newest = self._recent[-1] if self._recent else None
        best: Shot | None
        if newest is not None and self._ahead_of(newest, at_s):
            best = newest
        elif newest is None and at_s <= self._first_s:
            best = self._first()
        else:
            self.share_work(Threads.FRAMES)
            best = self._at_or_before(at_s)
        while best is not None and not best.covers(at_s):
            following = self.decoder.next_shot()
            if following is None:
                break
            if following.starts_s > at_s + _EPSILON:
                self.decoder.push_back(following)
                break
            best = following
        if best is None:
            raise damaged()
        self.hold(best)
        return best

    def hold(self, shot: Shot) -> None:
        """Keep a decoded frame for reveals at its time."""
        if not self.is_newest(shot):
            self._recent.append(shot)

    def is_newest(self, shot: Shot) -> bool:
        """Nothing has moved the decoder since this frame was decoded."""
        return bool(self._recent) and self._recent[-1] is shot

    def seek(self, at_s: float) -> None:
        self._recent.clear()
        self.decoder.seek(at_s)

    def share_work(self, threads: Threads) -> None:
        """Open the video again if its decoder works the other way. The place is lost: seek afterwards."""
        if self.decoder.threads is not threads:
            self._again(threads)

    def _again(self, threads: Threads) -> None:
        self.decoder.close()
        self._recent.clear()
        self.decoder = Decoder(self._source.beside(), self._form, threads, self.decoder.origin_s)

    def _inside(self, at_s: float) -> float:
        """Not before the first frame, and not far behind what the file says is its end (some say too little)."""
        latest = self.duration_s + _SPARE_S if self.duration_s > 0 else at_s
        return max(self._first_s, min(at_s, latest))

    def _first(self) -> Shot | None:
        shot = self.decoder.next_shot()
        if shot is not None:
            self._first_s = shot.starts_s
        return shot

    def _ahead_of(self, newest: Shot, at_s: float) -> bool:
        """Decoding on gets there sooner than seeking."""
        gap_s = at_s - newest.starts_s
        if 0.0 <= gap_s < _FORWARD_S:
            return True
        if not 0.0 <= gap_s < _LONGEST_S or self.decoder.threads is Threads.SLICES:
            return False
        key_s = self.decoder.key_frame_before(at_s)
        return key_s is not None and key_s <= newest.starts_s + _EPSILON

    def _at_or_before(self, at_s: float) -> Shot | None:
        """The first frame after a seek. Where the demuxer (mpegts) jumped too far: further back, then the start."""
        shot: Shot | None = None
        for back_s in (0.0, *_BACK_S):
            if back_s and at_s - back_s <= self._first_s:
                break
            try:
                self.seek(at_s - back_s)
            except Unshowable:  # a file that cannot be sought in is read from its start
                break
            shot = self.decoder.next_shot()
            if shot is not None and shot.starts_s <= at_s + _EPSILON:
                return shot
        if shot is not None and at_s > _BACK_S[-1]:
            return shot
        self._again(Threads.FRAMES)
        return self._first()

    def _shown_size(self, width: int, height: int) -> tuple[int, int]:
        """Of pixels that are not square, the wider side grows."""
        stretch = self.decoder.stretch
        if stretch >= 1.0:
            return round(width * stretch), height
        return width, round(height / stretch)

    def _upright_orientation(self) -> int:
        if self._orientation is None:
            # The display matrix travels with the frames, and the first frame is wanted next anyway.
            try:
                self._orientation = orientation_of(self.shot_at(0.0).frame)
            except (Unshowable, av.FFmpegError, ValueError):
                return 1  # facts are still worth telling; asking for pixels raises it again
        return self._orientation
