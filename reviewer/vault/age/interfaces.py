"""The words of the age specification as types: stanza, identity, recipient. Hardware keys can join as new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

FILE_KEY_SIZE = 16
# A wrapped file key: the key and a 16-byte Poly1305 tag. Any other size is refused before decryption, because trying
# longer ones would let an attacker test many keys with one file (the specification calls it a partitioning oracle).
WRAPPED_KEY_SIZE = FILE_KEY_SIZE + 16


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient stanza: `-> kind args...` and the body, decoded."""

    kind: str
    args: tuple[str, ...]
    body: bytes


class Identity(Protocol):
    """Something that can open files. Texts of secrets are given only by methods that say so, never by repr or str."""

    def unwrap(self, stanzas: Sequence[Stanza], /) -> bytearray | None:
        """The file key (16 bytes, to be wiped by the caller), or None when no stanza is for this identity.

        HeaderError when a stanza of this identity's kind is malformed.
        """
        ...


class Recipient(Protocol):
    """Something files can be encrypted to."""

    def labels(self) -> frozenset[str]:
        """Recipients may share a file only when their labels are equal; see `header.wrap_file_key`."""
        ...

    def wrap(self, file_key: bytes | bytearray, /) -> Stanza: ...


class BinarySource(Protocol):
    """What `open` and `rewrap` read from: any seekable binary file. Short reads are fine."""

    def read(self, size: int, /) -> bytes | None: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


class ReadableSource(Protocol):
    """What `encrypt` reads from: anything with `read`. Short reads are fine; b"" is the end."""

    def read(self, size: int, /) -> bytes | None: ...


class BinaryTarget(Protocol):
    """Where files are written to. A raw file that takes only part of the bytes is offered the rest again."""

    def write(self, data: bytes | memoryview, /) -> int | None: ...


class Ciphertext(Protocol):
    """The bytes of a binary age file at any offset, whatever they are stored in (plain or armored)."""

    @property
    def size(self) -> int: ...

    def read_at(self, offset: int, target: memoryview, /) -> int:
        """Fills `target` from `offset` and returns the number of bytes put there: fewer only at the end."""
        ...

    def borrow(self, offset: int, size: int, /) -> memoryview | None:
        """The same bytes without copying where they are in memory already, else None. The caller releases it soon."""
        ...
