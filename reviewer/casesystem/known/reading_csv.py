"""A hash list as CSV: a header row, then one entry a line. Read line by line; nothing of it is ever quoted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from reviewer.casesystem.known.entry import KINDS, WORD_FIELDS, Entry, Malformed, field_named, read_digest, read_word

MAX_LINE = 64 * 1024


def read_csv(untrusted_file: BinaryIO) -> Iterator[Entry]:
    """Columns in any order and letter case; those not of ours are passed over. `Malformed` names line and field."""
    lines = _Lines(untrusted_file)
    reader = csv.reader(lines, strict=True)
    rows = _rows(reader, lines)
    columns = _columns(next(rows, None))
    width, places = len(columns), {name: at for at, name in enumerate(columns) if name}
    digest_places = [
        (position, kind, places[kind.value]) for position, kind in enumerate(KINDS) if kind.value in places
    ]
    category_at, classification_at = (places.get(field) for field in WORD_FIELDS)
    words: dict[tuple[str, str], str] = {}
    for row in rows:
        line = reader.line_num
        if not row:
            continue
        if len(row) != width:
            raise Malformed(line, "", "other-width")
        digests = [b""] * len(KINDS)
        for position, kind, place in digest_places:
            digests[position] = read_digest(line, kind, row[place])
        if not any(digests):
            raise Malformed(line, digest_places[0][1].value, "no-digest")
        category, classification = (
            "" if at is None else words.get((field, row[at])) or _word(words, line, field, row[at])
            for field, at in (("category", category_at), ("classification", classification_at))
        )
        yield Entry(tuple(digests), category, classification)


def _word(words: dict[tuple[str, str], str], line: int, field: str, untrusted_text: str) -> str:
    """Lists say the same few words millions of times."""
    word = read_word(line, field, untrusted_text)
    if len(words) < 1000:
        words[field, untrusted_text] = word
    return word


def _columns(header: list[str] | None) -> list[str]:
    """A name of ours, or empty, for each column."""
    if header is None:
        raise Malformed(1, "", "empty")
    columns = [field_named(name) or "" for name in header]
    named = [name for name in columns if name]
    for name in named:
        if named.count(name) > 1:
            raise Malformed(1, name, "twice")
    if not any(kind.value in named for kind in KINDS):
        raise Malformed(1, "", "no-column")
    return columns


def _rows(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Malformed(max(1, lines.number), "", "not-csv") from None


class _Lines:
    """Lines of text, none longer than `MAX_LINE`, whatever the file is."""

    def __init__(self, untrusted_file: BinaryIO) -> None:
        self._file = untrusted_file
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(MAX_LINE + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        if len(raw) > MAX_LINE:
            raise Malformed(self.number, "", "too-long")
        if self.number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise Malformed(self.number, "", "not-text") from None
