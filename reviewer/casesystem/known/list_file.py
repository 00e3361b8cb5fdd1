"""A list's digests as one file that nothing ever changes: sorted, so that a look-up reads some ten small pieces of it.

Layout: eight bytes of magic, the header's length (8 bytes, big-endian), the header (JSON, padded with spaces to a
multiple of 64), then for each kind its digests in ascending order and, in that order, two bytes that number the words
the list says of each. PDQ hashes are split: first halves, second halves, words (see `perceptual`). The same entries
give the same bytes, so that the file's SHA-256 tells whether a version is what it was.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from reviewer.casesystem.known.columns import Columns, columns_of
from reviewer.casesystem.known.entry import KINDS, SIZES, Entry, Malformed
from reviewer.casesystem.known.sorted_rows import by_first_bits, sorted_rows
from reviewer.model.known import MatchKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAGIC = b"RVKNOWN1"
MAX_ENTRIES = 20_000_000
MAX_WORDS = 65_535
_MAX_HEADER = 64 << 20
_PARTS = 16
_PDQ_HALF = 16
_COPY = 1 << 20


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """`words`: (category, classification) by number. `counts`: distinct digests by kind."""

    words: tuple[tuple[str, str], ...]
    counts: dict[str, int]

    def count(self, kind: MatchKind) -> int:
        return self.counts.get(kind.value, 0)


class Written(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    entries: int
    skipped: int


class NotAListFile(Exception):
    """The file is not what was written under its name."""


def write_list(untrusted_entries: Iterable[Entry | None], folder: Path) -> Written:
    """`write_columns` of these. None among them is counted as skipped."""
    return write_columns(columns_of(untrusted_entries), folder)


def write_columns(untrusted_columns: Iterable[Columns], folder: Path) -> Written:
    """Write the file into `folder` under its SHA-256, whole and durable.

    Memory holds a sixteenth of one kind at a time. `Malformed` when there are too many entries or different words.
    """
    with _Spool(folder) as spool:
        entries, skipped = spool.fill(untrusted_columns)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="list-", suffix=".part", delete=False) as target:
            try:
                digest = spool.sort_into(target.file)
                target.flush()
                os.fsync(target.fileno())
                Path(target.name).replace(folder / digest)
            except BaseException:
                Path(target.name).unlink(missing_ok=True)
                raise
    _sync_folder(folder)
    return Written(sha256=digest, entries=entries, skipped=skipped)


class _Spool:
    """Digests on their way to being sorted, by kind and first four bits, in files without a name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[tuple[int, int], IO[bytes]] = {}
        self._words: dict[tuple[str, str], int] = {}

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def fill(self, untrusted_columns: Iterable[Columns]) -> tuple[int, int]:
        """(entries, skipped)"""
        count = skipped = 0
        for columns in untrusted_columns:
            room = MAX_ENTRIES - count - skipped
            words = self._numbered(columns.words[:room], count + skipped)
            if len(columns.words) + columns.skipped > room:
                raise Malformed(MAX_ENTRIES + 1, "", "too-many")
            for position in range(len(KINDS)):
                self._add(position, columns.digests[position], columns.present[position], words)
            count += len(columns.words)
            skipped += columns.skipped
        return count, skipped

    def _add(self, position: int, digests: bytes, present: bytes, words: NDArray[np.uint8]) -> None:
        import numpy as np

        if not digests:
            return
        size = SIZES[KINDS[position]]
        rows = np.empty((len(digests) // size, size + 2), np.uint8)
        rows[:, :size] = np.frombuffer(digests, np.uint8).reshape(-1, size)
        rows[:, size:] = words[np.frombuffer(present, bool)]
        for part, those in enumerate(by_first_bits(rows)):
            if len(those):
                if (position, part) not in self._files:
                    self._files[position, part] = tempfile.TemporaryFile(dir=self._folder, buffering=_COPY)  # noqa: SIM115
                self._files[position, part].write(those.data)

    def _numbered(self, words: list[tuple[str, str]], before: int) -> NDArray[np.uint8]:
        """Two bytes for each: the number of its pair of words. `before`: how many entries came earlier."""
        import numpy as np

        numbers = list(map(self._words.get, words))
        if None in numbers:
            for at, pair in enumerate(words):
                if pair not in self._words:
                    if len(self._words) >= MAX_WORDS:
                        raise Malformed(before + at + 1, "classification", "too-many-words")
                    self._words[pair] = len(self._words)
            numbers = [self._words[pair] for pair in words]
        return np.array(numbers, ">u2").view(np.uint8).reshape(-1, 2)

    def sort_into(self, target: IO[bytes]) -> str:
        """Write the whole file; its SHA-256 in hex."""
        digests_and_words = {kind: self._sorted(position) for position, kind in enumerate(KINDS)}
        counts = {kind.value: count for kind, (count, _) in digests_and_words.items()}
        header = msgspec.json.encode(Header(words=tuple(self._words), counts=counts))
        header += b" " * (-(len(header) + 16) % 64)
        hashed = hashlib.sha256()
        for piece in (MAGIC, len(header).to_bytes(8, "big"), header):
            target.write(piece)
            hashed.update(piece)
        for _, columns in digests_and_words.values():
            for column in columns:
                with column:
                    column.seek(0)
                    while piece := column.read(_COPY):
                        target.write(piece)
                        hashed.update(piece)
        return hashed.hexdigest()

    def _sorted(self, position: int) -> tuple[int, list[IO[bytes]]]:
        """How many, and the columns of one kind: digests (PDQ: two halves) and words, each as a file."""
        import numpy as np

        size = SIZES[KINDS[position]]
        edges = (0, _PDQ_HALF, size, size + 2) if KINDS[position] is MatchKind.PDQ else (0, size, size + 2)
        columns: list[IO[bytes]] = [tempfile.TemporaryFile(dir=self._folder, buffering=_COPY) for _ in edges[1:]]  # noqa: SIM115
        count = 0
        for part in range(_PARTS):
            file = self._files.pop((position, part), None)
            if file is None:
                continue
            with file:
                file.seek(0)
                rows = sorted_rows(np.frombuffer(file.read(), np.uint8).reshape(-1, size + 2))
            count += len(rows)
            for column, start, end in zip(columns, edges, edges[1:], strict=False):
                column.write(np.ascontiguousarray(rows[:, start:end]).tobytes())
        return count, columns


class ListFile:
    """An open list. Threads may share it: every read says where. The file is closed when nobody holds this any more."""

    def __init__(self, path: Path) -> None:
        """`NotAListFile` when it is not whole; OSError."""
        self._handle = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._handle)
        self.header, start = self._read_header()
        self._starts: dict[MatchKind, int] = {}
        for kind in KINDS:
            self._starts[kind] = start
            start += self.header.count(kind) * (SIZES[kind] + 2)
        if os.fstat(self._handle).st_size != start:
            raise NotAListFile

    def fileno(self) -> int:
        return self._handle

    def words_of(self, kind: MatchKind, digest: bytes) -> list[tuple[str, str]]:
        """What the list says of this very digest, once for each way it says it; empty when it is not in the list."""
        count, size, start = self.header.count(kind), SIZES[kind], self._starts[kind]
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            if self._read(start + middle * size, size) < digest:
                low = middle + 1
            else:
                high = middle
        found = []
        while low < count and self._read(start + low * size, size) == digest:
            found.append(self.word_at(kind, low))
            low += 1
        return found

    def word_at(self, kind: MatchKind, position: int) -> tuple[str, str]:
        after_digests = self._starts[kind] + self.header.count(kind) * SIZES[kind]
        return self.header.words[int.from_bytes(self._read(after_digests + 2 * position, 2), "big")]

    def pdq_halves(self) -> tuple[int, int, int]:
        """(how many, where the first halves begin, where the second halves begin), in bytes of the file."""
        count, start = self.header.count(MatchKind.PDQ), self._starts[MatchKind.PDQ]
        return count, start, start + count * _PDQ_HALF

    def _read(self, offset: int, size: int) -> bytes:
        piece = os.pread(self._handle, size, offset)
        if len(piece) != size:
            raise NotAListFile
        return piece

    def _read_header(self) -> tuple[Header, int]:
        head = self._read(0, 16)
        size = int.from_bytes(head[8:], "big")
        if not head.startswith(MAGIC) or size > _MAX_HEADER:
            raise NotAListFile
        try:
            return msgspec.json.decode(self._read(16, size), type=Header), 16 + size
        except msgspec.DecodeError:
            raise NotAListFile from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
