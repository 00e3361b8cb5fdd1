"""Loads and runs every codec once in the fork server, before any evidence: nothing can be loaded after sealing."""

from __future__ import annotations

import importlib
import io
import pkgutil

import av
import cv2
import numpy as np
from PIL import Image

from reviewer.media.worker import fingerprint, serve, veil, warm_sound, warm_texts  # noqa: F401 - serve is preloaded
from reviewer.media.worker.identify import identify
from reviewer.media.worker.images import ImageItem
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.video import VideoItem
from reviewer.media.worker.warm_archives import archives
from reviewer.media.worker.warm_stills import stills

_SIDE = 64
_TOUCHED = 12 << 20


def everything() -> None:
    cv2.setNumThreads(1)
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith(("__main__", "datasets")):
            importlib.import_module(module.name)
    pattern = np.add.outer(np.arange(_SIDE), np.arange(_SIDE)).astype(np.uint8)
    colour = np.dstack([pattern, pattern.T, 255 - pattern])
    for suffix in (".jpg", ".png", ".webp", ".bmp", ".tiff"):
        _open_image(cv2.imencode(suffix, colour)[1].tobytes())
    for name in ("GIF", "JPEG2000", "AVIF", "HEIF", "ICO"):
        _open_image(_pillow(colour, name))
    stills(colour, _source)
    _KEPT["picture"] = cv2.imencode(".jpg", cv2.resize(colour, (4 * _SIDE, 4 * _SIDE)))[1].tobytes()
    _KEPT["video"] = _small_video()
    archives(_source)
    warm_texts.texts(_source)
    warm_texts.papers(_source)
    warm_sound.sounds(_source)
    once_more()


def once_more() -> None:
    """In a fresh worker, before its item: fork leaves the codecs' code unmapped, and touching it first costs time."""
    _open_image(_KEPT["picture"])
    _open_video(_KEPT["video"])
    warm_texts.once_more(_source)
    warm_sound.once_more(_source)
    bytearray(_TOUCHED)  # freed at once, but it stays ours and mapped: so many faults the item need not wait for


_KEPT: dict[str, bytes] = {}


def _pillow(colour: np.ndarray, name: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(colour).save(out, name)
    return out.getvalue()


def _source(data: bytes) -> RangeSource:
    def fetch(offset: int, into: memoryview) -> int:
        part = data[offset : offset + len(into)]
        into[: len(part)] = part
        return len(part)

    return RangeSource(fetch, len(data))


def _open_image(data: bytes) -> None:
    item = ImageItem(_source(data), identify(data))
    item.facts()
    veil.blurred(item.grey(16, 0.0), 16)
    veil.drawing(item.grey(64, 0.0), 64, 64)
    veil.region(item.colour(0.0, 1.0), 0.0, 0.0, 1.0, 1.0, (32, 32), False)
    fingerprint.perceptual(item.colour(0.0, 1.0))


def _small_video() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = _SIDE
        stream.thread_count = 1
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((_SIDE, _SIDE, 3), np.uint8), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def _open_video(data: bytes) -> None:
    item = VideoItem(_source(data), identify(data))
    item.facts()
    item.grey(16, 0.0)
    item.colour(0.05, 1.0)
