"""The distinct scenes of a video: looks around by key frames, and leaves out what has been seen."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from reviewer.media.worker.decoder import Shot
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.video import VideoItem

_MINIATURE = (32, 18)
_SOFT = 1.0  # in miniature pixels: a hand that shakes moves edges by less
_CONTRAST, _MOST_GAIN = 40.0, 8.0
_BLANK_CONTRAST = 2.0
_DIFFERENT = 28.0
_SHARE = 0.03  # a person at some distance covers more

# Where to look, in shares of one cell's stretch of time; each round only if the one before found anything.
_ROUNDS = (0.5, 0.0, 0.25, 0.75)

_Miniature = NDArray[np.float32]


class Seen:
    """The scenes shown so far, as miniatures of equal mean and contrast: a fade or a lamp makes no new scene."""

    def __init__(self) -> None:
        self._miniatures: list[_Miniature] = []

    def is_new(self, grey: Picture) -> bool:
        """Not alike any scene before; from now on it is one of them. A blank picture is never new."""
        miniature = _miniature(grey)
        if miniature is None or any(_alike(miniature, other) for other in self._miniatures):
            return False
        self._miniatures.append(miniature)
        return True


def distinct(video: VideoItem, cells: int, side: int, budget_s: float) -> Iterator[tuple[Shot, Picture]]:
    """At most `cells` scenes as they are found, not in order of time, each with a grey picture of `side` or more.

    First the key frames before evenly spaced times, which is fast however long the video is. Where several of those
    times share one key frame, the frames between are decoded too; then key frames in between. Stops after `budget_s`
    seconds. There is always one scene, if only a blank one.
    """
    seen = Seen()
    blank: tuple[Shot, Picture] | None = None
    found = 0
    for looks in _rounds(video, cells, time.monotonic() + budget_s):
        before = found
        for shot in looks:
            grey = video.grey_of(shot.frame, (2 * side, 2 * side))
            if seen.is_new(grey):
                found += 1
                yield shot, grey
                if found >= cells:
                    return
            elif blank is None:
                blank = shot, grey
        if found == before and found:
            return
    if not found and blank is not None:
        yield blank


def _rounds(video: VideoItem, cells: int, deadline: float) -> Iterator[Iterator[Shot]]:
    length = max(video.length_s, 0.0)
    if not length:
        yield iter([video.shot_at(0.0)])
        return
    shown: set[float] = set()
    between: list[float] = []
    for number, share in enumerate(_ROUNDS):
        times = [(index + share) * length / cells for index in range(cells)]
        yield _key_frames(video, times, shown, between, deadline)
        if number == 0:
            yield _exact_frames(video, between, deadline)


def _key_frames(
    video: VideoItem, times: list[float], shown: set[float], between: list[float], deadline: float
) -> Iterator[Shot]:
    """Those not in `shown` yet; `between` gets the times that have no key frame to themselves."""
    scout = video.scout
    for at_s in times:
        if time.monotonic() > deadline and shown:
            return
        known = scout.key_frame_before(at_s)
        shot = None if known is not None and round(known, 3) in shown else scout.look(at_s)
        if shot is None or round(shot.starts_s, 3) in shown:
            between.append(at_s)
            continue
        # An index may tell when it is decoded, a little before it is shown.
        shown |= {round(shot.starts_s, 3), round(known if known is not None else shot.starts_s, 3)}
        yield shot


def _exact_frames(video: VideoItem, times: list[float], deadline: float) -> Iterator[Shot]:
    for at_s in times:
        if time.monotonic() > deadline:
            return
        yield video.shot_at(at_s)


def _miniature(grey: Picture) -> _Miniature | None:
    """Small, soft, with mean 0 and usual contrast. None for a picture with nothing in it."""
    small = cv2.resize(grey, _MINIATURE, interpolation=cv2.INTER_AREA).astype(np.float32)
    soft: _Miniature = np.asarray(cv2.GaussianBlur(small, (0, 0), _SOFT), np.float32)
    contrast = float(soft.std())
    if contrast < _BLANK_CONTRAST:
        return None
    return np.asarray((soft - soft.mean()) * min(_MOST_GAIN, _CONTRAST / contrast), np.float32)


def _alike(one: _Miniature, other: _Miniature) -> bool:
    return float((np.abs(one - other) > _DIFFERENT).mean()) < _SHARE
