"""What can be shown of text and sound before any of it is read or heard: shapes, not contents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineOutline:
    """One line (of a chat: one message) without its words. `length` in characters; `masked` policy terms in it.

    `sender` is a short label by order of appearance ("A", "B"), never the name in the file; `at` is the time as written
    there, at most 40 characters. `reported` marks what the referral points at.
    """

    length: int
    masked: int = 0
    sender: str = ""
    at: str = ""
    reported: bool = False


@dataclass(frozen=True, slots=True)
class TextOutline:
    """`truncated`: the item has more lines than the caps allow. `attachments` counts parts that are items too."""

    lines: tuple[LineOutline, ...]
    encoding: str
    truncated: bool = False
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class SoundOutline:
    """`peaks` and `speech` have one byte a bucket: loudest sample 0-255, and how speech-like it is 0-255."""

    duration_s: float
    peaks: bytes
    speech: bytes


SOUND_RATE = 24_000
"""Samples a second of the sound that leaves the worker: mono, signed 16 bit, little-endian."""
