"""Streams of frames from one video: playing at a level, and the storyboard of its distinct scenes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from av.video.frame import VideoFrame

from reviewer.media.protocol import DRAWING_LONG_SIDE, Look, Open, StartPlay, StartStoryboard
from reviewer.media.worker import veil
from reviewer.media.worker.decoder import Shot
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.scenes import distinct
from reviewer.media.worker.video import VideoItem

Timed = tuple[Picture, float]

_HURRY_S = 0.08  # so far behind, frames that no other needs are not decoded
_JUMP_S = 1.0  # so far behind, the rest up to a later key frame is left out
_SHOW_ANYWAY_S = 0.15  # a decoder that cannot keep up shows something this often


class Playing:
    """Decodes on from `start_s` and renders each frame at the asked-for level. Late frames are not rendered.

    `not_before_s` says where the viewer's clock is. Far behind it, frames are not even decoded.
    """

    def __init__(self, video: VideoItem, asked: StartPlay, opened: Open) -> None:
        self._video = video
        self._asked = asked
        self._opened = opened
        self._hurried = False
        self.not_before_s = 0.0

    def __iter__(self) -> Iterator[Timed]:
        video = self._video
        shot: Shot | None = video.shot_at(self._asked.start_s, placed=True)
        shown = time.monotonic()
        try:
            while shot is not None:
                late_s = self.not_before_s - shot.starts_s
                if late_s <= 0.0 or time.monotonic() - shown > _SHOW_ANYWAY_S:
                    yield self._render(shot.frame), shot.starts_s
                    shown = time.monotonic()
                    if not video.is_newest(shot):  # somebody looked elsewhere meanwhile: come back
                        shot = video.shot_at(shot.starts_s, placed=True)
                shot = self._following(shot, late_s)
        finally:
            self._hurry(hurried=False)

    def _following(self, shot: Shot, late_s: float) -> Shot | None:
        video = self._video
        self._hurry(hurried=late_s > (0.0 if self._hurried else _HURRY_S))
        if late_s > _JUMP_S:
            key_s = video.decoder.key_frame_before(self.not_before_s)
            if key_s is not None and key_s > shot.starts_s + _JUMP_S / 2:
                video.seek(key_s)
        following = video.decoder.next_shot()
        if following is not None:
            video.hold(following)
        return following

    def _hurry(self, *, hurried: bool) -> None:
        if self._hurried is not hurried:
            self._hurried = hurried
            self._video.decoder.hurry(hurried)

    def _render(self, frame: VideoFrame) -> Picture:
        asked, video = self._asked, self._video
        box = asked.max_width, asked.max_height
        if asked.look is Look.BLURRED:
            grey = video.grey_of(frame, (asked.long_side, asked.long_side), quick=True)
            return veil.blurred(grey, asked.long_side, self._opened.blurred_style)
        if asked.look is Look.DRAWING:
            side = DRAWING_LONG_SIDE
            grey = video.grey_of(frame, (side, side), quick=True)
            return veil.drawing(grey, *box, self._opened.drawing_style)
        return video.grey_of(frame, box, quick=True) if asked.grey else video.bgrx_of(frame, box)


def storyboard(video: VideoItem, asked: StartStoryboard, opened: Open) -> Iterator[Timed]:
    """BLURRED or DRAWING frames of distinct scenes as they are found, not in order of time; at most `cells`."""
    for shot, grey in distinct(video, asked.cells, asked.long_side, asked.budget_s):
        if asked.look is Look.DRAWING:
            picture = veil.drawing(grey, asked.long_side, asked.long_side, opened.drawing_style)
        else:
            picture = veil.blurred(grey, asked.long_side, opened.blurred_style)
        yield picture, shot.starts_s
