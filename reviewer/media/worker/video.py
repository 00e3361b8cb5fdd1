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

    Two decoders: a scout that gives single key frames soonest (the first one, previews, scenes), and one that gives
    frames in order, opened when it is first needed. What one does never moves the other.
    """

    def __init__(self, source: RangeSource, form: Format) -> None:
        super().__init__(source, form)
        self.scout = Decoder(source.beside(), form, Threads.SLICES)
        self.has_picture = self.scout.stream is not None
        self.has_sound = self.scout.has_sound
        self.duration_s = self.length_s = self.scout.duration_s
        if self.has_picture and self.duration_s <= 0:
            self.length_s, complete = read_length(source.beside(), form)
            self.duration_s = self.length_s if complete else -1.0
        self._recent: deque[Shot] = deque(maxlen=3)
        self._scaler = Scaler()
        self._in_order: Decoder | None = None
        self._unread = True
        self._first: Shot | None = None
        self._orientation = 1

    def facts(self) -> Facts:
        width = height = -1
        orientation = 1
        if self.has_picture:
            self._look_at_first()
            orientation = self._orientation
            width, height = turned_sides(*self._shown_size(self.scout.width, self.scout.height), orientation)
        form, seconds = int(self._form), self.duration_s
        sound, transcript = self.has_sound, self.scout.has_transcript
        return Facts(form, width, height, seconds, -1, sound, orientation, self.has_picture, transcript=transcript)

    def grey(self, long_side: int, at_s: float) -> Picture:
        return self.grey_of(self.shot_at(at_s).frame, (2 * long_side, 2 * long_side))

    def colour(self, at_s: float, share: float) -> Picture:
        frame = self.shot_at(at_s).frame
        size = self._shown_size(frame.width, frame.height)
        return upright(self._scaler.bgr(frame, *size), self._orientation)

    def turn_to(self, page: int) -> None:
        if page:
            raise damaged()

    def time_of(self, at_s: float) -> float:
        return self.shot_at(at_s).starts_s

    def glance(self, long_side: int, at_s: float) -> tuple[Picture, float]:
        """Grey from the key frame before `at_s`, and its time, by a decoder of its own: what plays is not disturbed."""
        shot = self.scout.look(self._inside(at_s)) or self.shot_at(at_s)
        return self.grey_of(shot.frame, (2 * long_side, 2 * long_side)), shot.starts_s

    @property
    def decoder(self) -> Decoder:
        """The one that gives frames in order."""
        if self._in_order is None:
            self._in_order = Decoder(self._source.beside(), self._form, Threads.FRAMES, self.scout.origin_s)
            self._unread = True
        return self._in_order

    def grey_of(self, frame: VideoFrame, box: tuple[int, int], *, quick: bool = False) -> Picture:
        """Grey, scaled down into `box` and upright. `quick` reads fewer rows: for moving pictures."""
        orientation = self._orientation
        size = fit(*self._shown_size(frame.width, frame.height), *turned_sides(*box, orientation))
        return upright(luma(frame, *size, quick=quick), orientation)

    def bgrx_of(self, frame: VideoFrame, box: tuple[int, int]) -> Picture:
        """Colour for moving pictures, scaled down into `box` by the fastest way there is, and upright."""
        orientation = self._orientation
        size = fit(*self._shown_size(frame.width, frame.height), *turned_sides(*box, orientation))
        return upright(self._scaler.bgrx(frame, *size), orientation)

    def shot_at(self, at_s: float, *, placed: bool = False) -> Shot:
        """The frame on screen at `at_s` seconds: the last whose time is not later. Raises DAMAGED if there is none.

        `placed`: the decoder stands behind it afterwards.
        """
        at_s = self._inside(at_s)
        if self._first is not None and not placed and self._first.covers(at_s):
            return self._first
        newest = self._recent[-1] if self._recent else None
        for shot in self._recent:
            if shot.covers(at_s) and (shot is newest or not placed):
                return shot
        best = newest if newest is not None and self._ahead_of(newest, at_s) else self._at_or_before(at_s)
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
        self._unread = False

    def _from_start(self) -> Shot | None:
        """The first frame, the decoder behind it."""
        if not self._unread and self._in_order is not None:
            self._in_order.close()
            self._in_order = None
        self._recent.clear()
        shot = self.decoder.next_shot()
        self._unread = False
        return shot

    def _inside(self, at_s: float) -> float:
        """Not before the first frame, and not far behind what the file says is its end (some say too little)."""
        latest = self.duration_s + _SPARE_S if self.duration_s > 0 else at_s
        return max(self._first_s, min(at_s, latest))

    @property
    def _first_s(self) -> float:
        return self._first.starts_s if self._first is not None else 0.0

    def _ahead_of(self, newest: Shot, at_s: float) -> bool:
        """Decoding on gets there sooner than seeking."""
        gap_s = at_s - newest.starts_s
        if 0.0 <= gap_s < _FORWARD_S:
            return True
        if not 0.0 <= gap_s < _LONGEST_S:
            return False
        key_s = self.decoder.key_frame_before(at_s)
        return key_s is not None and key_s <= newest.starts_s + _EPSILON

    def _at_or_before(self, at_s: float) -> Shot | None:
        """The first frame after a seek. Where the demuxer (mpegts) jumped too far: further back, then the start."""
        if self._unread and at_s - self._first_s < _FORWARD_S:
            return self._from_start()
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
        return self._from_start()

    def _shown_size(self, width: int, height: int) -> tuple[int, int]:
        """Of pixels that are not square, the wider side grows."""
        stretch = self.scout.stretch
        if stretch >= 1.0:
            return round(width * stretch), height
        return width, round(height / stretch)

    def _look_at_first(self) -> None:
        """The display matrix travels with the frames, and the first frame is wanted next anyway."""
        if self._first is None:
            try:
                self._first = self.scout.first_shot() or self.shot_at(0.0)
                self._orientation = orientation_of(self._first.frame)
            except (Unshowable, av.FFmpegError, ValueError):
                pass  # facts are still worth telling; asking for pixels raises it again
