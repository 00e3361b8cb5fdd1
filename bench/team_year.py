"""A year of a team of 200: what the case system needs to answer the supervisor's view.

`build` writes a synthetic team straight into the tables, the same for the same numbers. `rows()` returns (name, value,
unit, ratio or None): server time in this process, the answer encoded, median of `TURNS`; the ratio is to the aim.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import sqlalchemy as sa

from reviewer.casesystem.app import create_app
from reviewer.casesystem.database import open_database, writing
from reviewer.casesystem.exposure.days import monday_of, rounded_by_day
from reviewer.casesystem.exposure.tables import exposure_days, exposure_weeks
from reviewer.casesystem.tokens import provision
from reviewer.model.events import TeamExposure
from reviewer.model.roles import Member, Role
from reviewer.model.supervision import TeamWeeks

Row = tuple[str, float, str, float | None]
PEOPLE = int(os.environ.get("REVIEWER_BENCH_TEAM", "200"))
WORKDAYS = 250
TODAY = date(2026, 11, 20)
SUPERVISOR = "supervisor-1"
TURNS = 9
AIM_MS = 150.0
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Team:
    """`url` of the database, `blobs` for it, and a token per member id."""

    url: str
    blobs: Path
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Noon of `today`, UTC."""

    today: date

    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def build(folder: Path, people: int = PEOPLE, workdays: int = WORKDAYS, today: date = TODAY, seed: int = 6) -> Team:
    """Reviewers "reviewer-1", ... who worked the last `workdays` weekdays (fewer with time off), and a supervisor.

    One in ten used two workstations now and then; one day in two hundred is incomplete.
    """
    roster = [
        Member(id=f"reviewer-{n}", name=f"Reviewer {n:03}", role=Role.REVIEWER, recipient="age1synthetic")
        for n in range(1, people + 1)
    ]
    boss = Member(id=SUPERVISOR, name="Supervisor 01", role=Role.SUPERVISOR, recipient="age1synthetic")
    url = f"sqlite:///{folder / 'case.db'}"
    tokens = provision(url, [*roster, boss], FixedClock(today))
    engine = open_database(url)
    try:
        rows = exposure_rows([member.id for member in roster], workdays, today, seed)
        with writing(engine) as connection:
            for start in range(0, len(rows), _AT_ONCE):
                connection.execute(sa.insert(exposure_days), rows[start : start + _AT_ONCE])
            connection.execute(sa.insert(exposure_weeks), week_rows(rows))
    finally:
        engine.dispose()
    return Team(url, folder / "blobs", tokens)


def exposure_rows(member_ids: list[str], workdays: int, today: date, seed: int) -> list[dict[str, object]]:
    """Rows of `exposure_days`."""
    rng = random.Random(seed)
    weekdays = [day for back in range(366) if (day := today - timedelta(days=back)).weekday() < 5][:workdays]
    rows: list[dict[str, object]] = []
    for number, member_id in enumerate(member_ids):
        usual_s = rng.uniform(3_000.0, 11_000.0)
        for day in sorted(weekdays):
            if rng.random() < 0.06:
                continue
            seconds = max(60.0, rng.gauss(usual_s, 1_800.0))
            desks = ("desk-1", "desk-2") if number % 10 == 0 and rng.random() < 0.3 else ("desk-1",)
            for desk in desks:
                rows.append(
                    {
                        "member_id": member_id,
                        "day": day.isoformat(),
                        "workstation": f"{member_id}-{desk}",
                        "seconds": seconds / len(desks),
                        "weighted": seconds / len(desks) * rng.uniform(1.0, 1.6),
                        "violent_s": seconds / len(desks) * rng.uniform(0.0, 0.4),
                        "incomplete": rng.random() < 0.005,
                    }
                )
    return rows


def week_rows(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    """Rows of `exposure_weeks` for rows of `exposure_days`."""
    parts: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        parts[row["member_id"], monday_of(row["day"])].append(row)
    weeks: list[dict[str, object]] = []
    for (member_id, monday), days in parts.items():
        days.sort(key=lambda row: (row["day"], row["workstation"]))
        quarters = rounded_by_day((row["day"], row["weighted"]) for row in days).values()
        incomplete = any(row["incomplete"] for row in days)
        week = {"member_id": member_id, "monday": monday, "incomplete": incomplete}
        weeks.append({**week, "fullest": max(quarters), "quarters": sum(quarters)})
    return weeks


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        team = build(Path(folder))
        app = create_app(team.url, team.blobs, clock=FixedClock(TODAY))
        try:
            by_day = asyncio.run(_ask(app, team.tokens[SUPERVISOR], "exposure/team?days=366"))
            by_week = asyncio.run(_ask(app, team.tokens[SUPERVISOR], "exposure/team?days=366&by=week"))
        finally:
            app.state.close()
    days = sum(len(member.days) for member in msgspec.json.decode(by_day[-1], type=TeamExposure).members)
    weeks = sum(len(member.sums) for member in msgspec.json.decode(by_week[-1], type=TeamWeeks).members)
    return [
        *_rows(f"GET exposure/team by week, {PEOPLE} people, {weeks:,} weeks", *by_week, TeamWeeks, AIM_MS),
        *_rows(f"GET exposure/team, {PEOPLE} people, {days:,} days", *by_day, TeamExposure, None),
    ]


def _rows(what: str, took: list[float], worked_ms: float, body: bytes, kind: type, aim_ms: float | None) -> list[Row]:
    started = time.process_time()
    for _ in range(TURNS):
        msgspec.json.decode(body, type=kind)
    decoding_ms = (time.process_time() - started) * 1000 / TURNS

    def row(name: str, value: float) -> Row:
        return name, value, "ms", None if aim_ms is None else value / aim_ms

    return [
        row(f"{what}, median", statistics.median(took)),
        row("the slowest of them", max(took)),
        row("processor time of one", worked_ms),
        ("its answer", len(body) / 1000, "kB", None),
        ("decoding it, processor time", decoding_ms, "ms", None),
    ]


async def _ask(app: object, token: str, path: str) -> tuple[list[float], float, bytes]:
    headers = {"Authorization": f"Bearer {token}", "Reviewer-Workstation": "bench"}
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    took, body = [], b""
    async with httpx.AsyncClient(transport=transport, base_url="http://bench/v1/", headers=headers) as client:
        await client.get("exposure/team?days=1")
        worked = time.process_time()
        for _ in range(TURNS):
            started = time.perf_counter()
            answer = await client.get(path)
            took.append((time.perf_counter() - started) * 1000)
            answer.raise_for_status()
            body = answer.content
        worked_ms = (time.process_time() - worked) * 1000 / TURNS
    return took, worked_ms, body
