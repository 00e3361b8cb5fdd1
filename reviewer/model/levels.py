"""The ladder of levels: how much of an item may be seen. Always this order; a higher level shows more."""

from __future__ import annotations

from enum import Enum, IntEnum


class Level(IntEnum):
    FACTS = 0
    BLURRED = 1
    DRAWING = 2
    LENS = 3
    CLEAR = 4


class Kind(str, Enum):
    """What an item is, from its content, never from its name."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"
    CHAT = "chat"
    DOCUMENT = "document"
    EMAIL = "email"
    ARCHIVE = "archive"
    UNKNOWN = "unknown"


# The two journeys name the levels in words a person reads; the wire and the store use these keys.
LEVEL_KEYS: dict[Level, str] = {level: level.name.lower() for level in Level}
LEVEL_BY_KEY: dict[str, Level] = {key: level for level, key in LEVEL_KEYS.items()}
