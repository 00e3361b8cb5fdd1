"""The inner tar as envelopes take it: seekable, the same bytes each time.

Items are read and digested on a thread of its own, straight into the buffer of who asks: so one who waits for a slow
item can still be asked whether they want it, and sealing what came before goes on meanwhile (age seals on a second
thread; digests and ciphers release the interpreter lock).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from reviewer.handoff.plan import Plan
from reviewer.handoff.tar_layout import TarLayout
from reviewer.handoff.tar_stream import TarStream

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
        self._reading: _Reading | None = None

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
                wanted = min(len(view), max(0, self.size - begin))
                if wanted:
                    if self._reading is None:
                        self._reading = _Reading(self._layout, begin)
                    self._position += self._reading.fill(view[:wanted], self._waiting)
        except BaseException:
            self.close()
            raise
        return self._position - begin

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self.size - self._position)
        target = bytearray(left if size < 0 else min(size, left))
        return bytes(target[: self.readinto(target)])

    def close(self) -> None:
        """End the thread, and with it the item that is open. Reading again begins anew at the position."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None


class _Reading:
    """The thread, and the stream that only it uses."""

    def __init__(self, layout: TarLayout, offset: int) -> None:
        self._asked: SimpleQueue[memoryview | None] = SimpleQueue()
        self._answers: SimpleQueue[int | BaseException] = SimpleQueue()
        stream = TarStream(layout, offset)
        self._thread = threading.Thread(target=self._run, args=(stream,), name="handoff-items", daemon=True)
        self._thread.start()

    def fill(self, target: memoryview, waiting: Callable[[], None]) -> int:
        self._asked.put(target)
        while True:
            try:
                answer = self._answers.get(timeout=_ASKED_EVERY_S)
                break
            except Empty:
                waiting()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        self._asked.put(None)
        self._thread.join(_STOPPING_S)

    def _run(self, stream: TarStream) -> None:
        try:
            while (target := self._asked.get()) is not None:
                count = stream.fill(target)
                # Before the answer: who asked may resize what is behind it.
                del target
                self._answers.put(count)
        except BaseException as error:
            self._answers.put(error)
        finally:
            stream.close()
