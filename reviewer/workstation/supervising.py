"""The supervisor's part of an unlocked workstation: figures of the team, what waits, relief, and a file of the figures.

Nothing of it is kept here: figures live in the window while it is open, and in the files a supervisor asked for.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from reviewer.model.errors import ReviewerError
from reviewer.model.events import TeamExposure
from reviewer.model.ids import uuid7
from reviewer.model.supervision import LookPurpose, Relief, ReliefRequest, TeamWeeks, WaitingWork
from reviewer.sync.client import CaseSystem
from reviewer.vault.files import sync_folder


class ExportNotWritten(ReviewerError):
    """The disk refused: full, not writable, or there is a file of that name."""

    code = "R011"
    happened = "The file could not be written there."
    kept = "No part of it is left behind."
    to_do = "Free space or choose another folder, then export again."


class Supervising:
    """Methods block and raise SyncError; roles are the case system's to enforce."""

    def __init__(self, case_system: CaseSystem) -> None:
        self._case_system = case_system

    def team(self, days: int) -> TeamExposure:
        """The last `days` UTC days. A look: each person in it sees that it was taken."""
        return self._case_system.team_exposure(days)

    def team_weeks(self, days: int) -> TeamWeeks:
        """The calendar weeks that began in the last `days` UTC days. A look like any other."""
        return self._case_system.team_weeks(days)

    def waiting(self) -> Sequence[WaitingWork]:
        return self._case_system.waiting_work()

    def relieve(self, request: ReliefRequest) -> Relief:
        """Done once for one id, however often it is asked."""
        return self._case_system.relieve(request)

    def export(self, path: Path, days: int, made: Callable[[TeamExposure], bytes]) -> None:
        """Write `made(figures)` to a new file of mode 0600, whole or not at all; what is there is never replaced.

        The file is begun before the figures are asked for: nobody is told of an export that had no place to go to.
        """
        if os.path.lexists(path):
            raise _exists()
        part = path.with_name(f".{uuid7()}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except (OSError, ValueError) as error:
            raise ExportNotWritten from error
        asked = False
        try:
            with os.fdopen(handle, "wb") as target:
                figures = self._case_system.team_exposure(days, LookPurpose.EXPORTED)
                asked = True
                target.write(made(figures))
                target.flush()
                os.fsync(target.fileno())
            _put(part, path)
            sync_folder(path.parent)
        except OSError as error:
            raise _refused(asked) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _put(part: Path, path: Path) -> None:
    """Under its name, unless something has that name meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise _exists() from None
    except OSError:  # file systems of sticks and shares know no links
        if os.path.lexists(path):
            raise _exists() from None
        part.rename(path)


def _exists() -> ExportNotWritten:
    return ExportNotWritten(
        "There is a file of that name already.",
        kept="It was left as it is.",
        to_do="Choose another name, then export again.",
    )


def _refused(asked: bool) -> ExportNotWritten:
    if not asked:
        return ExportNotWritten()
    return ExportNotWritten(
        kept="No part of it is left behind; those in it see that their figures were asked for.",
    )
