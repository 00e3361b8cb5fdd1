"""A hash list as CSV: a header row, then one entry a line. Nothing of it is ever quoted.

Some thousand lines at once are checked column by column, and split at commas where nothing is quoted. Where anything
about one of them is out of the ordinary, blank lines and spaces included, all of them are read again by Python's parser
and one by one, which says what is wrong and where.
"""

from __future__ import annotations

import csv
from binascii import unhexlify
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import BinaryIO

from reviewer.casesystem.known.columns import Columns, columns_of
from reviewer.casesystem.known.entry import (
    KINDS,
    MAX_WORD,
    SIZES,
    WORD_FIELDS,
    Entry,
    Malformed,
    field_named,
    read_digest,
    read_word,
)
from reviewer.casesystem.known.text_lines import MAX_LINE, TextLines

__all__ = ["MAX_LINE", "csv_columns", "read_csv"]

_WORDS_KNOWN = 10_000


def read_csv(untrusted_file: BinaryIO) -> Iterator[Entry]:
    """The entries of `csv_columns` one by one."""
    for columns in csv_columns(untrusted_file):
        yield from columns.entries()


def csv_columns(untrusted_file: BinaryIO) -> Iterator[Columns]:
    """Columns in any order and letter case; those not of ours are passed over. `Malformed` names line and field."""
    lines = TextLines(untrusted_file)
    try:
        header = next(csv.reader(lines, strict=True), None)
    except csv.Error:
        raise Malformed(max(1, lines.number), "", "not-csv") from None
    table = _Table(_columns(header))
    while lines.more():
        found = table.plain(lines.rest())
        if found is not None:
            lines.pass_over()
            yield found
        else:
            yield from _parsed(table, lines)


def _parsed(table: _Table, lines: TextLines) -> Iterator[Columns]:
    """What is left of the stretch of lines, and as much of the next as its last row reaches into."""
    rows, numbers, trouble = list[list[str]](), list[int](), None
    try:
        for row in csv.reader(lines, strict=True):
            rows.append(row)
            numbers.append(lines.number)
            if lines.at == len(lines.text):
                break
    except csv.Error:
        trouble = Malformed(max(1, lines.number), "", "not-csv")
    except Malformed as malformed:
        trouble = malformed
    # What came before it is looked at first: the first thing wrong with a list is the one that is named.
    found = table.at_once(rows)
    if found is not None:
        yield found
    else:
        yield from columns_of(table.one_by_one(rows, numbers))
    if trouble is not None:
        raise trouble


class _Table:
    """Which column is what, and rows read by that."""

    def __init__(self, columns: list[str]) -> None:
        """`columns`: a name of ours, or empty, for each."""
        self._width = len(columns)
        places = {name: at for at, name in enumerate(columns) if name}
        self._kinds = [
            (position, kind, places[kind.value]) for position, kind in enumerate(KINDS) if kind.value in places
        ]
        self._words = [(field, places.get(field)) for field in WORD_FIELDS]
        # Lists say the same few words millions of times.
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def plain(self, untrusted_text: str) -> Columns | None:
        """Whole lines that need no parser, as without quotes a comma is a comma; None when these do."""
        text = untrusted_text.replace("\r\n", "\n")
        if '"' in text or "\r" in text:
            return None
        # After each field a comma, and a field of its own for each end of a line: where these lie tells every width.
        fields = text.removesuffix("\n").replace("\n", ",\n,").split(",")
        step = self._width + 1
        ends = fields[self._width :: step]
        if (len(fields) + 1) % step or ends.count("\n") != len(ends) or len(ends) + 1 != (len(fields) + 1) // step:
            return None
        return self._checked([fields[at::step] for at in range(self._width)])

    def at_once(self, rows: list[list[str]]) -> Columns | None:
        """None when a row is out of the ordinary."""
        if set(map(len, rows)) != {self._width}:
            return None
        return self._checked(list(zip(*rows, strict=True)))

    def _checked(self, columns: Sequence[Sequence[str]]) -> Columns | None:
        count = len(columns[0])
        digests, present = [b""] * len(KINDS), [bytes(count)] * len(KINDS)
        try:
            for position, kind, place in self._kinds:
                if not set(map(len, columns[place])) <= {0, 2 * SIZES[kind]}:
                    return None
                digests[position] = unhexlify("".join(columns[place]))
                present[position] = bytes(map(bool, columns[place]))
            words = self._checked_words(columns, count)
        except (ValueError, Malformed):
            return None
        if all(0 in some for some in present) and not all(map(any, zip(*present, strict=True))):
            return None
        return Columns(tuple(digests), tuple(present), words)

    def _checked_words(self, columns: Sequence[Sequence[str]], count: int) -> list[tuple[str, str]]:
        """ValueError when one is longer than it may be as it stands; `Malformed`, its line unknown."""
        category, classification = (repeat("", count) if at is None else columns[at] for _, at in self._words)
        untrusted = list(zip(category, classification, strict=True))
        if len(self._known) > _WORDS_KNOWN:
            self._known.clear()
        for pair in set(untrusted) - self._known.keys():
            if max(map(len, pair)) > MAX_WORD:
                raise ValueError
            self._known[pair] = (read_word(0, WORD_FIELDS[0], pair[0]), read_word(0, WORD_FIELDS[1], pair[1]))
        return [self._known[pair] for pair in untrusted]

    def one_by_one(self, rows: list[list[str]], numbers: list[int]) -> Iterator[Entry]:
        """`Malformed` names line and field."""
        for row, line in zip(rows, numbers, strict=True):
            if not row:
                continue
            if len(row) != self._width:
                raise Malformed(line, "", "other-width")
            digests = [b""] * len(KINDS)
            for position, kind, place in self._kinds:
                digests[position] = read_digest(line, kind, row[place])
            if not any(digests):
                raise Malformed(line, self._kinds[0][1].value, "no-digest")
            category, classification = (
                "" if at is None else read_word(line, field, row[at]) for field, at in self._words
            )
            yield Entry(tuple(digests), category, classification)


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
