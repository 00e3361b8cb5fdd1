"""The demo's past: twelve people, the same every time, coarse like any figures, and of no item."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from reviewer.casesystem.app import create_app
from reviewer.casesystem.tokens import provision
from reviewer.demo.history import NEAR_LIMIT, give_history
from reviewer.demo.organisation import REVIEWERS, SUPERVISOR
from reviewer.model.events import TeamExposure
from reviewer.model.roles import Member, Role
from reviewer.model.supervision import WaitingPage

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


def asked(folder: Path) -> tuple[TeamExposure, WaitingPage]:
    folder.mkdir()
    url = f"sqlite:///{folder / 'case.db'}"
    people = [Member(id=one, name=one, role=Role.REVIEWER, recipient="age1synthetic") for one in REVIEWERS]
    boss = Member(id=SUPERVISOR, name="Supervisor 02", role=Role.SUPERVISOR, recipient="age1synthetic")
    tokens = provision(url, [*people, boss])
    give_history(url, REVIEWERS, NOW)
    app = create_app(url, folder / "blobs", clock=Noon())

    async def ask() -> tuple[bytes, bytes]:
        headers = {"Authorization": f"Bearer {tokens[SUPERVISOR]}", "Reviewer-Workstation": "desk"}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://demo/v1/", headers=headers) as client:
            team, waiting = await client.get("exposure/team?days=364"), await client.get("work/waiting")
        return team.content, waiting.content

    try:
        team, waiting = asyncio.run(ask())
    finally:
        app.state.close()
    return msgspec.json.decode(team, type=TeamExposure), msgspec.json.decode(waiting, type=WaitingPage)


def test_a_supervisor_finds_a_team_with_a_past(tmp_path: Path) -> None:
    team, _ = asked(tmp_path / "one")
    assert len(team.members) == 12
    of = {member.member_id: member for member in team.members}
    assert all(len(member.days) > 60 for member in team.members)
    assert of[NEAR_LIMIT].days[-1].quarter_hours >= team.limit_quarter_hours * 0.875
    assert all(of[one].days[-1].day < "2026-11-21" for one in REVIEWERS), "their today is what they really do"
    assert any(day.incomplete for member in team.members for day in member.days)


def test_it_is_the_same_in_every_demo(tmp_path: Path) -> None:
    assert asked(tmp_path / "one")[0].members == asked(tmp_path / "two")[0].members
