"""A list on its way to being read, on the disk only under a key that this process alone has, in memory.

A list names more than digests: file names and remarks may be in it, which are dropped when it is read. None of them may
be left readable on a disk, not even in a file without a name.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_READ_AT_ONCE = 1 << 20
_BLOCK = 16


def _at(key: bytes, offset: int) -> CipherContext:
    """The key stream from byte `offset` on; in counter mode sealing and opening are the same."""
    stream = Cipher(algorithms.AES(key), modes.CTR((offset // _BLOCK).to_bytes(_BLOCK, "big"))).encryptor()
    stream.update(bytes(offset % _BLOCK))
    return stream


class SealedSpool:
    """Written from start to end, then read. AES-256 in counter mode, NIST SP 800-38A.

    The key is never used for anything else, so the counter begins at zero. Nothing is authenticated: who can change an
    unnamed file of this process can change the process.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._key = os.urandom(32)
        self._sealing = _at(self._key, 0)

    def __enter__(self) -> SealedSpool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def write(self, data: bytes) -> None:
        self._file.write(self._sealing.update(data))

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """What was written, to be read from its start."""
        self._file.flush()
        with io.BufferedReader(_Opened(self._file, self._key), _READ_AT_ONCE) as reader:
            yield reader


class _Opened(io.RawIOBase):
    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        self._key = key
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """From the start only."""
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("from the start only")
        self._stream = _at(self._key, offset)
        return self._file.seek(offset)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, into: WriteableBuffer) -> int:
        view = memoryview(into).cast("B")
        opened = self._stream.update(self._file.read(len(view)))
        view[: len(opened)] = opened
        return len(opened)
