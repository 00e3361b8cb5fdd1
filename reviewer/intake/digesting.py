"""Hashes what is sealed while it is sealed: digests must not come from a process that the evidence may own."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO


class DigestingReader(io.RawIOBase):
    """Reads `source` on from its start and hashes every byte handed out. Sequential; the source stays open."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source
        self._digests = {
            "sha256": hashlib.sha256(),
            "sha1": hashlib.sha1(usedforsecurity=False),
            "md5": hashlib.md5(usedforsecurity=False),
        }

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]
        part = self._source.read(len(buffer))
        buffer[: len(part)] = part
        for digest in self._digests.values():
            digest.update(part)
        return len(part)

    def hexdigests(self) -> dict[str, str]:
        """The hex digests "sha256", "sha1" and "md5" of what has been read so far."""
        return {name: digest.hexdigest() for name, digest in self._digests.items()}
