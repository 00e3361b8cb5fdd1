"""Synthetic films in many containers, codecs, pixel layouts and timings, made in memory: abstract patterns only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import av
import cv2
import numpy as np

RATE = 25


@dataclass(frozen=True)
class Film:
    """How to encode. `times` are the frames' presentation times in seconds (None: 25 a second from 0)."""

    codec: str = "libx264"
    container: str = "mp4"
    pix_fmt: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    gop: int = 12
    times: Sequence[float] | None = None
    matrix: tuple[int, bool, bool] | None = None
    full_range: bool = False
    interlaced: bool = False


def can_encode(codec: str) -> bool:
    try:
        av.codec.Codec(codec, "w")
    except (av.codec.codec.UnknownCodecError, ValueError):
        return False
    return True


def counted(index: int, width: int = 320, height: int = 240) -> np.ndarray:
    """Frame `index` of at most 256: eight bright or dark fields across the upper half spell it in binary."""
    picture = np.full((height, width, 3), 128, np.uint8)
    for bit in range(8):
        left, right = bit * width // 8, (bit + 1) * width // 8
        picture[: height // 2, left:right] = 220 if index >> bit & 1 else 35
    return picture


def number_on(grey: np.ndarray) -> int:
    """What `counted` spelled, from a grey picture of any size."""
    height, width = grey.shape
    row = grey[height // 4]
    return sum(1 << bit for bit in range(8) if row[int((bit + 0.5) * width / 8)] > 128)


def encoded(frames: Sequence[np.ndarray], film: Film | None = None) -> bytes:
    """BGR pictures as one film."""
    film = film or Film()
    out = io.BytesIO()
    height, width = frames[0].shape[:2]
    with av.open(out, "w", format=film.container) as file:
        stream = file.add_stream(film.codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, film.pix_fmt
        stream.gop_size = film.gop
        stream.options = dict(film.options)
        stream.time_base = Fraction(1, 25) if film.times is None else Fraction(1, 1000)
        if film.times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if film.full_range:
            stream.codec_context.color_range = 2
        if film.matrix is not None:
            rotation, across, down = film.matrix
            stream.set_display_rotation(rotation, hflip=across, vflip=down)
        for index, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
            if film.full_range:
                frame = frame.reformat(format=film.pix_fmt, dst_color_range="JPEG")
            if film.times is None:
                frame.pts, frame.time_base = index, Fraction(1, 25)
            else:
                frame.pts, frame.time_base = round(film.times[index] * 1000), Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def counting(count: int, film: Film | None = None, *, width: int = 320, height: int = 240) -> bytes:
    return encoded([counted(i, width, height) for i in range(count)], film)


def grey_of(data: bytearray, height: int, stride: int, width: int) -> np.ndarray:
    return np.frombuffer(data, np.uint8).reshape(height, stride)[:, :width]


def panned(count: int, step: int, *, width: int = 320, height: int = 240, seed: int = 3) -> list[np.ndarray]:
    """A wide pattern that the picture wanders along, `step` pixels a frame."""
    rng = np.random.default_rng(seed)
    wide = width + step * count
    small = rng.integers(0, 255, (height // 40, wide // 40 + 1, 3), np.uint8)
    whole = cv2.resize(small, (wide, height), interpolation=cv2.INTER_CUBIC)
    return [whole[:, step * i : step * i + width] for i in range(count)]
