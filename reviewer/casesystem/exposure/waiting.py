"""What waits, by harm type, and how much graphic viewing it may take: from what the team looked at lately, in sum."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import insert_or_ignore, reading
from reviewer.casesystem.exposure.days import day_of, quarter_hours, since
from reviewer.casesystem.exposure.tables import work_days, work_people
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service, Terms
from reviewer.casesystem.tables import MAX_HARM_TYPE, cases, items, tombstones
from reviewer.model.cases import Item
from reviewer.model.decisions import ViewingRecord
from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.model.roles import Permission
from reviewer.model.supervision import WaitingPage, WaitingWork

FORECAST_DAYS = 28
# Fewer decided items say little about the next one.
FEWEST_ITEMS = 10


def routes(service: Service) -> APIRouter:
    router = version_one(service, "exposure")
    supervising = allowed(service, Permission.SEE_TEAM_EXPOSURE)

    @router.get(
        "/work/waiting",
        summary="What waits of each harm type, and the graphic viewing it may take",
        **describes(WaitingPage, refusals=(403,)),
    )
    def waiting(caller: Caller = Depends(supervising)) -> Response:
        destroyed = sa.exists().where(tombstones.c.case_id == items.c.case_id)
        asked = (
            sa.select(items.c.harm_type, sa.func.count(), sa.func.sum(1 - cases.c.calm))
            .join(cases, cases.c.id == items.c.case_id)
            .where(items.c.open, items.c.stored, ~destroyed)
            .group_by(items.c.harm_type)
            .order_by(items.c.harm_type)
        )
        with reading(service.engine) as connection:
            means = _means(connection, since(day_of(service.now()), FORECAST_DAYS), service.terms)
            work = tuple(
                WaitingWork(
                    harm_type=harm_type,
                    items=count,
                    in_danger=in_danger,
                    quarter_hours=quarter_hours(count * means[harm_type]) if harm_type in means else None,
                )
                for harm_type, count, in_danger in connection.execute(asked)
            )
        return answer(WaitingPage(waiting=work))

    return router


def note_work(
    connection: sa.Connection, now: float, member_id: str, item_body: str, graphic_s: float, *, first: bool
) -> None:
    """Add what was looked at for a decision to the team's sum. `first`: the item had not been decided before.

    `graphic_s` is without what was added for an earlier decision of theirs on the same item.
    """
    harm_type, day = msgspec.json.decode(item_body, type=Item).harm_type[:MAX_HARM_TYPE], day_of(now)
    change = (
        sa.update(work_days)
        .where(work_days.c.harm_type == harm_type, work_days.c.day == day)
        .values(items=work_days.c["items"] + int(first), graphic_s=work_days.c.graphic_s + graphic_s)
    )
    row = {"harm_type": harm_type, "day": day, "items": int(first), "graphic_s": graphic_s}
    if connection.execute(change).rowcount == 0 and not insert_or_ignore(connection, work_days, row):
        connection.execute(change)
    person = {"harm_type": harm_type, "member_id": member_id}
    seen = sa.update(work_people).where(*(work_people.c[name] == value for name, value in person.items()))
    if connection.execute(seen.values(last_day=day)).rowcount == 0:
        insert_or_ignore(connection, work_people, {**person, "last_day": day})


def graphic_seconds(record: ViewingRecord) -> float:
    """Seconds above FACTS; sound without a picture is exposure as well, with one it is the same seconds."""
    shown = sum(seconds for level, seconds in record.seconds.items() if level != LEVEL_KEYS[Level.FACTS])
    return max(shown, record.sound_seconds)


def _means(connection: sa.Connection, first: str, terms: Terms) -> Mapping[str, float]:
    """Weighted graphic seconds per decided item, for the harm types where enough people decided enough items."""
    people = (
        sa.select(work_people.c.harm_type, sa.func.count())
        .where(work_people.c.last_day >= first)
        .group_by(work_people.c.harm_type)
    )
    enough = {harm for harm, count in connection.execute(people) if count >= terms.withhold_below}
    sums = (
        sa.select(work_days.c.harm_type, sa.func.sum(work_days.c["items"]), sa.func.sum(work_days.c.graphic_s))
        .where(work_days.c.day >= first)
        .group_by(work_days.c.harm_type)
    )
    return {
        harm: graphic_s / count * terms.weights.get(harm, terms.other_weight)
        for harm, count, graphic_s in connection.execute(sums)
        if harm in enough and count >= FEWEST_ITEMS
    }
