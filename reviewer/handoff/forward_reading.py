"""A stream's blocks as a file that is read forward only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class ForwardReader(io.RawIOBase):
    """What `blocks` gives, in order; what it raises passes, and goes on being raised. Fills what it is given, but for
    the end. Closing ends the blocks."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__()
        self._blocks = blocks
        self._left = memoryview(b"")
        self._failure: BaseException | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with memoryview(buffer).cast("B") as target:
            filled = 0
            while filled < len(target) and self._more():
                count = min(len(self._left), len(target) - filled)
                target[filled : filled + count] = self._left[:count]
                self._left = self._left[count:]
                filled += count
            return filled

    def close(self) -> None:
        if not self.closed:
            self._left = memoryview(b"")
            getattr(self._blocks, "close", lambda: None)()
        super().close()

    def _more(self) -> bool:
        if self._failure is not None:
            raise self._failure
        try:
            while not self._left:
                self._left = memoryview(next(self._blocks))
        except StopIteration:
            return False
        except BaseException as error:
            self._failure = error
            raise
        return True
