"""Reading one item for a package: every byte is digested on its way, and the end is reached only by what was signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from reviewer.handoff.digesting import DigestingBehind
from reviewer.handoff.errors import ItemDamaged
from reviewer.handoff.plan import Evidence
from reviewer.model.errors import HandoffError

# Read on while what came before is digested. Each begins at a multiple of this: containers are quickest so.
_PIECE = 512 * 1024


class ItemReading:
    """Forward only, from `offset` on. What lies before it is read and digested too, but not given out.

    ItemDamaged when the item ends early, goes on after its end, or is not what was registered; what the reader raises
    passes unchanged, but for errors of the operating system: those would be taken for the target's.
    """

    def __init__(self, evidence: Evidence, offset: int = 0) -> None:
        self._evidence = evidence
        self._digest = hashlib.sha256()
        self._position = 0
        with _not_the_target():
            self._reader = evidence.open()
        self._behind: DigestingBehind | None = None
        try:
            if evidence.size > _PIECE:
                self._behind = _a_thread_if_there_is_one()
            if evidence.size == 0:
                self._finish()
            self._skip(offset)
        except BaseException:
            self.close()
            raise

    def readinto(self, target: memoryview) -> int:
        """At least one byte, and as many as the reader gives at once; at most what `target` holds and what is left of
        the item, which must not be nothing. The last byte is given out only when the whole item is what was
        registered."""
        target = target[: self._evidence.size - self._position]
        filled = 0
        try:
            at_once = True
            while at_once and filled < len(target):
                piece = target[filled : filled + _PIECE - self._position % _PIECE]
                count = self._some(piece)
                at_once = count == len(piece)
                filled += count
        finally:
            if self._behind is not None:
                self._behind.wait()
        if filled and self._position == self._evidence.size:
            self._finish()
        return filled

    def close(self) -> None:
        try:
            self._reader.close()
        finally:
            if self._behind is not None:
                self._behind.close()
                self._behind = None

    def _some(self, piece: memoryview) -> int:
        with _not_the_target():
            count = self._reader.readinto(piece)
        if not count:
            raise ItemDamaged
        if self._behind is None:
            self._digest.update(piece[:count])
        else:
            self._behind.update(self._digest.update, piece[:count])
        self._position += count
        return count

    def _finish(self) -> None:
        with _not_the_target():
            more = self._reader.readinto(memoryview(bytearray(1)))
        if more or self._digest.hexdigest() != self._evidence.sha256:
            raise ItemDamaged

    def _skip(self, size: int) -> None:
        scratch = bytearray(min(2 * _PIECE, size))
        try:
            while self._position < size:
                self.readinto(memoryview(scratch)[: size - self._position])
        finally:
            scratch[:] = bytes(len(scratch))


def _a_thread_if_there_is_one() -> DigestingBehind | None:
    try:
        return DigestingBehind()
    except RuntimeError:
        # Slower, not wrong.
        return None


@contextmanager
def _not_the_target() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HandoffError("An item could not be read on this machine.") from error
