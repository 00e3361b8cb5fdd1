"""Markers: random text planted in each synthetic item, so that any trace of its plaintext can be found again.

All markers of one corpus share a random beginning. That lets the search look for one needle per encoding instead of
one per item and encoding, and names the corpus a trace came from.
"""

from __future__ import annotations

import random
import string
import struct
import zlib

import cv2
import numpy as np
from PIL import Image

from reviewer.demo.patterns import Pixels

PREFIX_BYTES = 12
MARKER_BYTES = 36

_ALPHABET = string.ascii_letters + string.digits


class Markers:
    """An endless supply of markers for one corpus: `MARKER_BYTES` ASCII letters and digits each, none twice."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._prefix = self._letters(PREFIX_BYTES)

    def next(self) -> bytes:
        return self._prefix + self._letters(MARKER_BYTES - PREFIX_BYTES)

    def _letters(self, count: int) -> bytes:
        return "".join(self._rng.choice(_ALPHABET) for _ in range(count)).encode("ascii")


def mark_jpeg(jpeg: bytes, marker: bytes, *, orientation: int = 1) -> bytes:
    """Insert EXIF (orientation and UserComment) and a COM segment right after the start of image."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + marker
    return jpeg[:2] + _segment(0xE1, exif.tobytes()) + _segment(0xFE, marker) + jpeg[2:]


def mark_pixels(picture: Pixels, marker: bytes) -> Pixels:
    """Write the marker over and over as grey values into the lowest row, in place. Only lossless formats keep it."""
    height, width = picture.shape[:2]
    row = np.frombuffer((marker * (width // len(marker) + 1))[:width], dtype=np.uint8)
    picture[height - 1] = row[:, np.newaxis]
    return picture


def png_with_marker(picture: Pixels, marker: bytes) -> bytes:
    """A PNG with the marker as its tEXt comment, right after the header chunk."""
    plain = _encoded(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    body = b"Comment\0" + marker
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", zlib.crc32(b"tEXt" + body))
    after_header = 8 + 25
    return plain[:after_header] + chunk + plain[after_header:]


def wav_with_marker(samples: Pixels, rate: int, marker: bytes) -> bytes:
    """A mono PCM16 WAVE file; the marker is its INFO comment and, as raw samples, the last few of the sound.

    `samples` is int16, one-dimensional.
    """
    sound = samples.astype("<i2").tobytes() + marker
    comment = marker + b"\0" * (2 - len(marker) % 2)
    info = b"INFO" + b"ICMT" + struct.pack("<I", len(comment)) + comment
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in ((b"fmt ", form), (b"LIST", info), (b"data", sound))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def jpeg_of(picture: Pixels, quality: int = 88) -> bytes:
    return _encoded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def _encoded(extension: str, picture: Pixels, options: list[int]) -> bytes:
    done, data = cv2.imencode(extension, picture, options)
    if not done:
        raise RuntimeError(f"no encoder for {extension}")
    return bytes(data)


def _segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body
