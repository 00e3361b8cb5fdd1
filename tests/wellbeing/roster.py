"""Weeks of shifts at real meters, stores and a real case system, on clocks moved by hand; and what truly happened."""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from reviewer.model.events import TeamExposure
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import read_policy
from reviewer.model.roles import Member, Role
from reviewer.resources import resource
from reviewer.sync.client import CaseSystem
from reviewer.vault import age
from reviewer.vault.vault import Vault
from reviewer.wellbeing.meter import ExposureFigures
from reviewer.workstation.elsewhere import Elsewhere
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.journal import Journal
from reviewer.workstation.syncing import Syncing

ZONE = ZoneInfo("Europe/Vienna")
_PASSPHRASE = "seven small stones"
_BEAT_S = 20
_TEXT = resource("policy.toml").read_text(encoding="utf-8")
_POLICY = read_policy(_TEXT)
WEIGHTS = {harm["key"]: float(harm["weight"]) for harm in tomllib.loads(_TEXT)["harm_types"]}
Client = Callable[[str, str], CaseSystem]


@dataclass
class World:
    """The true time, which only moves on."""

    at: datetime
    mono: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.mono

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.mono += seconds

    def go_to(self, moment: datetime) -> None:
        self.pass_s((moment - self.at).total_seconds())


@dataclass
class DeskClock:
    """The clock of one machine: somebody may set it wrong."""

    world: World
    wrong: timedelta = timedelta()

    def now(self) -> datetime:
        return self.world.at + self.wrong

    def monotonic(self) -> float:
        return self.world.mono


@dataclass(frozen=True)
class Seen:
    """A raw event: so many whole seconds of something, from this true moment on."""

    at: datetime
    seconds: int
    weight: float
    desk: str


class Recount:
    """(plain, weighted) seconds by day of a zone, counted second by second."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._counted = 0
        self.days: dict[date, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))

    def take(self, seen: list[Seen]) -> Recount:
        """All of it; what was counted before is not counted again."""
        for event in seen[self._counted :]:
            for second in range(event.seconds):
                day = (event.at + timedelta(seconds=second)).astimezone(self._zone).date()
                plain, weighted = self.days[day]
                self.days[day] = plain + 1.0, weighted + event.weight
        self._counted = len(seen)
        return self


class Desk:
    """One workstation of one person; locked until `open`."""

    def __init__(self, folder: Path, member: Member, name: str, world: World, client: Client) -> None:
        self.clock = DeskClock(world)
        self.name = name
        self._world = world
        self._member = member
        self._client = client
        self._path = folder / f"{member.id}-{name}"
        recipient = age.generate_identity().recipient()
        Vault(self._path).create(
            _PASSPHRASE, recipient, member_id=member.id, name=member.name, role=member.role, work_factor=8
        )

    def open(self, seen: list[Seen]) -> None:
        self._seen = seen
        self._vault = Vault(self._path).open(_PASSPHRASE)
        self.keeper = ExposureKeeper(self.clock, _POLICY, self._vault)
        self._case_system = self._client(self._member.id, self._vault.workstation)
        journal = Journal(self._vault, self.clock)
        self._sync = Syncing(self._vault, self._case_system, self.clock, journal.author, lambda: None)
        Elsewhere(self._case_system, self.keeper.elsewhere).ask()

    def figures(self) -> ExposureFigures:
        Elsewhere(self._case_system, self.keeper.elsewhere).ask()
        return self.keeper.figures()

    def look(self, item: str, harm: str, level: Level, seconds: int, *, sound: bool, full: bool) -> None:
        """With a heartbeat every so often; the last moment of it is one."""
        at = self._world.at
        left = seconds
        while True:
            self.keeper.showing(item, harm, level, sound=sound, full_screen=full, kind=Kind.IMAGE)
            if left <= 0:
                break
            self._world.pass_s(min(left, _BEAT_S))
            left -= _BEAT_S
        if level > Level.FACTS or sound:
            self._seen.append(Seen(at, seconds, WEIGHTS[harm], self.name))

    def away(self, seconds: float) -> None:
        self.keeper.showing(None, "other", Level.FACTS, sound=False, full_screen=False)
        self._world.pass_s(seconds)

    def sleep(self, seconds: float) -> None:
        """The lid is closed over what is shown, and opened again."""
        self._world.pass_s(seconds)

    def crash(self) -> None:
        """What was handed to the store's thread is there; nothing is closed, nobody says goodbye."""
        self._vault.store.call(lambda _store: None)
        self._vault.lock()

    def lock(self, *, online: bool = True) -> None:
        self.keeper.stop()
        if online:
            assert self._sync.now().waiting == 0
        self._vault.lock()


@dataclass
class Person:
    member: Member
    desks: list[Desk]
    seen: list[Seen] = field(default_factory=list)
    by_local_day: Recount = field(default_factory=lambda: Recount(ZONE))
    clock_was_wrong: bool = False


class Roster:
    """`play` the days; `trouble` names what happens to whom on which day: crash, sleep, clock or offline."""

    def __init__(self, people: list[Person], world: World, looks: int, trouble: dict[tuple[int, int], str]) -> None:
        self._people = people
        self._world = world
        self._looks = looks
        self._trouble = trouble
        self._random = random.Random(20)
        self._items = count()
        self.nights = self.weekends = 0
        self.happened: list[str] = []

    def play(self, first: date, days: int) -> Iterator[tuple[Person, Desk, ExposureFigures]]:
        """After each shift: who, at which desk, and what the meter says there. In true order, one shift at a time."""
        shifts = []
        for day in range(days):
            for number, person in enumerate(self._people):
                if (day + 2 * number) % 7 >= 5:
                    continue
                # The last day has no night shift: it would end after the roster does.
                night = len(person.desks) == 1 and (day // 7 + number) % 3 == 0 and day < days - 1
                begins = time(23, 40) if night else time(8)
                local = datetime.combine(first, begins, ZONE)
                shifts.append((local + timedelta(days=day), number, day, night))
        for starts_at, number, day, night in shifts:
            # Shifts of a team overlap in truth; here each has the world's clock to itself, set to where it begins.
            self._world.at = starts_at.astimezone(UTC) + timedelta(minutes=number)
            self._world.mono += 3600.0 * 12
            self.nights += night
            self.weekends += starts_at.weekday() >= 5
            yield self._shift(self._people[number], self._trouble.get((number, day), ""))

    def _shift(self, person: Person, trouble: str) -> tuple[Person, Desk, ExposureFigures]:
        per_desk = self._looks // len(person.desks)
        for desk in person.desks:
            desk.open(person.seen)
            for number in range(per_desk):
                if number == per_desk // 2 and trouble and desk is person.desks[0]:
                    self._meanwhile(trouble, desk, person)
                self._look(desk)
            desk.clock.wrong = timedelta()
            figures = desk.figures()
            desk.lock(online=trouble != "offline")
        return person, desk, figures

    def _meanwhile(self, trouble: str, desk: Desk, person: Person) -> None:
        self.happened.append(trouble)
        if trouble == "crash":
            desk.look("crashed", "violence", Level.CLEAR, 47, sound=False, full=True)
            desk.crash()
            self._world.pass_s(300)
            desk.open(person.seen)
        elif trouble == "sleep":
            desk.look("asleep", "violence", Level.BLURRED, 31, sound=False, full=False)
            desk.sleep(5400)
            desk.look("asleep", "violence", Level.BLURRED, 12, sound=False, full=False)
        elif trouble == "clock":
            desk.clock.wrong = timedelta(hours=30)
            person.clock_was_wrong = True

    def _look(self, desk: Desk) -> None:
        chance = self._random
        item, harm = f"item-{next(self._items)}", chance.choice(sorted(WEIGHTS))
        desk.look(item, harm, Level.FACTS, chance.randrange(3, 20), sound=chance.random() < 0.1, full=False)
        desk.look(item, harm, Level.BLURRED, chance.randrange(2, 90), sound=False, full=False)
        if chance.random() < 0.5:
            level, full = chance.choice((Level.DRAWING, Level.LENS, Level.CLEAR)), chance.random() < 0.3
            desk.look(item, harm, level, chance.randrange(1, 30), sound=chance.random() < 0.3, full=full)
        desk.away(chance.randrange(5, 400))


def hire(folder: Path, member: Member, desks: int, world: World, client: Client) -> Person:
    return Person(member, [Desk(folder, member, f"desk-{n}", world, client) for n in range(desks)])


def reviewer(number: int) -> Member:
    name = f"{number:02}"
    return Member(id=f"reviewer-{name}", name=f"Reviewer {name}", role=Role.REVIEWER, recipient="age1one")


def quarter_hours_of(team: TeamExposure) -> dict[str, dict[str, int]]:
    return {m.member: {day.day: day.quarter_hours for day in m.days if day.quarter_hours} for m in team.members}
