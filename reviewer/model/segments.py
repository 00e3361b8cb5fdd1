"""Relevant segments of sound and video: from when to when, and what is there. Pure."""

from __future__ import annotations

import math

import msgspec

MAX_SEGMENTS = 100
MAX_NOTE = 300
MAX_TIME_S = 1e6


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds from the start of the item; `end_s` is not before `start_s`. `note` is one short line, or empty."""

    start_s: float
    end_s: float
    note: str = ""


def in_range(seconds: float) -> float:
    """The nearest moment that a segment can have: a file may say of itself that it lasts for years, or be wrong."""
    return min(max(seconds, 0.0), MAX_TIME_S) if not math.isnan(seconds) else 0.0


def usable(segments: tuple[Segment, ...]) -> bool:
    """Few enough, each in order and finite, its note no longer than `MAX_NOTE`."""
    return len(segments) <= MAX_SEGMENTS and all(
        math.isfinite(part.start_s)
        and math.isfinite(part.end_s)
        and 0.0 <= part.start_s <= part.end_s <= MAX_TIME_S
        and len(part.note) <= MAX_NOTE
        for part in segments
    )
