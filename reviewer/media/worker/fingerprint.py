"""Fingerprints of the plaintext, taken where the plaintext is: SHA-256, SHA-1, MD5, PDQ for pictures and scenes."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import av
import cv2
import numpy as np
import pdqhash

from reviewer.media.protocol import MAX_SCENES, WINDOW_BYTES, Digests
from reviewer.media.worker.failures import Unshowable
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.scenes import distinct
from reviewer.media.worker.source import Fetch
from reviewer.media.worker.video import VideoItem

_PDQ_SIDE = 512
_SCENES_S = 6.0

Scenes = tuple[tuple[float, bytes, int], ...]


def digests(fetch: Fetch, size: int, picture: Picture | None, scenes: Scenes = ()) -> Digests:
    """Hash the whole source, a megabyte at a time. `picture` is BGR or grey, upright; None for what has none."""
    sha256 = hashlib.sha256()
    sha1 = hashlib.sha1(usedforsecurity=False)
    md5 = hashlib.md5(usedforsecurity=False)
    buffer = memoryview(bytearray(WINDOW_BYTES))
    at = 0
    with ThreadPoolExecutor(3) as together:
        while at < size:
            count = fetch(at, buffer[: min(WINDOW_BYTES, size - at)])
            if count == 0:
                break
            part = buffer[:count]
            for done in [together.submit(digest.update, part) for digest in (md5, sha256, sha1)]:
                done.result()
            at += count
    pdq, quality = (b"", -1) if picture is None else perceptual(picture)
    return Digests(sha256.digest(), sha1.digest(), md5.digest(), pdq, quality, scenes)


def scenes_of(video: VideoItem) -> Scenes:
    """PDQ of the storyboard's frames, found within `_SCENES_S` seconds; fewer, or none, of a damaged video."""
    found: dict[float, tuple[bytes, int]] = {}
    try:
        for shot, grey in distinct(video, MAX_SCENES, _PDQ_SIDE // 2, _SCENES_S):
            found[shot.starts_s] = perceptual(grey)
    except (Unshowable, av.FFmpegError, cv2.error, MemoryError, OSError, ValueError):
        pass  # the digests of a damaged video still matter
    return tuple((time_s, *found[time_s]) for time_s in sorted(found))


def perceptual(picture: Picture) -> tuple[bytes, int]:
    """PDQ (Facebook ThreatExchange): 256 bits, and a quality of 0 to 100, from at most 512 pixels a side."""
    share = _PDQ_SIDE / max(picture.shape[:2])
    if share < 1.0:
        picture = u8(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))
    colours = cv2.COLOR_GRAY2RGB if picture.ndim == 2 else cv2.COLOR_BGR2RGB
    bits, quality = pdqhash.compute(cv2.cvtColor(picture, colours))
    return np.packbits(np.asarray(bits, np.uint8)).tobytes(), max(0, min(100, int(quality)))
