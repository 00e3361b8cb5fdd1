"""One entry of a known-hash list, checked field by field."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from reviewer.model.known import MatchKind

SIZES: dict[MatchKind, int] = {MatchKind.SHA256: 32, MatchKind.SHA1: 20, MatchKind.MD5: 16, MatchKind.PDQ: 32}
KINDS = tuple(SIZES)
WORD_FIELDS = ("category", "classification")
MAX_WORD = 200


class Malformed(Exception):
    """`line` is a line of a CSV file or a record of a JSON one, from 1. `field` is a name of ours, never of the file's.

    `reason` is one of the slugs in reviewer/sync/list_trouble.py.
    """

    def __init__(self, line: int, field: str, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.field = field
        self.reason = reason


class Entry(NamedTuple):
    """Digests in the order of `KINDS`, empty where the list has none of that kind."""

    digests: tuple[bytes, ...]
    category: str
    classification: str


def field_named(untrusted_name: str) -> str | None:
    """Which field of ours a column or key is: "SHA-256", "sha_256" and "sha256" are one. None: not of ours."""
    return _field_named(untrusted_name) if len(untrusted_name) <= 64 else None


@lru_cache(maxsize=256)  # every record of a JSON list says the same few names
def _field_named(untrusted_name: str) -> str | None:
    plain = untrusted_name.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    plain = {"pdqhash": "pdq", "sha2256": "sha256"}.get(plain, plain)
    return plain if plain in _FIELDS else None


def read_digest(line: int, kind: MatchKind, untrusted_text: str) -> bytes:
    """Empty for an empty field."""
    text = untrusted_text.strip()
    if not text:
        return b""
    size = SIZES[kind]
    try:
        digest = bytes.fromhex(text) if len(text) == 2 * size else b""
    except ValueError:
        digest = b""
    if len(digest) != size:
        raise Malformed(line, kind.value, "not-hex")
    return digest


def read_word(line: int, field: str, untrusted_text: str) -> str:
    word = untrusted_text.strip()
    if len(word) > MAX_WORD:
        raise Malformed(line, field, "too-long")
    if not word.isprintable():
        raise Malformed(line, field, "not-text")
    return word


_FIELDS = frozenset({*(kind.value for kind in KINDS), *WORD_FIELDS})
