"""Looking items up in the lists in force. Files are opened when first needed and kept open."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from reviewer.casesystem.known.entry import KINDS
from reviewer.casesystem.known.list_file import ListFile
from reviewer.casesystem.known.perceptual import PdqIndex
from reviewer.casesystem.known.prints import Prints
from reviewer.model.known import MatchKind

# Of one list and one item; a list that says a hundred things about one picture says nothing more with the last.
MAX_MATCHES = 8


class Match(msgspec.Struct, frozen=True, kw_only=True):
    kind: MatchKind
    distance: int
    category: str
    classification: str


class OpenList:
    """One list, looked up in. Its perceptual hashes are loaded by the first item that has one."""

    def __init__(self, path: Path) -> None:
        self._file = ListFile(path)
        self._pdq: PdqIndex | None = None
        self._loading = threading.Lock()

    def matches(self, asked: Sequence[Prints]) -> list[list[Match]]:
        """For each item what the list says of it: the strongest kind for each pair of words, exact before alike."""
        best: list[dict[tuple[str, str], Match]] = [{} for _ in asked]
        for prints, found in zip(asked, best, strict=True):
            for kind, digest in prints.exact.items():
                for words in self._file.words_of(kind, digest):
                    found.setdefault(words, _match(kind, 0, words))
        owners = [position for position, prints in enumerate(asked) for _ in prints.alike]
        hashes = [pdq for prints in asked for pdq in prints.alike]
        for owner, hits in zip(owners, self._index().near(hashes) if hashes else [], strict=True):
            for position, distance in hits:
                words = self._file.word_at(MatchKind.PDQ, position)
                held = best[owner].get(words)
                if held is None or (held.kind is MatchKind.PDQ and distance < held.distance):
                    best[owner][words] = _match(MatchKind.PDQ, distance, words)
        return [sorted(found.values(), key=_strength)[:MAX_MATCHES] for found in best]

    def _index(self) -> PdqIndex:
        with self._loading:
            if self._pdq is None:
                self._pdq = PdqIndex(self._file)
            return self._pdq


class OpenLists:
    """The lists that were needed so far, by the SHA-256 of their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, OpenList] = {}
        self._opening = threading.Lock()

    def get(self, sha256: str) -> OpenList:
        """OSError when the file is gone, `NotAListFile` when it is damaged."""
        with self._opening:
            if sha256 not in self._open:
                self._open[sha256] = OpenList(self.folder / sha256)
            return self._open[sha256]

    def forget(self, sha256: str) -> None:
        """A look-up under way keeps it open; when the last one lets go the file is closed."""
        with self._opening:
            self._open.pop(sha256, None)


def _match(kind: MatchKind, distance: int, words: tuple[str, str]) -> Match:
    return Match(kind=kind, distance=distance, category=words[0], classification=words[1])


def _strength(match: Match) -> tuple[int, int, str, str]:
    return (KINDS.index(match.kind), match.distance, match.category, match.classification)
