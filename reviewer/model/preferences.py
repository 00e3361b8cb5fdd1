"""How one person likes to work. Personal, so it is kept in the encrypted store and nowhere else, and never sent."""

from __future__ import annotations

from enum import Enum

import msgspec

from reviewer.model.errors import ReviewerError
from reviewer.model.policy import SOUNDS

TEXT_SCALES = (1.0, 1.25, 1.5, 2.0)
MAX_BYTES = 20_000
MOST_RATHER_NOT = 100
LONGEST_KEY = 80


class Look(str, Enum):
    DARK = "dark"
    LIGHT = "light"


class Trait(str, Enum):
    """What items are told apart by. LABEL is a tag of what to expect: written at intake, or by an earlier viewer."""

    HARM = "harm"
    LABEL = "label"
    KIND = "kind"


class RatherNot(msgspec.Struct, frozen=True, kw_only=True):
    """Items a person would rather not get for now; no reason is kept. `until` is Unix seconds, None: until changed."""

    trait: Trait
    key: str
    until: float | None = None

    def holds(self, now: float) -> bool:
        return self.until is None or now < self.until


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """`text_scale` is one of TEXT_SCALES; everything grows with it, not the letters alone.

    What follows it is a wish: `reviewer.model.within` says what of it is in force under a policy. `facts_first` are
    kinds of items of which no pixel comes by itself; `loudest` is a share of full scale; None is as the policy has it.
    """

    look: Look = Look.DARK
    text_scale: float = 1.0
    less_motion: bool = False
    guide: bool = True
    facts_first: tuple[str, ...] = ()
    grey: bool = False
    sound: str = SOUNDS[-1]
    loudest: float | None = None
    break_after_minutes: float | None = None
    break_minutes: float | None = None
    rather_not: tuple[RatherNot, ...] = ()


def next_scale(now: float, steps: int) -> float:
    """The scale `steps` larger (smaller when negative) than the one nearest to `now`, within TEXT_SCALES."""
    at = min(range(len(TEXT_SCALES)), key=lambda i: abs(TEXT_SCALES[i] - now))
    return TEXT_SCALES[max(0, min(len(TEXT_SCALES) - 1, at + steps))]


class NotKept(ReviewerError):
    code = "R012"
    happened = "These preferences are more than can be kept."
    kept = "They are in force until you lock; the ones kept before are unchanged."
    to_do = "Take something off the list of what you would rather not get."


def write_preferences(preferences: Preferences) -> bytes:
    """NotKept for what `read_preferences` would not give back."""
    written = msgspec.json.encode(preferences)
    if read_preferences(written) != preferences:
        raise NotKept
    return written


def read_preferences(untrusted_stored: bytes | None) -> Preferences | None:
    """What was stored. None where nothing was, or what is there cannot be used: nobody is kept out by it."""
    if untrusted_stored is None or len(untrusted_stored) > MAX_BYTES:
        return None
    try:
        read = msgspec.json.decode(untrusted_stored, type=Preferences)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    known = tuple(one for one in read.rather_not if 0 < len(one.key) <= LONGEST_KEY)[:MOST_RATHER_NOT]
    scale = read.text_scale if read.text_scale in TEXT_SCALES else 1.0
    return msgspec.structs.replace(read, text_scale=scale, rather_not=known)
