"""Building a package: sealed into a `.part`, put on the disk, read again, and only then given its name.

What becomes of the `.part` when it ends early:

- cancelled, disk full, an item that could not be fetched: kept where the envelope can be resumed (age), else removed;
- an item that is not what was registered: removed, because some of it may be sealed already and would be kept;
- read again and not what was planned: removed;
- CannotResume: kept as it was, because it may be another package's; who discards it removes it;
- the process was killed: it stays, counts as nothing, and can be resumed as if it had been cancelled.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from reviewer.handoff.envelope import Envelope
from reviewer.handoff.errors import BuildCancelled, CannotResume, ItemDamaged, TargetFailed
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.part_file import PartFile
from reviewer.handoff.plan import Plan
from reviewer.handoff.rereading import SealedDigest, compare
from reviewer.handoff.tar_layout import TarLayout

SEALING, CHECKING = "sealing", "checking"
_TOLD_EVERY_S = 0.05
_AGAIN = "Free disk space, or choose another folder, and build it again."


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """`size` in bytes and `sha256` (hex) of the sealed file, as it was read again from the disk."""

    size: int
    sha256: str


class _Watch:
    """Tells how far it is, about twenty times a second, and ends it when it is cancelled."""

    def __init__(
        self,
        total: int,
        progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
        *,
        resumable: bool,
    ) -> None:
        self._phase = ""
        self._told = -1
        self._total = total
        self._progress = progress
        self._cancelled = cancelled
        self._resumable = resumable
        self._told_at = 0.0

    def begin(self, phase: str) -> None:
        self._phase, self._told, self._told_at = phase, -1, 0.0
        self.done(0)

    def done(self, count: int) -> None:
        self.go_on()
        now = time.monotonic()
        if count > self._told and (now - self._told_at >= _TOLD_EVERY_S or count >= self._total):
            self._told, self._told_at = count, now
            self._progress(self._phase, count, self._total)

    def go_on(self) -> None:
        if not self._cancelled():
            return
        if self._resumable:
            raise BuildCancelled
        raise BuildCancelled(kept="Nothing of it is left on the disk.", to_do="Build it again when you are ready.")


def build(
    plan: Plan,
    envelope: Envelope,
    target: Path,
    *,
    progress: Callable[[str, int, int], None],
    cancelled: Callable[[], bool],
    resume: bool = False,
) -> BuiltFile:
    """Seal `plan` as the file `target`, which must not exist. Blocks; for any thread but that of a window.

    `progress` is told the phase (SEALING, then CHECKING) with plaintext bytes done and in all. `cancelled` is asked all
    the while and may be called from this thread only. With `resume` an earlier build of the same plan and the same
    envelope (`Envelope.state`) goes on: a plan that differs by a byte is refused when it is read again.

    TargetFailed, ItemDamaged, BuildCancelled, CannotResume, NameUnusable, and what opening an item raises. None of
    them leaves a file under the name of `target`.
    """
    layout = TarLayout.of(plan)
    resumable = bool(envelope.state())
    watch = _Watch(layout.size, progress, cancelled, resumable=resumable)
    part = None
    try:
        part = PartFile.reopen(target) if resume else PartFile.begin(target)
        _check_space(part, envelope.sealed_size(layout.size))
        _seal(plan, envelope, part, watch, resume=resume)
        built = _read_again(layout, envelope, part, watch)
        part.become_target()
        return built
    except BaseException as error:
        if part is not None and not _worth_keeping(error, part, resumable):
            part.remove()
        if isinstance(error, OSError):
            raise TargetFailed(to_do=None if resumable else _AGAIN) from error
        raise
    finally:
        if part is not None:
            part.close()


def _seal(plan: Plan, envelope: Envelope, part: PartFile, watch: _Watch, *, resume: bool) -> None:
    source = TarSource(plan, waiting=watch.go_on)

    def check(done: int) -> None:
        watch.done(done)
        part.written(done)

    try:
        watch.begin(SEALING)
        if resume:
            envelope.resume(source, part.file, check=check)
        else:
            envelope.seal(source, part.file, check=check)
        part.to_disk(watch.go_on)
    finally:
        source.close()


def _read_again(layout: TarLayout, envelope: Envelope, part: PartFile, watch: _Watch) -> BuiltFile:
    try:
        watch.begin(CHECKING)
        with part.reading(watch.go_on) as sealed:
            digest = SealedDigest(sealed.fileno())
            try:
                with closing(envelope.opened(sealed)) as plain:
                    compare(plain, layout, watch.done)
                size, sha256 = digest.wait(watch.go_on)
            finally:
                digest.close()
        return BuiltFile(size, sha256)
    except BuildCancelled:
        raise
    except BaseException as error:
        part.remove()
        if isinstance(error, OSError):
            raise TargetFailed("The package could not be read again.", to_do="Choose another disk.") from error
        raise


def _check_space(part: PartFile, sealed_size: int) -> None:
    if shutil.disk_usage(part.target.parent).free < sealed_size - part.size:
        raise TargetFailed("There is not enough free disk space for the package.")


def _worth_keeping(error: BaseException, part: PartFile, resumable: bool) -> bool:
    if isinstance(error, CannotResume):
        return True
    return resumable and not isinstance(error, ItemDamaged) and part.size > 0
