"""Some thousand entries of a known-hash list at once, by column: millions one by one would take ten times as long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from reviewer.casesystem.known.entry import KINDS, SIZES, Entry

AT_ONCE = 4096


class Columns(NamedTuple):
    """Checked entries. `digests`: by kind, in the order of `KINDS`, those of the entries that have one, end to end.

    `present`: by kind one byte for each entry, 1 where it has one. `words`: (category, classification) of each entry.
    `skipped`: how many more there were that are counted and left out.
    """

    digests: tuple[bytes, ...]
    present: tuple[bytes, ...]
    words: list[tuple[str, str]]
    skipped: int = 0

    def entries(self) -> Iterator[Entry]:
        begun = [0] * len(KINDS)
        for number, (category, classification) in enumerate(self.words):
            digests = []
            for position, kind in enumerate(KINDS):
                start = begun[position]
                begun[position] += SIZES[kind] if self.present[position][number] else 0
                digests.append(self.digests[position][start : begun[position]])
            yield Entry(tuple(digests), category, classification)


def columns_of(untrusted_entries: Iterable[Entry | None]) -> Iterator[Columns]:
    """None among the entries is one that is skipped."""
    left = iter(untrusted_entries)
    while some := list(islice(left, AT_ONCE)):
        entries = [entry for entry in some if entry is not None]
        by_kind = list(zip(*(entry.digests for entry in entries), strict=True)) or [()] * len(KINDS)
        yield Columns(
            tuple(b"".join(digests) for digests in by_kind),
            tuple(bytes(map(bool, digests)) for digests in by_kind),
            [(entry.category, entry.classification) for entry in entries],
            len(some) - len(entries),
        )
