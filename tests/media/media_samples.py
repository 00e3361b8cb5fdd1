"""Synthetic media for the tests, made in memory: abstract patterns only."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import cv2
import numpy as np


def pattern(width: int, height: int, seed: int = 1) -> np.ndarray:
    """Smooth coloured blobs, BGR."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (max(2, height // 40), max(2, width // 40), 3), np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def grain(width: int, height: int, seed: int = 1) -> np.ndarray:
    """Noise, which no codec makes small."""
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)


def checkers(width: int, height: int, square: int) -> np.ndarray:
    rows, columns = np.indices((height, width))
    grey = ((rows // square + columns // square) % 2 * 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


def quarters(width: int, height: int) -> np.ndarray:
    """Upright it is: white top left, the rest dark grey. Tells every orientation from every other."""
    picture = np.full((height, width, 3), 40, np.uint8)
    picture[: height // 2, : width // 2] = 250
    picture[height // 2 :, : width // 2] = 150
    return picture


def jpeg(picture: np.ndarray, orientation: int | None = None) -> bytes:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
    if orientation is None:
        return data
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01" + bytes([0, orientation]) + bytes(6)
    segment = b"Exif\x00\x00" + tiff
    return data[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]


def image(picture: np.ndarray, suffix: str) -> bytes:
    return cv2.imencode(suffix, picture)[1].tobytes()


def video(
    frames: list[np.ndarray],
    *,
    rate: int = 25,
    codec: str = "libx264",
    container: str = "mp4",
    rotation: int = 0,
    gop: int = 12,
    sound: bool = False,
    options: dict[str, str] | None = None,
) -> bytes:
    out = io.BytesIO()
    height, width = frames[0].shape[:2]
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.gop_size = gop
        stream.options = {"preset": "ultrafast"} if options is None and codec == "libx264" else options or {}
        if rotation:
            stream.set_display_rotation(rotation)
        audio = file.add_stream("aac", rate=48000) if sound else None
        for picture in frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")))
        file.mux(stream.encode(None))
        if audio is not None:
            for index in range(len(frames) * 48000 // rate // 1024):
                quiet = np.zeros((1, 1024), np.float32)
                frame = av.AudioFrame.from_ndarray(quiet, format="fltp", layout="mono")
                frame.sample_rate, frame.pts, frame.time_base = 48000, index * 1024, Fraction(1, 48000)
                file.mux(audio.encode(frame))
            file.mux(audio.encode(None))
    return out.getvalue()


def moving(width: int, height: int, count: int) -> list[np.ndarray]:
    """A pattern that wanders to the left, eight pixels a frame."""
    base = pattern(width, height)
    return [np.roll(base, -8 * i, axis=1) for i in range(count)]


def wav(seconds: float = 1.0) -> bytes:
    count = int(8000 * seconds)
    tone = (np.sin(np.arange(count) / 8.0) * 8000).astype("<i2").tobytes()
    head = b"WAVEfmt " + (16).to_bytes(4, "little") + b"\1\0\1\0" + (8000).to_bytes(4, "little")
    head += (16000).to_bytes(4, "little") + b"\2\0\x10\0data" + len(tone).to_bytes(4, "little")
    return b"RIFF" + (len(head) + len(tone)).to_bytes(4, "little") + head + tone
