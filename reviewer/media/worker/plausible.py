"""Facts as files claim them, without what nobody could believe: a broken header must not look like a lying worker."""

from __future__ import annotations

import math

import msgspec

from reviewer.media.protocol import MAX_CLAIMED_SIDE, MAX_SECONDS, Facts


def plausible(facts: Facts) -> Facts:
    """What a file overstates beyond all measure is not known: -1."""
    width, height = facts.width, facts.height
    if max(width, height) > MAX_CLAIMED_SIDE or min(width, height) < 0:
        width = height = -1
    pages = facts.pages if facts.pages <= MAX_CLAIMED_SIDE else -1
    seconds = plausible_time(facts.duration_s)
    return msgspec.structs.replace(facts, width=width, height=height, pages=pages, duration_s=seconds)


def plausible_time(seconds: float) -> float:
    return seconds if math.isfinite(seconds) and 0.0 <= seconds <= MAX_SECONDS else -1.0
