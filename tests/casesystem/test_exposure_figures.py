"""Supervisors see quarter hours and nothing finer; every look is seen by its subject; each sees all that is held."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from house import BOSS, NOON, ONE, TWO, House, an_event, exposed
from hypothesis import given
from hypothesis import strategies as st

from reviewer.casesystem.exposure import own
from reviewer.casesystem.exposure.days import by_day, quarter_hours
from reviewer.casesystem.exposure.team import TEAM_DAYS
from reviewer.model.events import AnswerStatus, EventType, ExposureDay
from reviewer.model.payloads import ExposureRecorded
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused

As = Callable[..., CaseSystem]


def test_the_team_in_quarter_hours_by_day_weighted_and_rounded_up(as_member: As) -> None:
    yesterday = NOON - timedelta(days=1)
    one = as_member(ONE)
    one.post_events([exposed(seconds=400), exposed(seconds=300, weight=2.0), exposed(seconds=1, at=yesterday)])
    team = as_member(BOSS).team_exposure()
    assert team.limit_quarter_hours == 16
    assert [(m.member, m.days) for m in team.members] == [
        (
            "Reviewer 01",
            (ExposureDay(day="2026-11-20", quarter_hours=1), ExposureDay(day="2026-11-21", quarter_hours=2)),
        ),
        ("Reviewer 02", ()),
        ("Reviewer 03", ()),
    ]


def test_old_days_are_not_shown_to_supervisors(as_member: As) -> None:
    as_member(ONE).post_events([exposed(at=NOON - timedelta(days=TEAM_DAYS)), exposed(at=NOON - timedelta(days=1))])
    (first, *_) = as_member(BOSS).team_exposure().members
    assert [day.day for day in first.days] == ["2026-11-20"]
    assert len(as_member(ONE).own_exposure().lines) == 2


def test_every_look_is_seen_by_the_one_looked_at(as_member: As, house: House) -> None:
    assert as_member(ONE).looks() == ()
    as_member(BOSS).team_exposure()
    house.clock.advance(60)
    as_member(BOSS).team_exposure()
    for member in (ONE, TWO):
        assert [(look.viewer, look.at) for look in as_member(member).looks()] == [
            ("Supervisor 01", NOON + timedelta(seconds=60)),
            ("Supervisor 01", NOON),
        ]
    with pytest.raises(RoleRefused):
        as_member(ONE).team_exposure()
    assert len(as_member(TWO).looks()) == 2


def test_neither_item_nor_time_of_day_is_stored(as_member: As, house: House) -> None:
    at = datetime(2026, 11, 21, 3, 14, 15, tzinfo=timezone.utc)  # noqa: UP017
    event = exposed(at=at, seconds=10)
    as_member(ONE).post_events([event])
    assert as_member(ONE).post_events([event])[0].status is AnswerStatus.DUPLICATE
    db = sqlite3.connect(house.folder / "case.db")
    columns = [row[1] for row in db.execute("PRAGMA table_info(exposure)")]
    everything = "\n".join(db.iterdump())
    (row,) = db.execute("SELECT * FROM exposure").fetchall()
    with pytest.raises(sqlite3.OperationalError):
        db.execute("SELECT rowid FROM exposure")  # the order rows came in
    db.close()
    assert columns == ["id", "member_id", "day", "level", "seconds", "weight"]
    # A UUIDv7 begins with the milliseconds since 1970: no two parts of one are in the row.
    assert not set(event.id.split("-")) & set(row[0].split("-"))
    assert event.id.replace("-", "")[:10] not in row[0]
    assert "03:14" not in everything
    assert str(at.timestamp()).split(".")[0] not in everything


@pytest.mark.parametrize(
    "change",
    [
        {"member": TWO},
        {"seconds": -1.0},
        {"seconds": 86401.0},
        {"weight": 11.0},
        {"level": "everything"},
        {"started_at": datetime(2026, 11, 21, 12, 0)},  # noqa: DTZ001
    ],
)
def test_exposure_that_cannot_be_is_rejected(as_member: As, change: dict[str, object]) -> None:
    fields = {"member": ONE, "started_at": NOON, "seconds": 5.0, "weight": 1.0, "level": "clear", **change}
    event = an_event(ExposureRecorded(**fields), EventType.EXPOSURE_RECORDED)  # type: ignore[arg-type]
    assert as_member(ONE).post_events([event])[0].status is AnswerStatus.REJECTED
    assert as_member(ONE).own_exposure().lines == ()


def test_an_episode_across_midnight_falls_on_both_days(as_member: As) -> None:
    at = datetime(2026, 11, 20, 22, 50, tzinfo=timezone(timedelta(hours=-1)))
    as_member(ONE).post_events([exposed(seconds=1000.0, at=at)])
    lines = as_member(ONE).own_exposure().lines
    assert [(line.day, line.seconds) for line in lines] == [("2026-11-21", 400.0), ("2026-11-20", 600.0)] or [
        (line.day, line.seconds) for line in lines
    ] == [("2026-11-21", 1000.0)]


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
    st.floats(0, 86400),
)
def test_days_add_up_to_the_episode(started_at: datetime, seconds: float) -> None:
    parts = by_day(started_at, seconds)
    assert sum(part for _, part in parts) == pytest.approx(seconds)
    assert [day for day, _ in parts] == sorted({day for day, _ in parts})
    assert all(0 <= part <= 86400 for _, part in parts)


def test_quarter_hours_round_up() -> None:
    assert [quarter_hours(seconds) for seconds in (0.0, 0.1, 900.0, 900.1)] == [0, 1, 1, 2]


def test_of_very_many_lines_the_newest_come_with_a_count_of_all(as_member: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MOST_OWN_LINES", 2)
    for back in (2, 0, 1):
        as_member(ONE).post_events([exposed(seconds=60.0, at=NOON - timedelta(days=back))])
    held = as_member(ONE).own_exposure()
    assert ([line.day for line in held.lines], held.line_count) == (["2026-11-21", "2026-11-20"], 3)
    assert len(held.days) == 3
