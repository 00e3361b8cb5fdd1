"""The supervisor's part of a session, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from reviewer.model.errors import ReviewerError
from reviewer.model.events import TeamExposure
from reviewer.model.supervision import MemberWeeks, Relief, ReliefKind, ReliefRequest, TeamWeeks, WaitingWork
from reviewer.ui.exposure_table import exposure_table, week_columns

WORK = (
    WaitingWork(harm_type="violence", items=40, quarter_hours=12),
    WaitingWork(harm_type="threat_to_life", items=6, in_danger=2, quarter_hours=3),
    WaitingWork(harm_type="other", items=31),
)


@dataclass
class SupervisionFake:
    """`team_of` answers looks; `fail` is raised by everything. Relief is done once for one id, as the real one does."""

    team_of: Callable[[], TeamExposure]
    work: tuple[WaitingWork, ...] = ()
    assigned: int = 3
    fail: ReviewerError | None = None
    looks: list[int] = field(default_factory=list)
    asked: list[ReliefRequest] = field(default_factory=list)
    done: dict[str, Relief] = field(default_factory=dict)
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    exported: list[tuple[Path, int]] = field(default_factory=list)

    def _answer(self) -> None:
        if self.fail is not None:
            raise self.fail

    def team(self, days: int) -> TeamExposure:
        self.looks.append(days)
        self._answer()
        return self.team_of()

    def team_weeks(self, days: int) -> TeamWeeks:
        """Of the 52 weeks that end with `today`."""
        self.looks.append(days)
        self._answer()
        team = self.team_of()
        table = exposure_table(team, week_columns(self.today))
        members = tuple(
            MemberWeeks(
                member=row.member, fullest=row.quarters, sums=row.sums, incomplete=tuple(sorted(row.incomplete)),
                today=row.today, member_id=row.member_id, without_break=row.without_break,
            )
            for row in table.rows
        )  # fmt: skip
        mondays = tuple(column.first.isoformat() for column in table.columns)
        return TeamWeeks(
            limit_quarter_hours=team.limit_quarter_hours, today=self.today.isoformat(), mondays=mondays,
            members=members, withhold_below=team.withhold_below,
        )  # fmt: skip

    def waiting(self) -> Sequence[WaitingWork]:
        self._answer()
        return self.work

    def relieve(self, request: ReliefRequest) -> Relief:
        self.asked.append(request)
        self._answer()
        moved = self.assigned if request.kind is ReliefKind.HAND_OVER else 0
        made = Relief(id=request.id, kind=request.kind, by="Supervisor 02", at=datetime.now(UTC), handed_over=moved)
        return self.done.setdefault(request.id, made)

    def export(self, path: Path, days: int, made: Callable[[TeamExposure], bytes]) -> None:
        self._answer()
        self.exported.append((path, days))
        path.write_bytes(made(self.team_of()))
