"""What the page "My data" asks of the workstation: all that is held about the one who works here, and a file of it.

Every method is blocking and is called through `ui.bridge`. All failures are `ReviewerError`s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from reviewer.model.preferences import Preferences
from reviewer.model.supervision import OwnData
from reviewer.model.wire import Look, OwnExposureDay, OwnExposureLine
from reviewer.wellbeing.breakdown import Breakdown


@dataclass(frozen=True, slots=True)
class HeldHere:
    """In the encrypted store of this workstation. `shift` runs across midnight, the others are whole local days.

    `elsewhere_today_s` was seen at other workstations and is in none of the spans; `elsewhere_unheard`: they could not
    be asked. `decisions` and `drafts` are counts, `waiting` events have not reached the case system yet.
    """

    today: Breakdown
    shift: Breakdown
    week: Breakdown
    month: Breakdown
    elsewhere_today_s: float
    elsewhere_unheard: bool
    episodes: int
    decisions: int
    drafts: int
    waiting: int
    parked: int
    preferences: Preferences | None


class HeardOfMe(msgspec.Struct, frozen=True, kw_only=True):
    """What the case system holds, as it was told at `heard_at`. `lines`: one for each episode there.

    Kept here for when there is no network, then without the `lines`: only how many there were is known.
    """

    heard_at: datetime
    data: OwnData
    days: tuple[OwnExposureDay, ...]
    looks: tuple[Look, ...]
    line_count: int
    lines: tuple[OwnExposureLine, ...] = ()


class OwnRecords(Protocol):
    def held_here(self) -> HeldHere:
        """StoreUnavailable."""
        ...

    def last_heard(self) -> HeardOfMe | None:
        """What the case system told last; None: it was never asked here."""
        ...

    def ask(self) -> HeardOfMe:
        """Ask the case system. SyncError; what it told before is kept."""
        ...

    def write_file(self, path: str) -> None:
        """All of it as JSON, readable by this account alone and by whoever gets the file. NotWritten."""
        ...
