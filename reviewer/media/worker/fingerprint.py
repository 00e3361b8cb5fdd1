"""Fingerprints of the plaintext, taken where the plaintext is: SHA-256, SHA-1, MD5, and PDQ for pictures."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pdqhash

from reviewer.media.protocol import WINDOW_BYTES, Digests
from reviewer.media.worker.pictures import Picture, u8
from reviewer.media.worker.source import Fetch

_PDQ_SIDE = 512


def digests(fetch: Fetch, size: int, picture: Picture | None) -> Digests:
    """Hash the whole source, a megabyte at a time. `picture` is BGR or grey, upright; None for what has none."""
    sha256 = hashlib.sha256()
    sha1 = hashlib.sha1(usedforsecurity=False)
    md5 = hashlib.md5(usedforsecurity=False)
    buffer = memoryview(bytearray(WINDOW_BYTES))
    at = 0
    while at < size:
        count = fetch(at, buffer[: min(WINDOW_BYTES, size - at)])
        if count == 0:
            break
        part = buffer[:count]
        sha256.update(part)
        sha1.update(part)
        md5.update(part)
        at += count
    pdq, quality = (b"", -1) if picture is None else perceptual(picture)
    return Digests(sha256.digest(), sha1.digest(), md5.digest(), pdq, quality)


def perceptual(picture: Picture) -> tuple[bytes, int]:
    """PDQ (Facebook ThreatExchange): 256 bits, and a quality of 0 to 100, from at most 512 pixels a side."""
    share = _PDQ_SIDE / max(picture.shape[:2])
    if share < 1.0:
        picture = u8(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))
    colours = cv2.COLOR_GRAY2RGB if picture.ndim == 2 else cv2.COLOR_BGR2RGB
    bits, quality = pdqhash.compute(cv2.cvtColor(picture, colours))
    return np.packbits(np.asarray(bits, np.uint8)).tobytes(), max(0, min(100, int(quality)))
