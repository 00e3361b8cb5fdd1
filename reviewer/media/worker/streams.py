"""Streams of frames from one video: playing at a level, and the storyboard of its distinct scenes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np
from av.video.frame import VideoFrame

from reviewer.media.protocol import DRAWING_LONG_SIDE, BlurredStyle, Look, Open, StartPlay, StartStoryboard
from reviewer.media.worker import veil
from reviewer.media.worker.decoder import Threads
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.video import VideoItem

Timed = tuple[Picture, float]

_ALIKE = 7.0  # mean difference of two grey miniatures, in grey levels, under which scenes count as the same
_MINIATURE = (32, 18)


class Playing:
    """Decodes on from `start_s` and renders each frame at the asked-for level. Late frames are not rendered."""

    def __init__(self, video: VideoItem, asked: StartPlay, opened: Open) -> None:
        self._video = video
        self._asked = asked
        self._opened = opened
        self.not_before_s = 0.0

    def __iter__(self) -> Iterator[Timed]:
        video = self._video
        video.share_work(Threads.FRAMES)
        frame: VideoFrame | None = video.frame_at(self._asked.start_s)
        while frame is not None:
            at_s = video.decoder.time(frame)
            if at_s >= self.not_before_s:
                yield self._render(frame), at_s
                if not video.is_newest(frame):  # somebody looked elsewhere meanwhile: come back
                    frame = video.frame_at(at_s)
            frame = video.decoder.next_frame()
            if frame is not None:
                video.hold(frame)

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


def storyboard(video: VideoItem, asked: StartStoryboard, style: BlurredStyle) -> Iterator[Timed]:
    """BLURRED frames of distinct scenes as they are found, not in order of time; at most `cells`.

    First the key frames nearest to evenly spaced times, which is fast however long the video is. Where several of
    those times share one key frame, the frames between are decoded too while `budget_s` lasts.
    """
    deadline = time.monotonic() + asked.budget_s
    seen: list[Picture] = []
    length = max(video.duration_s, 0.0)
    times = [(index + 0.5) * length / asked.cells for index in range(asked.cells)] if length else [0.0]
    between: list[float] = []
    shown: set[float] = set()
    for found in (_key_frames(video, times, shown, between, deadline), _exact_frames(video, between, deadline)):
        for frame in found:
            grey = video.grey_of(frame, (2 * asked.long_side, 2 * asked.long_side))
            if _is_new(grey, seen):
                yield veil.blurred(grey, asked.long_side, style), video.decoder.time(frame)
            if len(seen) >= asked.cells:
                return


def _key_frames(
    video: VideoItem, times: list[float], shown: set[float], between: list[float], deadline: float
) -> Iterator[VideoFrame]:
    video.share_work(Threads.SLICES)
    video.decoder.key_frames_only(True)
    try:
        for at_s in times:
            if time.monotonic() > deadline and shown:
                return
            video.seek(at_s)
            frame = video.decoder.next_frame()
            if frame is None:
                continue
            starts = video.decoder.time(frame)
            if starts in shown:
                between.append(at_s)
            else:
                shown.add(starts)
                yield frame
    finally:
        video.decoder.key_frames_only(False)
        video.seek(0.0)


def _exact_frames(video: VideoItem, times: list[float], deadline: float) -> Iterator[VideoFrame]:
    for at_s in times:
        if time.monotonic() > deadline:
            return
        yield video.frame_at(at_s)


def _is_new(grey: Picture, seen: list[Picture]) -> bool:
    miniature = u8(cv2.resize(grey, _MINIATURE, interpolation=cv2.INTER_AREA))
    if any(float(np.abs(miniature.astype(np.int16) - other).mean()) < _ALIKE for other in seen):
        return False
    seen.append(miniature)
    return True
