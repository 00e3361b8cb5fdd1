"""Ciphertext on disk, one file per container, named by its SHA-256; beside it a folder of known-hash lists."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from pathlib import Path
from types import TracebackType
from typing import IO

_SHA256 = re.compile(r"[0-9a-f]{64}")
_STALE_S = 24 * 3600.0


class Blobs:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()

    @property
    def known_lists(self) -> Path:
        """Where the files of known-hash lists lie (`known.list_file`); made by the first of them."""
        return self._folder / "known"

    def path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self._folder / sha256[:2] / sha256

    def receive(self) -> Arrival:
        """Begin an upload under a random name. Leave the `with` without `keep` and nothing remains of it."""
        return Arrival(self, self._incoming / f"{secrets.token_hex(16)}.part")

    def _sweep(self) -> None:
        # Uploads cut off by a crash. Only old ones: another process may be receiving right now.
        for left in self._incoming.glob("*.part"):
            if time.time() - left.stat().st_mtime > _STALE_S:
                left.unlink(missing_ok=True)


class Arrival:
    """One upload on its way in. `write` and `keep` block."""

    def __init__(self, blobs: Blobs, part: Path) -> None:
        self._blobs = blobs
        self._part = part
        self._hash = hashlib.sha256()
        self._file: IO[bytes] | None = None
        self.size = 0

    def __enter__(self) -> Arrival:
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
        self._part.unlink(missing_ok=True)

    def write(self, untrusted_chunk: bytes) -> None:
        assert self._file is not None
        view = memoryview(untrusted_chunk)
        while view:
            view = view[self._file.write(view) :]
        self._hash.update(untrusted_chunk)
        self.size += len(untrusted_chunk)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def keep(self) -> Path:
        """Make it durable, then visible under its name: contents, rename, folder, in that order."""
        assert self._file is not None
        os.fsync(self._file.fileno())
        final = self._blobs.path(self.sha256)
        final.parent.mkdir(exist_ok=True, mode=0o700)
        self._part.replace(final)
        for folder in (final.parent, final.parent.parent):
            _sync_folder(folder)
        return final


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
