"""A roster of shifts: what the supervisor is shown equals a recount of the raw events, second by second."""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "casesystem"))

from house import InLoop
from roster import ZONE, Client, Person, Recount, Roster, World, hire, quarter_hours_of, reviewer

from reviewer.casesystem.app import create_app
from reviewer.casesystem.tokens import provision
from reviewer.model.roles import Member, Role
from reviewer.model.wire import OwnExposure
from reviewer.sync.client import CaseSystem

BOSS = Member(id="supervisor-1", name="Supervisor 01", role=Role.SUPERVISOR, recipient="age1boss")


@contextmanager
def case_system(folder: Path, people: int, world: World) -> Iterator[Client]:
    url = f"sqlite:///{folder / 'case.db'}"
    tokens = provision(url, [BOSS, *map(reviewer, range(people))], world)
    app = create_app(url, folder / "blobs", clock=world)
    inner = InLoop(app)

    class Shared(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return inner.handle_request(request)

    with ExitStack() as stack:
        stack.callback(app.state.close)
        stack.callback(inner.close)

        def client(member_id: str, workstation: str) -> CaseSystem:
            made = CaseSystem("http://127.0.0.1", tokens[member_id], workstation, transport=Shared())
            return stack.enter_context(made)

        yield client


def play(
    folder: Path, *, people: int, days: int, looks: int, first: date, trouble: dict[tuple[int, int], str]
) -> Roster:
    """The last two people have two workstations each."""
    world = World(datetime(first.year, first.month, first.day, tzinfo=UTC))
    with case_system(folder, people, world) as client:
        team = [hire(folder, reviewer(n), 2 if n >= people - 2 else 1, world, client) for n in range(people)]
        roster = Roster(team, world, looks, trouble)
        for person, _desk, figures in roster.play(first, days):
            today = world.at.astimezone(ZONE).date()
            days_of_person = person.by_local_day.take(person.seen).days
            own = [days_of_person.get(today - timedelta(days=back), (0.0, 0.0)) for back in range(28)]
            assert figures.last_28_days_s + figures.ahead_s == pytest.approx(sum(day[0] for day in own), abs=0.01)
            if person.clock_was_wrong:
                continue  # which of its days is right nobody at that desk can know
            assert figures.today_s == pytest.approx(own[0][0], abs=0.01)
            assert figures.today_weighted_s == pytest.approx(own[0][1], abs=0.01)
            assert figures.last_7_days_s == pytest.approx(sum(day[0] for day in own[:7]), abs=0.01)
        world.go_to(datetime(first.year, first.month, first.day, 20, tzinfo=UTC) + timedelta(days=days - 1))
        told = client(BOSS.id, "boss-desk").team_exposure()
        for person in team:
            # Quarter hours hide a lost minute: what each can see of themselves has every second.
            days = Recount(UTC).take(person.seen).days
            held = held_by_day(client(person.member.id, "any-desk").own_exposure())
            assert held.keys() == {day.isoformat() for day in days}
            for day, amounts in days.items():
                assert held[day.isoformat()] == pytest.approx(amounts, abs=0.01)
    assert quarter_hours_of(told) == {person.member.name: recounted(person) for person in team}
    assert sorted(roster.happened) == sorted(trouble.values())
    return roster


def held_by_day(own: OwnExposure) -> dict[str, tuple[float, float]]:
    """(plain, weighted) seconds."""
    days: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for line in own.lines:
        plain, weighted = days[line.day]
        days[line.day] = plain + line.seconds, weighted + line.seconds * line.weight
    return days


def recounted(person: Person) -> dict[str, int]:
    """Quarter hours by UTC day, rounded up."""
    days = Recount(UTC).take(person.seen).days
    return {day.isoformat(): math.ceil(weighted / 900) for day, (_, weighted) in days.items()}


@pytest.fixture(autouse=True)
def in_vienna(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Vienna")


def test_three_people_over_the_weekend_of_a_clock_change(tmp_path: Path) -> None:
    trouble = {(0, 0): "crash", (1, 1): "sleep", (2, 3): "clock", (0, 1): "offline"}
    roster = play(tmp_path, people=3, days=4, looks=6, first=date(2026, 10, 23), trouble=trouble)
    assert roster.nights
    assert roster.weekends


@pytest.mark.scale
def test_twelve_people_over_four_weeks(tmp_path: Path) -> None:
    trouble = {(0, 0): "crash", (1, 1): "sleep", (4, 9): "clock", (5, 11): "offline", (5, 14): "offline"}
    roster = play(tmp_path, people=12, days=28, looks=40, first=date(2026, 10, 5), trouble=trouble)
    assert roster.nights > 30
    assert roster.weekends > 60
