"""What can be shown of text, sound and containers before any of it is read or heard: shapes, not contents. Pure.

These cross the sandbox as MessagePack in the shared area; `media.reading` checks them before anybody believes them.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

SOUND_RATE = 24_000
"""Samples a second of the sound that leaves the worker: mono, signed 16 bit, little-endian."""

MAX_LINES = 20_000
MAX_LINE_LENGTH = 2_000
MAX_LINES_AT_ONCE = 500
MAX_BUCKETS = 2_000
MAX_PARTS = 10_000
MAX_SENDERS = 200
"""Names of senders that can be read; those after them have their label alone."""
MAX_SENDER_LENGTH = 200
MASK = "▇"
"""Stands for each character of a term that stays masked."""


class TextOf(IntEnum):
    """Which text of an item: the item itself, the transcript that was delivered inside it, or who sent its messages.

    SENDERS has a line for each label in order (line 0 is A): the name as the export writes it, at most `MAX_SENDERS` of
    at most `MAX_SENDER_LENGTH` characters. No line where nothing says who sent what.
    """

    ITEM = 0
    TRANSCRIPT = 1
    SENDERS = 2


def sender_label(number: int) -> str:
    """A, B, ... Z, AA for 0, 1, ... 25, 26."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sender_number(label: str) -> int | None:
    """The line of SENDERS that has the name behind a label; None where there can be none."""
    if not label or len(label) > 3 or not all("A" <= letter <= "Z" for letter in label):
        return None
    number = 0
    for letter in label:
        number = number * 26 + ord(letter) - 64
    return number - 1 if number <= MAX_SENDERS else None


class LineOutline(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One line (of a chat: one message) without its words. `length` in characters; `masked` policy terms in it.

    `sender` is a short label by order of appearance ("A", "B"), never the name in the file; `at` is the time as written
    there, at most 40 characters. `reported` marks what the export itself flags as reported.
    """

    length: int
    masked: int = 0
    sender: str = ""
    at: str = ""
    reported: bool = False


class TextOutline(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`truncated`: the item has more lines than the caps allow. `encoding` as found ("utf-8"). `parts`: attachments."""

    lines: tuple[LineOutline, ...]
    encoding: str
    truncated: bool = False
    parts: int = 0


class SoundOutline(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`peaks` and `speech` have one byte a bucket: loudest sample 0-255, and how speech-like it is 0-255."""

    duration_s: float
    peaks: bytes
    speech: bytes


class Part(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One file inside an archive or one attachment. `name` is from the file: shown to nobody, used for its suffix.

    `size` in bytes once unpacked, as declared by the container; reading never gives more than the caps allow.
    """

    name: str
    size: int
