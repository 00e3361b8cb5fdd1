"""A buffer for one secret: locked into memory, left out of core dumps, not inherited by forks, wiped when done."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import sys
from types import TracebackType

# Linux has it since 4.14; `mmap` does not name it. A forked child (the sealed workers) finds zeroes, not the key.
_MADV_WIPEONFORK = 18


class Secret:
    """`size` bytes in pages of their own. `locked` and `undumped` say truthfully what the platform granted.

    Reading a wiped secret raises ValueError. Copies made by callers (`bytes(secret.view)`) are theirs to keep short.
    """

    __slots__ = ("_length", "_map", "_view", "locked", "undumped")

    def __init__(self, size: int) -> None:
        if not 0 < size <= 1 << 16:
            raise ValueError("a secret is 1 to 65536 bytes")
        self._length = size
        self._map: mmap.mmap | None = _pages(size)
        self._view = memoryview(self._map)[:size]
        self.locked = _lock(self._view, len(self._map))
        self.undumped = _advise(self._map)

    @classmethod
    def of(cls, value: bytes | bytearray | memoryview) -> Secret:
        """Copies `value` in; a bytearray is wiped afterwards, immutable bytes cannot be."""
        secret = cls(len(value))
        secret._view[:] = value
        if isinstance(value, bytearray):
            value[:] = bytes(len(value))
        return secret

    @property
    def view(self) -> memoryview:
        """The bytes themselves, without a copy."""
        if self._map is None:
            raise ValueError("the secret was wiped")
        return self._view

    def __len__(self) -> int:
        return self._length

    @property
    def wiped(self) -> bool:
        return self._map is None

    def wipe(self) -> None:
        """Overwrites and gives the pages back. Idempotent."""
        if self._map is None:
            return
        self._view[:] = bytes(self._length)
        pages, self._map = self._map, None
        # Somebody may still hold a view: it now shows zeroes, and the pages go when they let go of it.
        with contextlib.suppress(BufferError):
            self._view.release()
            pages.close()

    def __enter__(self) -> Secret:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

    def __del__(self) -> None:
        if getattr(self, "_map", None) is not None:
            self.wipe()

    def __repr__(self) -> str:
        return f"<Secret, {self._length} bytes, {'wiped' if self.wiped else 'held'}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a secret is not copied or pickled")


def _pages(size: int) -> mmap.mmap:
    if sys.platform == "win32":
        return mmap.mmap(-1, size)
    # Private: a shared mapping would show a forked child whatever is written here later.
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def _lock(view: memoryview, size: int) -> bool:
    if sys.platform == "win32":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "mlock"):
        return False
    address = ctypes.addressof(ctypes.c_char.from_buffer(view))
    return int(libc.mlock(ctypes.c_void_p(address), ctypes.c_size_t(size))) == 0


def _advise(pages: mmap.mmap) -> bool:
    undumped = False
    for advice in (getattr(mmap, "MADV_DONTDUMP", None), _MADV_WIPEONFORK):
        if advice is None or sys.platform != "linux":
            continue
        try:
            pages.madvise(advice)
        except OSError:
            continue
        undumped = undumped or advice == mmap.MADV_DONTDUMP
    return undumped
