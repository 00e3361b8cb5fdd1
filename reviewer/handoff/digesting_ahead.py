"""A SHA-256 on a thread of its own: the caller reads the next piece while the one before is digested."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from queue import SimpleQueue

PIECE = 1024 * 1024
_PIECES = 3


class DigestingAhead:
    """For one thread and one file after the other; `close` ends its thread and wipes what it held."""

    def __init__(self) -> None:
        self._buffers = [bytearray(PIECE) for _ in range(_PIECES)]
        self._free: SimpleQueue[bytearray] = SimpleQueue()
        for buffer in self._buffers:
            self._free.put(buffer)
        self._tasks: SimpleQueue[tuple[Callable[[memoryview], None], bytearray, int] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="handoff-digest", daemon=True)
        self._thread.start()

    def sha256(self, size: int, read: Callable[[memoryview], int]) -> str:
        """Hex digest of the next `size` bytes. `read` puts at least one byte into what it is given; what it raises
        passes."""
        digest, left = hashlib.sha256(), size
        while left:
            buffer = self._free.get()
            try:
                count = read(memoryview(buffer)[: min(left, PIECE)])
            except BaseException:
                self._free.put(buffer)
                raise
            self._tasks.put((digest.update, buffer, count))
            left -= count
        # Once all are free, all is digested.
        for buffer in [self._free.get() for _ in self._buffers]:
            self._free.put(buffer)
        return digest.hexdigest()

    def close(self) -> None:
        self._tasks.put(None)
        self._thread.join()
        for buffer in self._buffers:
            buffer[:] = bytes(len(buffer))

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            update, buffer, count = task
            with memoryview(buffer) as view:
                update(view[:count])
            self._free.put(buffer)
