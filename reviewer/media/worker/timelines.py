"""How many frames an animated picture has and when each starts, read from its structure without decoding a pixel.

Everything is bounded by `MAX_FRAMES`: of a longer animation only so many frames exist for us, and its length is theirs.
Damaged structure ends the count; it is never an error here. Sources: GIF89a; WebP container (RFC 9649); PNG third
edition (acTL, fcTL); ISO 14496-12 for AVIF sequences; TIFF 6.0 and BigTIFF for pages.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

MAX_FRAMES = 2000
_SHORTEST_S = 0.011
_INSTEAD_S = 0.1
_MAX_BOXES = 4096


@dataclass(frozen=True, slots=True)
class Timeline:
    """Start of each frame in seconds, ascending from 0.0, and the length of one loop."""

    starts: tuple[float, ...]
    length_s: float


class Seekable(Protocol):
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def read(self, size: int = -1, /) -> bytes | None: ...


def of_delays(delays: list[float]) -> Timeline:
    """From seconds per frame. Browsers show frames of 10 ms or less for 100 ms, and so do we."""
    starts, at = [], 0.0
    for delay in delays:
        starts.append(at)
        at += delay if delay >= _SHORTEST_S else _INSTEAD_S
    return Timeline(tuple(starts), at)


@dataclass(frozen=True, slots=True)
class GifFrame:
    """Where its image descriptor lies, and what the control extension before it says. `clear`: index or -1."""

    at: int
    delay_s: float = 0.0
    disposal: int = 0
    clear: int = -1


def gif(data: memoryview) -> Timeline:
    return of_delays([frame.delay_s for frame in gif_frames(data)])


def gif_frames(data: memoryview) -> list[GifFrame]:
    """Each image descriptor is a frame; the graphic control extension before it, if any, belongs to it."""
    frames: list[GifFrame] = []
    at = 13 + _gif_table(data[10]) if len(data) >= 13 else len(data)
    delay_s, disposal, clear = 0.0, 0, -1
    while at < len(data) and len(frames) < MAX_FRAMES:
        kind = data[at]
        if kind == 0x21 and at + 2 < len(data):
            if data[at + 1] == 0xF9 and at + 6 < len(data):
                packed = data[at + 3]
                delay_s = int.from_bytes(data[at + 4 : at + 6], "little") / 100.0
                disposal, clear = packed >> 2 & 7, data[at + 6] if packed & 1 else -1
            at = _gif_skip(data, at + 2)
        elif kind == 0x2C and at + 9 < len(data):
            frames.append(GifFrame(at, delay_s, disposal, clear))
            delay_s, disposal, clear = 0.0, 0, -1
            at = gif_end(data, at)
        else:
            break
    return frames


def gif_end(data: memoryview, at: int) -> int:
    """Where the frame ends whose image descriptor is at `at`."""
    return _gif_skip(data, at + 11 + _gif_table(data[at + 9]))


def _gif_table(packed: int) -> int:
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _gif_skip(data: memoryview, at: int) -> int:
    """Past a chain of sub-blocks, each with its length before it, that ends with an empty one."""
    end = len(data)
    while at < end:
        length = data[at]
        at += 1 + length
        if not length:
            break
    return at


def webp(data: memoryview) -> Timeline:
    delays: list[float] = []
    at = 12
    while at + 24 <= len(data) and len(delays) < MAX_FRAMES:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if bytes(data[at : at + 4]) == b"ANMF":
            delays.append(int.from_bytes(data[at + 20 : at + 23], "little") / 1000.0)
        at += 8 + size + (size & 1)
    return of_delays(delays)


def apng(data: memoryview) -> Timeline:
    """Empty for a still PNG. A default picture outside the animation is frame 0 and takes no time."""
    delays: list[float] = []
    animated = outside = False
    for kind, at, size in png_chunks(data):
        if kind == b"acTL":
            animated = True
        elif kind == b"fcTL" and size >= 24:
            number, divisor = struct.unpack_from(">HH", data, at + 20)
            delays.append(number / (divisor or 100))
        elif kind == b"IDAT":
            if not animated:
                break
            outside = outside or not delays
        if len(delays) >= MAX_FRAMES:
            break
    if not animated or not delays:
        return Timeline((), 0.0)
    line = of_delays(delays)
    return Timeline((0.0, *line.starts)[:MAX_FRAMES], line.length_s) if outside else line


def png_chunks(data: memoryview) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content starts, its length) of each chunk in order."""
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size > len(data) - at - 12:
            return
        yield bytes(data[at + 4 : at + 8]), at + 8, size
        at += 12 + size


def avif(data: memoryview) -> Timeline:
    """From the first track's sample times; empty for a still picture, or when it has no such table."""
    track = _inside(data, b"moov", b"trak", b"mdia")
    head = _inside(track, b"mdhd")
    times = _inside(track, b"minf", b"stbl", b"stts")
    if len(head) < 24 or len(times) < 8:
        return Timeline((), 0.0)
    scale = int.from_bytes(head[20:24] if head[0] == 1 else head[12:16], "big") or 1
    delays: list[float] = []
    for index in range(min(int.from_bytes(times[4:8], "big"), (len(times) - 8) // 8)):
        count, delta = struct.unpack_from(">II", times, 8 + 8 * index)
        delays += [delta / scale] * min(count, MAX_FRAMES - len(delays))
        if len(delays) >= MAX_FRAMES:
            break
    return of_delays(delays)


def has_turning_box(data: memoryview) -> bool:
    """Whether a HEIF file turns or mirrors any of its pictures (irot, imir)."""
    properties = _inside(_inside(data, b"meta")[4:], b"iprp", b"ipco")
    return any(kind in (b"irot", b"imir") for kind, _ in _boxes(properties))


def _inside(data: memoryview, *path: bytes) -> memoryview:
    """The content of the first box at that path; empty if there is none."""
    for wanted in path:
        data = next((content for kind, content in _boxes(data) if kind == wanted), data[:0])
    return data


def _boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    for _ in range(_MAX_BOXES):
        if at + 8 > len(data):
            return
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8]), 8
        if size == 1 and at + 16 <= len(data):
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size < head:
            size = len(data) - at
        yield kind, data[at + head : at + size]
        at += size


def tiff_pages(source: Seekable) -> int:
    """How many directories the chain has, up to `MAX_FRAMES`; a chain that bites its tail ends there."""
    source.seek(0)
    head = source.read(16) or b""
    order = "<" if head[:2] == b"II" else ">"
    big = len(head) == 16 and head[2:4] in (b"+\x00", b"\x00+")
    if len(head) < 8:
        return 0
    (at,) = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)
    count_form, entry, next_form = ("Q", 20, "Q") if big else ("H", 12, "I")
    seen: set[int] = set()
    while at and at not in seen and len(seen) < MAX_FRAMES:
        source.seek(at)
        untrusted_count = source.read(struct.calcsize(count_form)) or b""
        if len(untrusted_count) < struct.calcsize(count_form):
            break
        (entries,) = struct.unpack(order + count_form, untrusted_count)
        if not 0 < entries <= 65535:
            break
        seen.add(at)
        source.seek(at + len(untrusted_count) + entries * entry)
        following = source.read(struct.calcsize(next_form)) or b""
        if len(following) < struct.calcsize(next_form):
            break
        (at,) = struct.unpack(order + next_form, following)
    return len(seen)
