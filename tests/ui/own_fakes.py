"""What is held about a made-up reviewer, in memory, for the tests of the page of one's own data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.events import ExposureDay, MemberExposure
from reviewer.model.levels import Kind, Level
from reviewer.model.preferences import Preferences
from reviewer.model.supervision import OwnData, RefusedAttempt, Relief, ReliefKind
from reviewer.model.wire import Look, OwnExposureDay, OwnExposureLine
from reviewer.ui.own_ports import HeardOfMe, HeldHere
from reviewer.wellbeing.breakdown import Breakdown, broken_down
from reviewer.wellbeing.episodes import Episode

TODAY = date(2026, 11, 21)
NINE = datetime(2026, 11, 21, 9, tzinfo=UTC)
QUARTERS = (0, 6, 8, 0, 12, 9, 14, 3, 0, 7, 10, 0, 11, 15)


def some_episodes() -> list[Episode]:
    made = []
    for back in range(20):
        for at, (level, kind, harm) in enumerate((
            (Level.BLURRED, Kind.IMAGE, "violence"), (Level.DRAWING, Kind.VIDEO, "violence"),
            (Level.CLEAR, Kind.IMAGE, "other"), (Level.FACTS, Kind.AUDIO, "self_harm"), (Level.BLURRED, None, "other"),
        )):  # fmt: skip
            made.append(Episode(
                id=f"e{back}-{at}", item_id=f"i{back}-{at}" if kind else "", harm_type=harm, level=level,
                started_at=NINE - timedelta(days=back) + timedelta(minutes=20 * at), seconds=40.0 + 300 * at,
                weight=2.0, sound=kind in (Kind.AUDIO, Kind.VIDEO), full_screen=at == 1, kind=kind,
            ))  # fmt: skip
    return made


@cache
def held_here(preferences: Preferences | None = None) -> HeldHere:
    episodes = some_episodes()
    severities = {episode.item_id: 1 + at % 3 for at, episode in enumerate(episodes) if at % 4}

    def span(days: int) -> Breakdown:
        return broken_down(episodes, severities, UTC, TODAY - timedelta(days=days - 1), TODAY)

    return HeldHere(
        today=span(1), shift=span(1), week=span(7), month=span(28), elsewhere_today_s=1500.0, elsewhere_unheard=False,
        episodes=1240, decisions=318, drafts=2, waiting=3, parked=0, preferences=preferences,
    )  # fmt: skip


def as_seen(name: str = "Reviewer 07") -> MemberExposure:
    days = [(TODAY - timedelta(days=len(QUARTERS) - 1 - at), amount) for at, amount in enumerate(QUARTERS)]
    return MemberExposure(
        member=name,
        member_id="m07",
        without_break=9,
        days=tuple(
            ExposureDay(day=day.isoformat(), quarter_hours=amount, incomplete=amount == 7) for day, amount in days
        ),
    )


def heard(at: datetime = NINE) -> HeardOfMe:
    return HeardOfMe(
        heard_at=at,
        data=OwnData(
            as_seen=as_seen(),
            limit_quarter_hours=16,
            decisions=318,
            messages=12,
            reliefs=(Relief(id="r1", kind=ReliefKind.HAND_OVER, by="Supervisor 01", at=at, handed_over=4),),
            refused=(RefusedAttempt(what="GET /exposure/team", at=at),),
        ),
        days=tuple(
            OwnExposureDay(
                day=(TODAY - timedelta(days=back)).isoformat(), workstation=f"desk-{back % 2}", seconds=3000.0 + back,
                weighted=6000.0, violent_s=30.0, incomplete=back == 2,
            )
            for back in range(12)
        ),
        looks=(
            Look(viewer="Supervisor 01", at=at - timedelta(hours=2)),
            Look(viewer="Supervisor 02", at=at - timedelta(days=1), purpose="exported"),
        ),
        line_count=1,
        lines=(OwnExposureLine(day=TODAY.isoformat(), level="blurred", seconds=3000.0, weight=2.0),),
    )  # fmt: skip


@dataclass
class FakeOwn:
    """`offline`: the case system does not answer; `before` is what it said last."""

    called: Callable[..., None] = lambda *_details: None
    here: HeldHere = field(default_factory=held_here)
    there: HeardOfMe = field(default_factory=heard)
    before: HeardOfMe | None = None
    offline: bool = False

    def held_here(self) -> HeldHere:
        self.called("held_here")
        return self.here

    def last_heard(self) -> HeardOfMe | None:
        return self.before

    def ask(self) -> HeardOfMe:
        self.called("ask_own")
        if self.offline:
            raise CaseSystemUnreachable
        self.before = self.there
        return self.there

    def write_file(self, path: str) -> None:
        self.called("write_own_file", path)
