"""The forms in which a marker may turn up in a file, and the first bytes of files that hold pictures, film or sound."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

# Below this, a shared beginning would turn up by chance.
_SAFE_PREFIX = 8

_Encoding = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Needle:
    """Looking for `stem` finds every marker in this form; `wholes[n]` is what marker n looks like from there on."""

    form: str
    stem: bytes
    wholes: tuple[bytes, ...]

    def marker_at(self, window: bytes | bytearray, start: int) -> int | None:
        """Which marker begins at `start`; None if it was cut off or overwritten after the stem."""
        for index, whole in enumerate(self.wholes):
            if window.startswith(whole, start):
                return index
        return None


def needles(markers: Sequence[bytes]) -> tuple[Needle, ...]:
    """One needle a form where the markers share a beginning, else one a form and marker."""
    shared = _shared_beginning(markers) if len(markers) > 1 else b""
    if len(shared) >= _SAFE_PREFIX:
        return tuple(Needle(form, encode(shared), tuple(encode(m) for m in markers)) for form, encode in _forms())
    return tuple(
        Needle(form, encode(marker), tuple(encode(m) if m == marker else b"\0never\0" for m in markers))
        for form, encode in _forms()
        for marker in markers
    )


def _shared_beginning(markers: Sequence[bytes]) -> bytes:
    first, last = min(markers), max(markers)
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]


def _forms() -> Iterator[tuple[str, _Encoding]]:
    yield "raw", bytes
    # Without the last letter's zeros each of these two finds both byte orders.
    yield "utf-16", lambda m: _spread(m, 1, b"\0")
    yield "utf-32", lambda m: _spread(m, 1, bytes(3))
    yield "pixels x3", lambda m: _spread(m, 3)
    yield "pixels x4", lambda m: _spread(m, 4)
    yield "pixels x3 and opaque", lambda m: _spread(m, 3, b"\xff")
    yield "pixels x3 and unused", lambda m: _spread(m, 3, b"\0")
    yield "hex", lambda m: m.hex().encode()
    yield "HEX", lambda m: m.hex().upper().encode()
    for before in range(3):
        yield f"base64 +{before}", lambda m, before=before: _base64_core(m, before)  # type: ignore[misc]


def _spread(marker: bytes, times: int, after: bytes = b"") -> bytes:
    """Each byte `times` over: a grey value as equal colour channels. The last pixel's filler may differ, so it goes."""
    return b"".join(bytes((value,)) * times + after for value in marker).removesuffix(after)


def _base64_core(marker: bytes, before: int) -> bytes:
    """The base64 letters that depend on the marker alone when `before` (mod 3) bytes come first."""
    letters = base64.b64encode(b"\0" * before + marker)
    return letters[(0, 2, 3)[before] : 8 * (before + len(marker)) // 6]


def media_signature(head: bytes) -> str | None:
    """The name of the picture, film or sound format that a file beginning with `head` (32 bytes or more) is in."""
    for name, offset, start in _SIGNATURES:
        if head.startswith(start, offset):
            return name
    if head[:2] == b"BM" and head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3] in b" \t\r\n" and head[3:4].isdigit():
        return "netpbm"
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return head[8:12].decode().strip().lower()
    return None


_BMP_HEADERS = frozenset({12, 40, 52, 56, 108, 124})

_SIGNATURES: tuple[tuple[str, int, bytes], ...] = (
    ("jpeg", 0, b"\xff\xd8\xff"),
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("gif", 0, b"GIF87a"),
    ("gif", 0, b"GIF89a"),
    ("tiff", 0, b"II*\0"),
    ("tiff", 0, b"MM\0*"),
    ("mp4, heic or avif", 4, b"ftyp"),
    ("jpeg 2000", 4, b"jP  \r\n\x87\n"),
    ("jpeg xl", 4, b"JXL \r\n\x87\n"),
    ("matroska", 0, b"\x1aE\xdf\xa3"),
    ("ogg", 0, b"OggS"),
    ("flac", 0, b"fLaC"),
    ("mp3", 0, b"ID3"),
    ("flash video", 0, b"FLV\x01"),
    ("asf", 0, b"0&\xb2u\x8ef\xcf\x11"),
    ("qoi", 0, b"qoif"),
    ("openexr", 0, b"v/1\x01"),
    ("numpy array", 0, b"\x93NUMPY"),
    ("pdf", 0, b"%PDF-"),
)
