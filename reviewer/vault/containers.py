"""The ciphertext cache: whole age files by item, put in atomically, checked by their SHA-256, free to be evicted."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from reviewer.model.errors import StoreDamaged, StoreUnavailable
from reviewer.vault.files import make_folder, sync_folder

MAX_CONTAINER_BYTES = 1 << 42
_BLOCK = 1 << 20
_ITEM_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")


class ContainerCache:
    """Files `<item id>.age` under one folder. Ciphertext only; losing it loses nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, item_id: str, blocks: Iterable[bytes], *, sha256: str, size: int) -> Path:
        """Store ciphertext as it arrives; it is in the cache only once it is whole, right and durable.

        StoreDamaged when size or hash (hex) is not what was promised; StoreUnavailable when the disk refuses.
        """
        target = self._path(item_id)
        part = target.with_name(target.name + ".part")
        if not 0 <= size <= MAX_CONTAINER_BYTES:
            raise StoreDamaged(
                "The container's size makes no sense.", kept="Nothing was stored.", to_do="Fetch it again."
            )
        try:
            make_folder(self._folder)
            _write_checked(part, blocks, sha256, size)
            part.replace(target)
            sync_folder(self._folder)
        except BaseException as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _refused(error) from error
            raise
        return target

    def make(self, item_id: str, write: Callable[[BinaryIO], None]) -> tuple[int, str]:
        """A container made here: `write` seals into the file it is given. Returns (bytes, SHA-256 hex) as on disk.

        In the cache only once it is whole and durable; StoreUnavailable when the disk refuses: then nothing is left.
        """
        target = self._path(item_id)
        part = target.with_name(target.name + ".part")
        try:
            make_folder(self._folder)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb", buffering=_BLOCK) as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            with part.open("rb", buffering=0) as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
            part.replace(target)
            sync_folder(self._folder)
        except BaseException as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _refused(error) from error
            raise
        return size, digest

    def open(self, item_id: str) -> FileIO | None:
        """A seekable file of ciphertext, unbuffered, or None when it is not here. The caller closes it."""
        try:
            return self._path(item_id).open("rb", buffering=0)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable("The stored container cannot be read.") from error

    def holds(self, item_id: str) -> bool:
        return self._path(item_id).is_file()

    def sha256(self, item_id: str) -> str | None:
        """Hex digest of what is on disk now, or None when it is not here."""
        file = self.open(item_id)
        if file is None:
            return None
        with file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def evict(self, item_id: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._path(item_id).unlink()

    def size(self) -> int:
        """Bytes held."""
        if not self._folder.is_dir():
            return 0
        return sum(entry.stat().st_size for entry in os.scandir(self._folder) if entry.is_file())

    def sweep(self) -> None:
        """Remove what an interrupted `put` left behind."""
        if self._folder.is_dir():
            for part in self._folder.glob("*.part"):
                part.unlink(missing_ok=True)

    def _path(self, item_id: str) -> Path:
        if not _ITEM_ID.fullmatch(item_id):
            raise ValueError("not an item id")
        return self._folder / f"{item_id}.age"


def _write_checked(part: Path, blocks: Iterable[bytes], sha256: str, size: int) -> None:
    digest, left = hashlib.sha256(), size
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb", buffering=_BLOCK) as target:
        for untrusted_block in blocks:
            left -= len(untrusted_block)
            if left < 0:
                break
            digest.update(untrusted_block)
            target.write(untrusted_block)
        if left != 0 or digest.hexdigest() != sha256.lower():
            raise StoreDamaged(
                "The container did not arrive as it was registered.",
                kept="Nothing of it was stored.",
                to_do="Fetch it again; if it happens again, tell your administrator.",
            )
        target.flush()
        os.fsync(target.fileno())


def _refused(error: OSError) -> StoreUnavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreUnavailable("The disk is full, so the container could not be stored.")
    return StoreUnavailable("The container could not be stored.")
