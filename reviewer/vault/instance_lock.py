"""One workstation per data folder: a lock the system drops by itself when the process dies."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType

from reviewer.model.errors import StoreUnavailable

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class InstanceLock:
    """Held from construction until `release`. The file stays; only the lock on it matters."""

    def __init__(self, path: Path) -> None:
        """StoreUnavailable when another process (or another vault in this one) holds it."""
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise StoreUnavailable("The vault's folder cannot be written.") from error
        try:
            _take(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise StoreUnavailable(
                "The vault is open in another window on this machine.", to_do="Use that window, or close it first."
            ) from error

    def release(self) -> None:
        """Idempotent."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            with contextlib.suppress(OSError):
                os.close(handle)

    def __enter__(self) -> InstanceLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
