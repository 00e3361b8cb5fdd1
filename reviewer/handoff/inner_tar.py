"""The inner tar as envelopes take it: seekable, the same bytes each time, read ahead on a thread of its own.

Reading and digesting items goes on there while the caller seals what it got before: digests and ciphers release the
interpreter lock, so both cores have work. A few blocks are all the memory it takes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from reviewer.handoff.plan import Plan
from reviewer.handoff.tar_layout import TarLayout
from reviewer.handoff.tar_stream import TarStream

BLOCK_SIZE = 1024 * 1024
BLOCKS = 4
# So often somebody who waits for an item is asked whether they still want it.
_ASKED_EVERY_S = 0.1
# What is asked of a slow item cannot be taken back; the thread ends by itself when the answer comes.
_STOPPING_S = 0.3


class TarSource:
    """A PlainSource (`envelope.py`). `waiting` is called about ten times a second while nothing has come yet; what it
    raises passes, and so does what reading an item raised: the position is then where it was. One user at a time."""

    def __init__(self, plan: Plan, *, waiting: Callable[[], None] = lambda: None) -> None:
        self._layout = TarLayout.of(plan)
        self._waiting = waiting
        self._position = 0
        self._ahead: _ReadAhead | None = None

    @property
    def size(self) -> int:
        return self._layout.size

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """From the middle of an item on, the item is read and digested again from its beginning."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("a position before the start")
        if base + offset != self._position:
            self.close()
        self._position = base + offset
        return self._position

    def readinto(self, target: memoryview | bytearray, /) -> int:
        """Fills `target`; less only at the end of the tar."""
        begin = self._position
        try:
            with memoryview(target).cast("B") as view:
                wanted = min(len(view), self.size - begin)
                while self._position - begin < wanted:
                    if self._ahead is None:
                        self._ahead = _ReadAhead(self._layout, self._position, self._waiting)
                    self._position += self._ahead.take(view[self._position - begin : wanted])
        except BaseException:
            self.close()
            self._position = begin
            raise
        return self._position - begin

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self.size - self._position)
        target = bytearray(left if size < 0 else min(size, left))
        return bytes(target[: self.readinto(target)])

    def close(self) -> None:
        """End the thread and wipe the blocks. Reading again begins anew at the position."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None


class _ReadAhead:
    def __init__(self, layout: TarLayout, offset: int, waiting: Callable[[], None]) -> None:
        self._waiting = waiting
        self._blocks = [bytearray(BLOCK_SIZE) for _ in range(BLOCKS)]
        self._free: SimpleQueue[bytearray | None] = SimpleQueue()
        for block in self._blocks:
            self._free.put(block)
        self._filled: SimpleQueue[tuple[bytearray, int] | BaseException] = SimpleQueue()
        self._current: tuple[bytearray, int] | None = None
        self._taken = 0
        self._stopped = False
        self._thread = threading.Thread(target=self._run, args=(layout, offset), name="handoff-items", daemon=True)
        self._thread.start()

    def take(self, target: memoryview) -> int:
        """At least one byte: to be asked only before the end of the tar."""
        block, size = self._current or self._next()
        count = min(len(target), size - self._taken)
        target[:count] = memoryview(block)[self._taken : self._taken + count]
        self._taken += count
        if self._taken == size:
            self._current = None
            self._free.put(block)
        return count

    def close(self) -> None:
        self._stopped = True
        self._free.put(None)
        self._thread.join(_STOPPING_S)
        self._wipe()

    def _next(self) -> tuple[bytearray, int]:
        while True:
            try:
                answer = self._filled.get(timeout=_ASKED_EVERY_S)
                break
            except Empty:
                self._waiting()
        if isinstance(answer, BaseException):
            raise answer
        self._current, self._taken = answer, 0
        return answer

    def _run(self, layout: TarLayout, offset: int) -> None:
        stream = TarStream(layout, offset)
        try:
            while not self._stopped and (block := self._free.get()) is not None:
                count = stream.fill(memoryview(block))
                if count:
                    self._filled.put((block, count))
                if count < len(block):
                    return
        except BaseException as error:
            self._filled.put(error)
        finally:
            stream.close()
            if self._stopped:
                self._wipe()

    def _wipe(self) -> None:
        for block in self._blocks:
            block[:] = bytes(len(block))
