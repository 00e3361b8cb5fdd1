"""A file on its way to the disk while it is still being written: what is left to wait for at the end is little."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue

# So many bytes are written before the disk is asked for them: large enough for few waits, small against any memory.
EVERY = 64 * 1024 * 1024
_ASKED_EVERY_S = 0.05
# `fdatasync` leaves out the times of a file; not every system has it.
_put_on_disk: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class FlushingBehind:
    """For one file that grows, on a thread of its own; ended by `finish` or `abandon`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._failed: OSError | None = None
        self._begun = 0
        self._idle = threading.Event()
        self._idle.set()
        # True for what was written so far, False for all of it, None to end without.
        self._asked: SimpleQueue[bool | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="handoff-sync", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            os.close(self._descriptor)
            raise

    def written(self, count: int) -> None:
        """So many bytes are written. Does not wait. The OSError of an earlier piece passes: the system says it once."""
        if self._failed is not None:
            raise self._failed
        if count - self._begun >= EVERY and self._idle.is_set():
            self._begun = count
            self._idle.clear()
            self._asked.put(True)

    def finish(self, check: Callable[[], None]) -> None:
        """Wait until all is on the disk, and forget what the system keeps of it in memory: reading then reads the disk.
        `check` is called while that takes its time; what it raises passes at once, and the OSError of any piece."""
        self._asked.put(False)
        while self._thread.is_alive():
            check()
            self._thread.join(_ASKED_EVERY_S)
        if self._failed is not None:
            raise self._failed

    def abandon(self) -> None:
        """Does not wait: the thread ends by itself when the system has answered."""
        self._asked.put(None)

    def _run(self) -> None:
        try:
            while (piece := self._asked.get()) is not None:
                if not piece:
                    os.fsync(self._descriptor)
                    self._forget()
                    return
                _put_on_disk(self._descriptor)
                self._forget()
                self._idle.set()
        except OSError as error:
            self._failed = error
        finally:
            os.close(self._descriptor)

    def _forget(self) -> None:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
