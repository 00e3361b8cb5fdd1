"""One file of an archive or e-mail as a stream of bytes, as the sealed worker unpacks it. Never on a disk."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reviewer.model.errors import MediaTooLarge, WorkerTimeout

MAX_PART_BYTES = 8 << 30
MAX_UNPACKED_BYTES = 32 << 30
MAX_PARTS = 10_000
SPARE_SECONDS = 600.0
SLOWEST_BYTES = 1 << 20
"""A second, which any machine unpacks: a worker that is slower on the whole than this, or the spare, is stopped."""


class PartLabel(Protocol):
    """`untrusted` both: the name is of use for its suffix only, the size is what the container says."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...


class PartHolder(Protocol):
    """An archive or e-mail open in a sealed worker."""

    def parts(self) -> Sequence[PartLabel]: ...
    def read_part(self, index: int, offset: int) -> bytearray:
        """The next bytes at `offset`; empty at the end."""
        ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Allowance:
    """What one file that was submitted may still unfold into, however deep. Counted here: the worker may be owned."""

    bytes_left: int = MAX_UNPACKED_BYTES
    parts_left: int = MAX_PARTS
    seconds_left: float = SPARE_SECONDS

    def check(self) -> None:
        if self.seconds_left < 0:
            raise WorkerTimeout

    def take(self, count: int, seconds: float = 0.0) -> None:
        """So much came, after waiting so long. Raises MediaTooLarge, or WorkerTimeout from the next `check` on."""
        self.seconds_left += count / SLOWEST_BYTES - seconds
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise MediaTooLarge


class PartStream(io.RawIOBase):
    """In order from the start. `seek(0)` begins again; other places are not reached. MediaTooLarge past the caps."""

    def __init__(self, holder: PartHolder, index: int, allowance: Allowance) -> None:
        super().__init__()
        self._holder = holder
        self._index = index
        self._allowance = allowance
        self._at = 0
        self._piece = bytearray()
        self._used = 0

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if offset != 0 or whence != io.SEEK_SET:
            raise io.UnsupportedOperation
        self._wipe()
        self._at = 0
        return 0

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]
        if self._used == len(self._piece):
            self._wipe()
            self._allowance.check()
            asked = time.monotonic()
            try:
                self._piece = self._holder.read_part(self._index, self._at)
            finally:
                self._allowance.take(0, time.monotonic() - asked)
            self._at += len(self._piece)
            if self._at > MAX_PART_BYTES:
                raise MediaTooLarge
            self._allowance.take(len(self._piece))
        count = min(len(buffer), len(self._piece) - self._used)
        buffer[:count] = self._piece[self._used : self._used + count]
        self._used += count
        return count

    def close(self) -> None:
        self._wipe()
        super().close()

    def _wipe(self) -> None:
        self._piece[:] = bytes(len(self._piece))
        self._piece, self._used = bytearray(), 0
