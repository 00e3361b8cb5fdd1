"""How one person likes the window. Personal, so it is kept in the encrypted store and nowhere else."""

from __future__ import annotations

from enum import Enum

import msgspec

TEXT_SCALES = (1.0, 1.25, 1.5, 2.0)
MAX_BYTES = 1000


class Look(str, Enum):
    DARK = "dark"
    LIGHT = "light"


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """`text_scale` is one of TEXT_SCALES; everything grows with it, not the letters alone."""

    look: Look = Look.DARK
    text_scale: float = 1.0
    less_motion: bool = False


def next_scale(now: float, steps: int) -> float:
    """The scale `steps` larger (smaller when negative) than the one nearest to `now`, within TEXT_SCALES."""
    at = min(range(len(TEXT_SCALES)), key=lambda i: abs(TEXT_SCALES[i] - now))
    return TEXT_SCALES[max(0, min(len(TEXT_SCALES) - 1, at + steps))]


def write_preferences(preferences: Preferences) -> bytes:
    return msgspec.json.encode(preferences)


def read_preferences(untrusted_stored: bytes | None) -> Preferences | None:
    """What was stored. None where nothing was, or what is there cannot be used: nobody is kept out by it."""
    if untrusted_stored is None or len(untrusted_stored) > MAX_BYTES:
        return None
    try:
        read = msgspec.json.decode(untrusted_stored, type=Preferences)
    except msgspec.MsgspecError:
        return None
    return read if read.text_scale in TEXT_SCALES else msgspec.structs.replace(read, text_scale=1.0)
