"""A year of the team by weeks: what the days add up to, whoever told it, whenever it came and however it was kept."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from house import BOSS, GATE, NOON, ONE, TWO, House, an_event, exposed
from hypothesis import given, settings
from hypothesis import strategies as st
from test_database import upgrade_to

from reviewer.casesystem.database import open_database, writing
from reviewer.model.events import EventType, MemberExposure, OutboxEvent
from reviewer.model.payloads import WithoutBreak
from reviewer.model.supervision import LookPurpose, MemberWeeks, TeamWeeks
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TODAY = date(2026, 11, 21)  # a Saturday


def without_break(quarter_hours: int, actor: str = ONE) -> OutboxEvent:
    return an_event(WithoutBreak(member=actor, quarter_hours=quarter_hours), EventType.WITHOUT_BREAK, actor)


def added_up(member: MemberExposure, mondays: tuple[str, ...]) -> MemberWeeks:
    """The days of the daily answer as the weekly one should say them."""
    fullest, sums, lacks, today = [0] * len(mondays), [0] * len(mondays), set(), 0
    for day in member.days:
        at = date.fromisoformat(day.day)
        monday = (at - timedelta(days=at.weekday())).isoformat()
        if monday in mondays:
            place = mondays.index(monday)
            fullest[place] = max(fullest[place], day.quarter_hours)
            sums[place] += day.quarter_hours
            if day.incomplete:
                lacks.add(place)
        if at == TODAY:
            today = day.quarter_hours
    return MemberWeeks(
        member=member.member, fullest=tuple(fullest), sums=tuple(sums), incomplete=tuple(sorted(lacks)), today=today,
        member_id=member.member_id, without_break=member.without_break,
    )  # fmt: skip


@contextmanager
def clients(house: House) -> Iterator[As]:
    with house.in_loop() as transport:

        class Shared(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                return transport.handle_request(request)

        yield lambda member, desk="desk-1": CaseSystem(
            "http://127.0.0.1", house.tokens[member], desk, transport=Shared()
        )


EPISODES = st.lists(
    st.tuples(
        st.sampled_from([ONE, TWO, GATE]),
        st.sampled_from(["desk-1", "desk-2"]),
        st.one_of(st.floats(0.0, 86_400.0), st.sampled_from([0.0, 900.0, 1800.0])),
        st.sampled_from([0.0, 0.1, 1.0, 1.7, 10.0]),
        st.integers(-380 * 86_400, 86_400),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(episodes=EPISODES, days=st.integers(1, 366), stretch=st.integers(0, 96))
def test_the_weeks_are_what_the_days_add_up_to(
    tmp_path_factory: pytest.TempPathFactory,
    episodes: list[tuple[str, str, float, float, int]],
    days: int,
    stretch: int,
) -> None:
    with clients(House(tmp_path_factory.mktemp("house"))) as client:
        for member, desk, seconds, weight, at in episodes:
            client(member, desk).post_events([exposed(member, seconds, weight=weight, at=NOON + timedelta(seconds=at))])
        client(ONE).post_events([without_break(stretch)])
        weeks = client(BOSS).team_weeks(days)
        team = client(BOSS).team_exposure(366)
        assert weeks.today == TODAY.isoformat()
        assert (weeks.limit_quarter_hours, weeks.withhold_below) == (team.limit_quarter_hours, team.withhold_below)
        assert weeks.members == tuple(added_up(member, weeks.mondays) for member in team.members)


@pytest.mark.parametrize(("days", "count"), [(1, 1), (6, 1), (12, 1), (13, 2), (363, 52), (366, 52)])
def test_weeks_that_began_before_the_days_asked_for_are_left_out(as_member: As, days: int, count: int) -> None:
    mondays = as_member(BOSS).team_weeks(days).mondays
    assert (len(mondays), mondays[-1]) == (count, "2026-11-16")


def test_looking_at_weeks_is_a_look_at_everybody(as_member: As) -> None:
    as_member(BOSS).team_weeks()
    as_member(BOSS).team_weeks(purpose=LookPurpose.EXPORTED)
    for member in (ONE, TWO):
        assert sorted(look.purpose for look in as_member(member).looks()) == ["exported", "seen"]


def test_another_span_than_day_or_week_cannot_be_asked_for(raw: httpx.Client, house: House) -> None:
    answer = raw.get("exposure/team?by=hour", headers=house.headers(BOSS))
    assert answer.status_code == 422
    assert raw.get("looks/me", headers=house.headers(ONE)).json()["looks"] == []


def test_nothing_finer_than_a_quarter_hour_is_told(as_member: As, house: House, raw: httpx.Client) -> None:
    as_member(ONE).post_events([exposed(seconds=1.0), exposed(seconds=1.0, at=NOON - timedelta(days=1))])
    answer = raw.get("exposure/team?by=week&days=7", headers=house.headers(BOSS)).json()
    (row,) = [member for member in answer["members"] if member["member_id"] == ONE]
    assert set(row) <= {"member", "member_id", "fullest", "sums", "today", "incomplete", "without_break"}
    assert (row["fullest"], row["sums"], row["today"]) == ([1], [2], 1)


def tables_of(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_what_was_kept_before_weeks_were_is_in_them(tmp_path: Path) -> None:
    house = House(tmp_path)
    with clients(house) as client:
        rng = random.Random(6)
        for _ in range(60):
            member, desk = rng.choice([ONE, TWO]), rng.choice(["desk-1", "desk-2"])
            at = NOON - timedelta(seconds=rng.randrange(60 * 86_400))
            client(member, desk).post_events([exposed(member, rng.uniform(1.0, 9_000.0), weight=1.3, at=at)])
        client(ONE).post_events([without_break(9)])
        before: TeamWeeks = client(BOSS).team_weeks()
    old = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade_to(old, "0014")
    before_weeks = tables_of(old)
    old.dispose()
    engine = open_database(house.url)
    try:
        with writing(engine) as connection:
            # As the step that makes them found it.
            for table in sorted(tables_of(engine) - before_weeks):
                connection.execute(sa.text(f"DROP TABLE {table}"))
            connection.execute(sa.text("ALTER TABLE without_break RENAME TO later"))
            connection.execute(
                sa.text("CREATE TABLE without_break AS SELECT member_id, quarter_hours, expires_at FROM later")
            )
            connection.execute(sa.text("DROP TABLE later"))
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '0014'"))
    finally:
        engine.dispose()
    with clients(house) as client:
        assert client(BOSS).team_weeks() == before
        client(ONE, "desk-1").post_events([without_break(0)])
        assert client(BOSS).team_weeks().members[0].without_break == 0


def test_a_stretch_that_ends_at_one_desk_goes_on_at_the_other(as_member: As, house: House) -> None:
    def told() -> int:
        seen = as_member(BOSS).team_exposure(1).members[0].without_break
        assert as_member(BOSS).team_weeks(1).members[0].without_break == seen
        assert as_member(ONE).own_data().as_seen.without_break == seen
        return seen

    as_member(ONE, "desk-1").post_events([without_break(9)])
    as_member(ONE, "desk-2").post_events([without_break(0)])
    assert told() == 9
    as_member(ONE, "desk-2").post_events([without_break(12)])
    assert told() == 12
    as_member(ONE, "desk-2").post_events([without_break(0)])
    assert told() == 9
    as_member(ONE, "desk-1").post_events([without_break(0)])
    assert told() == 0
    with closing(sqlite3.connect(house.folder / "case.db")) as db:
        assert db.execute("SELECT * FROM without_break").fetchall() == []
