"""What is known of an item before anybody opens it: matches in hash lists, and what it is a copy of."""

from __future__ import annotations

from enum import Enum

import msgspec

# PDQ: 256 bits; what its authors recommend. Distance in bits, quality 0-100.
PDQ_MATCH = 31
PDQ_QUALITY = 50

# Of a list that is taken in: what it and its versions may be called, and how many bytes it may have.
KNOWN_LIST_NAME = r"^\w[\w ._+:/()-]{0,99}$"
KNOWN_LIST_BYTES = 8 << 30


class MatchKind(str, Enum):
    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"
    PDQ = "pdq"

    @property
    def exact(self) -> bool:
        """The same bytes. PDQ says only that it looks alike."""
        return self is not MatchKind.PDQ


class KnownMatch(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a known-hash list that this item matches. It pre-fills or veils; it never decides.

    `distance` is in bits for PDQ (0-31), 0 for the exact kinds. `category` and `classification` are what the list says
    of it, in the list's own words; empty where it says nothing.
    """

    list_name: str
    list_version: str
    kind: MatchKind
    distance: int = 0
    category: str = ""
    classification: str = ""


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """The item is one of `size` copies of each other. `id` is the same for all of them.

    `distance` is that of PDQ to the stack's first item in bits; 0 for the same bytes.
    """

    id: str
    size: int
    distance: int = 0
