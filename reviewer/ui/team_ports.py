"""What the supervisor's view asks of the workstation. Every method blocks; all failures are `ReviewerError`s."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from reviewer.model.events import TeamExposure
from reviewer.model.supervision import Relief, ReliefRequest, TeamWeeks, WaitingWork


class Supervision(Protocol):
    """The team, for those who may see it. SyncError where the case system cannot be asked or does not allow it."""

    def team(self, days: int) -> TeamExposure:
        """The last `days` UTC days. A look: each person in it sees that it was taken."""
        ...

    def team_weeks(self, days: int) -> TeamWeeks:
        """The calendar weeks that began in the last `days` UTC days; as much of a look, and far less to read."""
        ...

    def waiting(self) -> Sequence[WaitingWork]: ...

    def relieve(self, request: ReliefRequest) -> Relief:
        """Done once for one id, however often it is asked."""
        ...

    def export(self, path: Path, days: int, made: Callable[[TeamExposure], bytes]) -> None:
        """Write `made(figures)` to a new file only its owner can read, whole or not at all.

        ExportNotWritten. Each person in it sees that it was exported.
        """
        ...
