"""The file a package is written to until it is whole: `<name>.part`, for its owner's eyes only, under a lock.

Whatever ends the process leaves nothing but a `.part`, and that never counts as a package.
"""

from __future__ import annotations

import fcntl
import io
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from reviewer.handoff.errors import CannotResume, TargetFailed
from reviewer.handoff.flushing import FlushingBehind

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Fewer, larger writes; what is larger than this goes straight through.
_BUFFER = 256 * 1024


def part_of(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def forget_first_name(target: Path) -> None:
    """Killed between its name and the end, a whole package still has its name of before, too: take that away."""
    part = part_of(target)
    with suppress(OSError):
        named, before = target.lstat(), part.lstat()
        if stat.S_ISREG(named.st_mode) and (named.st_dev, named.st_ino) == (before.st_dev, before.st_ino):
            part.unlink()


class PartFile:
    """Open for reading and writing as `file`. OSErrors pass, but where said otherwise."""

    def __init__(self, target: Path, descriptor: int) -> None:
        self.target = target
        self.path = part_of(target)
        self.file: BinaryIO = os.fdopen(descriptor, "r+b", buffering=_BUFFER)
        self._flushing: FlushingBehind | None = None

    @classmethod
    def begin(cls, target: Path) -> PartFile:
        """A new one. What an earlier build left is removed; TargetFailed where that build is still going on, or where
        `target` exists."""
        _refuse_existing(target)
        path = part_of(target)
        with suppress(FileNotFoundError):
            # Never the lock of a file that is somebody else's: only of one that could have been begun here.
            old = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                _lock(old)
                path.unlink()
            finally:
                os.close(old)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        _lock(descriptor)
        return cls(target, descriptor)

    @classmethod
    def reopen(cls, target: Path) -> PartFile:
        """What an earlier build left. CannotResume where there is nothing, or not a file of its own."""
        forget_first_name(target)
        _refuse_existing(target)
        try:
            descriptor = os.open(part_of(target), os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise CannotResume from error
        try:
            found = os.fstat(descriptor)
            # A second name: a whole package would be written over under the first.
            if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
                raise CannotResume
            _lock(descriptor)
            os.fchmod(descriptor, 0o600)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(target, descriptor)

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return os.fstat(self.file.fileno()).st_size

    def written(self, count: int) -> None:
        """So many bytes are in it, more or less: those before go to the disk meanwhile. Does not wait."""
        if self._flushing is None:
            self._flushing = FlushingBehind(self.file.fileno())
        self._flushing.written(count)

    def to_disk(self, check: Callable[[], None]) -> None:
        """Wait until all is on the disk, and forget what the system keeps of it in memory: reading then reads the disk.
        `check` is called while that takes its time; what it raises passes at once."""
        self.file.flush()
        flushing = self._flushing or FlushingBehind(self.file.fileno())
        self._flushing = None
        try:
            flushing.finish(check)
        finally:
            flushing.abandon()

    def reading(self, check: Callable[[], None]) -> io.BufferedReader:
        """The same file from its beginning, closed by who asked. Not to be used together with `file`. `check` is called
        before each reading of the disk; what it raises passes."""
        os.lseek(self.file.fileno(), 0, os.SEEK_SET)
        return io.BufferedReader(_Watched(os.dup(self.file.fileno()), check))

    def become_target(self) -> None:
        """Give it its name, for good. TargetFailed where there is a file of that name by now."""
        try:
            # A link, unlike a new name, is refused where there is something already.
            self.target.hardlink_to(self.path)
            self.remove()
        except FileExistsError as error:
            raise TargetFailed(_EXISTS, to_do=_ANOTHER) from error
        except OSError:
            # File systems of sticks and shares have no links.
            _refuse_existing(self.target)
            self.path.rename(self.target)
        with suppress(OSError):
            folder = os.open(self.target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def remove(self) -> None:
        with suppress(OSError):
            self.path.unlink()

    def close(self) -> None:
        if self._flushing is not None:
            self._flushing.abandon()
        # What could not be written was said already.
        with suppress(OSError):
            self.file.flush()
        # Given back here: while the system is still busy with a cancelled `to_disk` the file stays open for it.
        with suppress(OSError):
            fcntl.flock(self.file.fileno(), fcntl.LOCK_UN)
        with suppress(OSError):
            self.file.close()


class _Watched(io.FileIO):
    """Some envelopes read all of it before they give anything out: that is ended here too."""

    def __init__(self, descriptor: int, check: Callable[[], None]) -> None:
        super().__init__(descriptor, "rb")
        self._check = check

    def readinto(self, target: WriteableBuffer, /) -> int | None:
        self._check()
        return super().readinto(target)

    def readall(self) -> bytes:
        self._check()
        return super().readall()


_EXISTS = "There is a file of this name already."
_ANOTHER = "Choose another folder, or move that file away."


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise TargetFailed(_EXISTS, to_do=_ANOTHER)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise TargetFailed("This package is being built already.", to_do="Wait until that has ended.") from error
    except OSError:
        # Some network shares have no locks; what is written is re-read in any case.
        return
