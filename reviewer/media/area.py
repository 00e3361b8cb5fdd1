"""The memory a broker shares with one worker: made here, sealed against resizing, zeroed when done with."""

from __future__ import annotations

import contextlib
import mmap
import os

from reviewer.media.protocol import AREA_BYTES, PREPARED_BYTES, WINDOW_BYTES

_ZEROES = bytes(1 << 20)
# linux/fcntl.h; the constants are absent from `fcntl` on other systems, where there is no worker to share with.
_F_ADD_SEALS, _SEAL, _SHRINK, _GROW = 1033, 1, 2, 4


class SharedArea:
    """A memfd of `AREA_BYTES`. Sealed before it is passed on, so that the worker cannot cut it under our feet.

    `prepared`: what a first picture will use is mapped now, while nobody waits.
    """

    def __init__(self, *, prepared: bool = False) -> None:
        import fcntl

        self.fd = os.memfd_create("area", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(self.fd, AREA_BYTES)
            fcntl.fcntl(self.fd, _F_ADD_SEALS, _SHRINK | _GROW | _SEAL)
            self._map = mmap.mmap(self.fd, AREA_BYTES)
            self._map.madvise(mmap.MADV_DONTDUMP)
            if prepared:
                self._zero(0, PREPARED_BYTES)
        except BaseException:
            os.close(self.fd)
            raise

    def window(self) -> memoryview:
        """Where the broker puts bytes of the source. Release it before `close`."""
        return memoryview(self._map)[:WINDOW_BYTES]

    def take(self, offset: int, length: int) -> bytearray:
        """Copy a checked range out and zero it behind."""
        with memoryview(self._map) as view:
            taken = bytearray(view[offset : offset + length])
        self._zero(offset, length)
        return taken

    def close(self) -> None:
        """Zero every page that was ever touched, then give the memory back."""
        self.wipe()
        with contextlib.suppress(BufferError):
            # An error on its way up may still hold a view of it: that shows zeroes, and the pages go when it goes.
            self._map.close()
        os.close(self.fd)

    def wipe(self) -> None:
        """Zero every page that was ever touched."""
        at = 0
        while at < AREA_BYTES:
            try:
                start = os.lseek(self.fd, at, os.SEEK_DATA)
            except OSError:
                break
            end = os.lseek(self.fd, start, os.SEEK_HOLE)
            self._zero(start, end - start)
            at = end

    def _zero(self, offset: int, length: int) -> None:
        for at in range(offset, offset + length, len(_ZEROES)):
            end = min(at + len(_ZEROES), offset + length)
            self._map[at:end] = _ZEROES[: end - at]
