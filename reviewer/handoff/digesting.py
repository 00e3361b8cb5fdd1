"""SHA-256 on a thread of its own: the caller reads the next piece while the one before is digested."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from queue import SimpleQueue

PIECE = 1024 * 1024
_PIECES = 3


class DigestingBehind:
    """Digests pieces where they lie, in their order. For one thread; `close` ends its own."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[tuple[Callable[[memoryview], None], memoryview] | None] = SimpleQueue()
        self._done: SimpleQueue[None] = SimpleQueue()
        self._outstanding = 0
        self._thread = threading.Thread(target=self._run, name="handoff-digest", daemon=True)
        self._thread.start()

    def update(self, update: Callable[[memoryview], None], piece: memoryview) -> None:
        """`update` of a digest with `piece`, which is not to be changed before `wait` has returned."""
        self._outstanding += 1
        self._tasks.put((update, piece))

    def wait(self, most: int = 0) -> None:
        """Until no more than `most` of the pieces, the latest, are still to be digested."""
        while self._outstanding > most:
            self._done.get()
            self._outstanding -= 1

    def close(self) -> None:
        self._tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            update, piece = task
            update(piece)
            # Before it is told: who waits may resize what is behind the piece.
            del task, piece
            self._done.put(None)


class DigestingAhead:
    """For one thread and one file after the other; `close` ends its thread and wipes what it held."""

    def __init__(self) -> None:
        self._buffers = [bytearray(PIECE) for _ in range(_PIECES)]
        self._behind = DigestingBehind()

    def sha256(self, size: int, read: Callable[[memoryview], int]) -> str:
        """Hex digest of the next `size` bytes. `read` puts at least one byte into what it is given; what it raises
        passes."""
        digest, left, number = hashlib.sha256(), size, 0
        while left:
            self._behind.wait(most=_PIECES - 1)
            piece = memoryview(self._buffers[number % _PIECES])[: min(left, PIECE)]
            count = read(piece)
            self._behind.update(digest.update, piece[:count])
            left -= count
            number += 1
        self._behind.wait()
        return digest.hexdigest()

    def close(self) -> None:
        self._behind.close()
        for buffer in self._buffers:
            buffer[:] = bytes(len(buffer))
