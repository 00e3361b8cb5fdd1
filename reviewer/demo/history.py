"""A past for the demo's team, so that a supervisor sees a real picture: made up by numbers, the same in every demo.

Nine people without a workstation, and some weeks of figures for all twelve. They go into the case system's tables and
are added up by the code that adds up real exposure; nothing of it is about an item, because there never was one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.database import open_database, writing
from reviewer.casesystem.exposure.days import DayPart, add_to_day
from reviewer.casesystem.exposure.tables import exposure_days, work_days, work_people
from reviewer.casesystem.tokens import provision
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.payloads import WithoutBreak
from reviewer.model.roles import Member, Role
from reviewer.sync.client import CaseSystem
from reviewer.vault import age

COLLEAGUES = tuple(f"reviewer-{number:02}" for number in (1, 2, 3, 4, 5, 6, 8, 10, 11))
NEAR_LIMIT, WITHOUT_BREAK = "reviewer-05", "reviewer-03"
DAYS = 140
_SEED = 12
# Items decided in the last four weeks by the whole team, and seconds of graphic viewing of one, by harm type.
_WORK = (
    ("threat_to_life", 3, 190.0),
    ("self_harm", 6, 80.0),
    ("violence", 9, 70.0),
    ("grooming_text", 4, 0.0),
    ("other", 12, 25.0),
)
_LATELY = 28


def give_history(database_url: str, reviewers: Sequence[str], now: datetime) -> str:
    """Make the colleagues, and the figures of everybody for the days before `now`; of today only the colleagues'.

    The token of the one who is long without a break (`say_without_break`).
    """
    tokens = provision(database_url, [_colleague(member_id) for member_id in COLLEAGUES])
    today = now.astimezone(UTC).date()
    rng = random.Random(_SEED)
    everybody = sorted((*COLLEAGUES, *reviewers))
    engine = open_database(database_url)
    try:
        with writing(engine) as connection:
            for member_id in everybody:
                _give_days(connection, member_id, today, rng, with_today=member_id in COLLEAGUES)
            _give_work(connection, everybody, today)
    finally:
        engine.dispose()
    return tokens[WITHOUT_BREAK]


def say_without_break(case_system: CaseSystem, workstation: str, now: datetime) -> None:
    """As that person's own workstation says it."""
    said = OutboxEvent(
        id=uuid7(),
        sequence=1,
        type=EventType.WITHOUT_BREAK,
        workstation=workstation,
        actor=WITHOUT_BREAK,
        at=now,
        payload=msgspec.to_builtins(WithoutBreak(member=WITHOUT_BREAK, quarter_hours=9)),
    )
    case_system.post_events([said])


def _colleague(member_id: str) -> Member:
    """Nobody has the key to this recipient: nothing is ever sealed for it."""
    name = f"Reviewer {member_id.rpartition('-')[2]}"
    return Member(id=member_id, name=name, role=Role.REVIEWER, recipient=str(age.generate_identity().recipient()))


def _give_days(connection: sa.Connection, member_id: str, today: date, rng: random.Random, *, with_today: bool) -> None:
    """Weekdays, now and then a Saturday, some weeks off; a few days that may lack something."""
    usual_s = rng.uniform(3_000.0, 9_000.0)
    off = {rng.randrange(1, DAYS // 7) for _ in range(2)}
    rows: list[dict[str, object]] = []
    for back in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        rested = day.weekday() == 6 or (day.weekday() == 5 and rng.random() < 0.8) or back // 7 in off
        seconds = min(max(rng.gauss(usual_s, 2_000.0), 300.0), 12_600.0)
        incomplete = rng.random() < 0.003
        if back == 0:
            rested, incomplete = not with_today, False
            seconds = 13_400.0 if member_id == NEAR_LIMIT else seconds * 0.6
        if not rested:
            row: dict[str, object] = {"member_id": member_id, "day": day.isoformat(), "workstation": f"ws-{member_id}"}
            row |= {"seconds": seconds, "weighted": seconds, "violent_s": seconds * 0.2, "incomplete": incomplete}
            rows.append(row)
    connection.execute(sa.insert(exposure_days), rows)
    # Nothing more on one day of each week: what is kept of weeks is added up anew.
    of_week = {date.fromisoformat(str(row["day"])).isocalendar()[:2]: str(row["day"]) for row in rows}
    for one in of_week.values():
        add_to_day(connection, member_id, one, f"ws-{member_id}", DayPart())


def _give_work(connection: sa.Connection, everybody: Sequence[str], today: date) -> None:
    for harm_type, items, each_s in _WORK:
        for back in range(_LATELY - 1, 0, -1):
            day = (today - timedelta(days=back)).isoformat()
            work = {"harm_type": harm_type, "day": day, "items": items, "graphic_s": items * each_s}
            connection.execute(sa.insert(work_days).values(**work))
        for member_id in everybody:
            yesterday = (today - timedelta(days=1)).isoformat()
            row = {"harm_type": harm_type, "member_id": member_id, "last_day": yesterday}
            connection.execute(sa.insert(work_people).values(**row))
