"""Reading a sealed package again, from the disk: its digest, and whether what opens is what was planned."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any, BinaryIO

from reviewer.handoff.digesting import DigestingAhead
from reviewer.handoff.errors import TargetFailed
from reviewer.handoff.plan import Document
from reviewer.handoff.tar_layout import Placed, TarLayout

_BLOCK = 1024 * 1024
_ASKED_EVERY_S = 0.05


def compare(plain: BinaryIO, layout: TarLayout, check: Callable[[int], None]) -> None:
    """TargetFailed unless `plain` is the tar of `layout` and ends with it. An item is compared by the digest that was
    registered. `check` is called with the bytes done, at least every MiB; what it raises passes."""
    buffer = bytearray(_BLOCK)
    try:
        with memoryview(buffer) as view, closing(DigestingAhead()) as digesting:
            for placed in layout.files:
                _compare_file(plain, placed, view, digesting, check)
            end = layout.files[-1].end if layout.files else 0
            _expect(plain, bytes(layout.size - end), view)
            if _fill(plain, view[:1]):
                raise _different()
            check(layout.size)
    finally:
        buffer[:] = bytes(_BLOCK)


def _compare_file(
    plain: BinaryIO, placed: Placed, view: memoryview, digesting: DigestingAhead, check: Callable[[int], None]
) -> None:
    _expect(plain, placed.header, view)
    if isinstance(placed.entry, Document):
        for begin in range(0, placed.size, _BLOCK):
            _expect(plain, placed.entry.content[begin : begin + _BLOCK], view)
            check(placed.content + begin)
    else:
        position = placed.content

        def read(piece: memoryview) -> int:
            nonlocal position
            check(position)
            if _fill(plain, piece) < len(piece):
                raise _different()
            position += len(piece)
            return len(piece)

        if digesting.sha256(placed.size, read) != placed.entry.sha256:
            raise _different()
    _expect(plain, bytes(placed.end - placed.content - placed.size), view)


def _expect(plain: BinaryIO, content: bytes, view: memoryview) -> None:
    if _fill(plain, view[: len(content)]) < len(content) or view[: len(content)] != content:
        raise _different()


def _fill(plain: BinaryIO, target: memoryview) -> int:
    readinto: Any = getattr(plain, "readinto", None)
    filled = 0
    while filled < len(target):
        if readinto is not None:
            count = readinto(target[filled:])
        else:
            piece = plain.read(len(target) - filled)
            count = len(piece)
            target[filled : filled + count] = piece
        if not count:
            break
        filled += count
    return filled


def _different() -> TargetFailed:
    return TargetFailed(
        "What is on the disk is not what was sealed.", to_do="Choose another disk, and build the package again."
    )


class SealedDigest:
    """SHA-256 of a whole file, on a thread of its own: both readings of it run side by side, and the second finds what
    the first has just fetched."""

    def __init__(self, descriptor: int) -> None:
        """`descriptor` stays open until `close`; its position is not used."""
        self._descriptor = descriptor
        self._digest = hashlib.sha256()
        self._size = 0
        self._failed: OSError | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="handoff-digest", daemon=True)
        self._thread.start()

    def wait(self, check: Callable[[], None]) -> tuple[int, str]:
        """Size in bytes and digest (hex). OSErrors pass."""
        while self._thread.is_alive():
            check()
            self._thread.join(_ASKED_EVERY_S)
        if self._failed is not None:
            raise self._failed
        return self._size, self._digest.hexdigest()

    def close(self) -> None:
        self._stopped = True
        self._thread.join()

    def _run(self) -> None:
        block = bytearray(_BLOCK)
        try:
            while not self._stopped and (count := os.preadv(self._descriptor, [block], self._size)):
                self._digest.update(memoryview(block)[:count])
                self._size += count
        except OSError as error:
            self._failed = error
