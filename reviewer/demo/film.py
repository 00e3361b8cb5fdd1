"""Synthetic film: h264 and aac in MP4, in memory, with hard cuts between moving abstract scenes, a tone for each."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO

import av
import av.audio.frame
import av.video.frame
import cv2
import numpy as np

from reviewer.demo.patterns import PALETTES, Pixels, light, polygon

SOUND_RATE = 48_000
_AAC_FRAME = 1024
_NOTES = (196.0, 246.9, 293.7, 220.0, 261.6, 329.6)


def film(
    rng: np.random.Generator, *, width: int, height: int, seconds: float, fps: int, scenes: int, marker: bytes
) -> bytes:
    """An MP4 whose comment is the marker. `seconds` of `scenes` scenes of equal length."""
    target = BytesIO()
    with av.open(target, "w", format="mp4") as container:
        container.metadata["comment"] = marker.decode("ascii")
        pictures = container.add_stream("libx264", rate=fps)
        pictures.width, pictures.height, pictures.pix_fmt = width, height, "yuv420p"
        pictures.options = {"preset": "ultrafast", "qp": "27", "g": str(fps * 2)}
        sound = container.add_stream("aac", rate=SOUND_RATE, layout="mono")
        tone = tones(seconds, scenes)
        heard = 0
        for number, picture in enumerate(_pictures(rng, width, height, round(seconds * fps), scenes)):
            planes: Pixels = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420)
            frame = av.video.frame.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts = number
            container.mux(pictures.encode(frame))
            # Sound goes in beside its pictures, as a camera writes it, so that playing needs no jumps in the file.
            while heard < len(tone) and heard <= (number + 1) / fps * SOUND_RATE:
                container.mux(sound.encode(_sound(tone, heard)))
                heard += _AAC_FRAME
        container.mux(pictures.encode(None))
        container.mux(sound.encode(None))
    return target.getvalue()


def _sound(tone: Pixels, start: int) -> av.audio.frame.AudioFrame:
    piece = av.audio.frame.AudioFrame.from_ndarray(tone[np.newaxis, start : start + _AAC_FRAME], "fltp", "mono")
    piece.sample_rate, piece.pts, piece.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
    return piece


def tones(seconds: float, parts: int, rate: int = SOUND_RATE) -> Pixels:
    """Quiet sine tones, one a part, each fading in and out. float32 between -1 and 1, one-dimensional."""
    total = round(seconds * rate)
    time = np.arange(total, dtype=np.float32) / rate
    part = np.minimum((time * parts / seconds).astype(np.int32), parts - 1)
    within = time * parts / seconds - part
    pitch = np.array(_NOTES, dtype=np.float32)[part % len(_NOTES)]
    swell = np.clip(np.minimum(within, 1.0 - within) * 8.0, 0.0, 1.0)
    return np.asarray(0.2 * swell * np.sin(2 * np.pi * pitch * time), dtype=np.float32)


def _pictures(rng: np.random.Generator, width: int, height: int, frames: int, scenes: int) -> Iterator[Pixels]:
    for scene in range(scenes):
        first, last = frames * scene // scenes, frames * (scene + 1) // scenes
        palette = int(rng.integers(len(PALETTES)))
        ground = light(rng, width, height, scene + palette)
        colours = PALETTES[(scene + palette + 2) % len(PALETTES)]
        for step in range(last - first):
            yield _drawn(ground, scene, step / (last - first), colours)


def _drawn(ground: Pixels, scene: int, t: float, colours: tuple[tuple[float, float, float], ...]) -> Pixels:
    """One frame: the scene's forms where they are at time `t` (0..1) of it."""
    picture = ground.copy()
    height, width = picture.shape[:2]
    size = min(width, height)
    middle = (width // 2, height // 2)
    kind = scene % 4
    if kind == 0:
        for arm in range(3):
            angle = 2 * np.pi * (t + arm / 3)
            spot = (int(middle[0] + size * 0.32 * np.cos(angle)), int(middle[1] + size * 0.24 * np.sin(angle)))
            cv2.circle(picture, spot, size // 9, colours[1 + arm % 2], -1, cv2.LINE_AA)
    elif kind == 1:
        for ring in range(3):
            corners = polygon(middle, int(size * (0.38 - 0.11 * ring)), 4 + ring, (2 * t + ring) * (1 - 2 * (ring % 2)))
            cv2.fillPoly(picture, [corners], colours[1 + ring % 2], cv2.LINE_AA)
    elif kind == 2:
        for ring in range(4):
            share = (t * 2 + ring / 4) % 1.0
            cv2.circle(picture, middle, int(size * 0.5 * share) + 2, colours[2 - ring % 2], size // 60, cv2.LINE_AA)
    else:
        for bar in range(5):
            x = int(((t + bar / 5) % 1.0) * (width + size // 4)) - size // 4
            cv2.rectangle(picture, (x, height // 5), (x + size // 10, height * 4 // 5), colours[1 + bar % 2], -1)
    return picture
