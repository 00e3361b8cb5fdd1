"""Hash lists as JSON: an array of objects, or an export in the shape Project VIC made common. Record by record.

The second is OData: an object whose "value" is an array of media, each with MD5, SHA1, Category and, under "Hashes",
further digests as {"HashName", "HashValue"}. In an export of cases the media lie under "Media" of each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from reviewer.casesystem.known.entry import KINDS, WORD_FIELDS, Entry, Malformed, field_named, read_digest, read_word
from reviewer.model.known import MatchKind

MAX_RECORD = 1 << 20
# In one record. A parser's work grows with the square of how deep a file nests.
MAX_BRACKETS = 10_000
_BLOCK = 64 * 1024
_HEAD = 4096
# Asking an enumeration for its value takes longer than looking the value up.
_NAMES = tuple((kind, kind.value) for kind in KINDS)


def read_json(untrusted_file: BinaryIO) -> Iterator[Entry]:
    """`Malformed` names record and field."""
    for number, untrusted in _records(untrusted_file, "item"):
        yield _entry(number, {field_named(key): (key, value) for key, value in untrusted.items()})


def read_vic(untrusted_file: BinaryIO) -> Iterator[Entry | None]:
    """None for media that have no digest of a kind that is looked up (PhotoDNA alone): counted, not refused."""
    head = untrusted_file.read(_HEAD)
    untrusted_file.seek(0)
    for number, untrusted in _records(untrusted_file, "value.item.Media.item" if b"#Cases" in head else "value.item"):
        yield _medium(number, untrusted)


def _medium(number: int, untrusted: dict[str, Any]) -> Entry | None:
    fields: dict[str | None, tuple[str, Any]] = {}
    hashes = untrusted.get("Hashes") or []
    if not isinstance(hashes, list):
        raise Malformed(number, "", "not-a-record")
    for one in hashes:
        if not isinstance(one, dict):
            raise Malformed(number, "", "not-a-record")
        name = one.get("HashName")
        if isinstance(name, str) and field_named(name) not in (None, *WORD_FIELDS):
            fields[field_named(name)] = (name, one.get("HashValue"))
    for key in ("MD5", "SHA1", "SHA256", "Category"):
        if untrusted.get(key) not in (None, ""):
            fields[field_named(key)] = (key, untrusted[key])
    if not any(name in fields for _, name in _NAMES):
        return None
    return _entry(number, fields)


def _entry(number: int, untrusted: dict[str | None, tuple[str, Any]]) -> Entry:
    digests = tuple(
        read_digest(number, kind, _text(number, name, untrusted[name][1])) if name in untrusted else b""
        for kind, name in _NAMES
    )
    if not any(digests):
        raise Malformed(number, MatchKind.SHA256.value, "no-digest")
    category, classification = (
        read_word(number, field, _text(number, field, untrusted[field][1])) if field in untrusted else ""
        for field in WORD_FIELDS
    )
    return Entry(digests, category, classification)


def _text(number: int, field: str, untrusted_value: object) -> str:
    if untrusted_value is None:
        return ""
    # Categories are numbers in some exports.
    if isinstance(untrusted_value, int) and not isinstance(untrusted_value, bool) and field in WORD_FIELDS:
        return str(untrusted_value) if abs(untrusted_value) < 1 << 63 else ""
    if not isinstance(untrusted_value, str):
        raise Malformed(number, field, "not-text")
    return untrusted_value


def _records(untrusted_file: BinaryIO, prefix: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of the array at `prefix`, numbered from 1. Memory is bounded by what one record may be long."""
    metered, number = _Metered(untrusted_file), 0
    records = ijson.items(metered, prefix, buf_size=_BLOCK)
    while True:
        try:
            untrusted = next(records)
        except StopIteration:
            break
        except _TooLong:
            raise Malformed(number + 1, "", "too-long") from None
        except (ijson.JSONError, UnicodeDecodeError, ValueError, RecursionError):
            raise Malformed(number + 1, "", "not-json") from None
        number += 1
        if not isinstance(untrusted, dict):
            raise Malformed(number, "", "not-a-record")
        metered.begin_record()
        yield number, untrusted
    if not number:
        raise Malformed(1, "", "empty")


class _TooLong(Exception):
    pass


class _Metered:
    """A file that gives up when a single record goes on and on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.begin_record()

    def begin_record(self) -> None:
        self._size = self._brackets = 0

    def read(self, size: int = -1) -> bytes:
        if not size:
            return b""
        block = self._file.read(_BLOCK)
        self._size += len(block)
        self._brackets += block.count(b"[") + block.count(b"{")
        if self._size > MAX_RECORD or self._brackets > MAX_BRACKETS:
            raise _TooLong
        return block
