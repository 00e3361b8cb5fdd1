"""What a package will hold, byte by byte, before the first byte is sealed.

Every digest is known beforehand (items were digested in the sealed worker at intake), so manifests, signature and
stamp are made first and the sizes of everything are known. Sealing then only streams, and stops if an item's bytes
are not what was signed for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class PlainReader(Protocol):
    """An item's authenticated plaintext: seekable, closed by who opened it. `readinto` may fill less than asked for."""

    def readinto(self, target: memoryview, /) -> int: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Document:
    """A small file of the package, whole in memory. `path` is relative to the bag's folder."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """An item: `sha256` (hex) and `size` in bytes are those of its plaintext, as registered. `open` may block and may
    raise any ReviewerError."""

    path: str
    size: int
    sha256: str
    open: Callable[[], PlainReader]


Entry = Document | Evidence


@dataclass(frozen=True, slots=True)
class Plan:
    """The bag's folder name, its time (UTC, whole seconds: every entry's mtime) and its entries in their order."""

    folder: str
    built_at: datetime
    entries: tuple[Entry, ...]
