"""A package that has its name already, but was not recorded: the machine failed between the two. Read, and known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from reviewer.handoff.building import BuiltFile
from reviewer.handoff.envelope import Envelope
from reviewer.handoff.errors import TargetFailed
from reviewer.handoff.part_file import forget_first_name
from reviewer.handoff.plan import Plan
from reviewer.handoff.rereading import compare
from reviewer.handoff.tar_layout import TarLayout


def read_finished(
    plan: Plan, envelope: Envelope, target: Path, *, progress: Callable[[int, int], None], check: Callable[[], None]
) -> BuiltFile:
    """What `build` would have given back for `target`. `progress` is told (done, total) bytes of plaintext; what
    `check` raises passes. TargetFailed when the file is not what was planned: it is left alone.
    Of a second name that it was left with, `<name>.part`, it is freed."""
    forget_first_name(target)
    layout = TarLayout.of(plan)

    def read(done: int) -> None:
        check()
        progress(done, layout.size)

    try:
        with target.open("rb") as sealed:
            with closing(envelope.opened(sealed)) as plain:
                compare(plain, layout, read)
            sealed.seek(0)
            digest = hashlib.file_digest(sealed, "sha256").hexdigest()
            return BuiltFile(sealed.tell(), digest)
    except OSError as error:
        raise TargetFailed("The package could not be read again.", to_do="Choose another disk.") from error
