"""The stage of an item, worked out anew from its standing decisions whenever one comes, is amended or is voided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.second_review.drawing import drawn
from reviewer.casesystem.second_review.parts import Part, parts_of
from reviewer.casesystem.second_review.tables import review_stages
from reviewer.casesystem.tables import decisions, items
from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Decision
from reviewer.model.readings import Stage, stage_of
from reviewer.model.taxonomy import SecondReview


@dataclass(frozen=True, slots=True)
class Made:
    """A standing decision. `settling`: made with the others' readings in sight, or agreed on by two."""

    decision: Decision
    settling: bool

    @property
    def is_reading(self) -> bool:
        return self.decision.action is not Action.SECOND_LOOK


def standing_decisions(connection: sa.Connection, item_id: str) -> list[Made]:
    """Oldest first."""
    asked = (
        sa.select(decisions.c.body, decisions.c.settling)
        .where(decisions.c.item_id == item_id, decisions.c.standing)
        .order_by(decisions.c.recorded_at, decisions.c.id)
    )
    return [Made(msgspec.json.decode(r.body, type=Decision), bool(r.settling)) for r in connection.execute(asked)]


def in_force() -> sa.ColumnElement[bool]:
    """The condition on `decisions`: it stands, and nothing settled the item instead. Both of two who agree are."""
    instead = decisions.alias("instead")
    settled = sa.exists().where(
        instead.c.item_id == decisions.c.item_id, instead.c.standing, instead.c.settling, instead.c.id != decisions.c.id
    )
    return sa.and_(decisions.c.standing, sa.or_(decisions.c.settling, ~settled))


def blind_readings(made: Sequence[Made]) -> list[Decision]:
    return [one.decision for one in made if one.is_reading and not one.settling]


def stage_now(connection: sa.Connection, item_id: str) -> Stage:
    """As it was left by `restage`; an item of before there were stages is FIRST or SINGLE."""
    asked = (
        sa.select(items.c.open, review_stages.c.stage)
        .select_from(items.outerjoin(review_stages, review_stages.c.item_id == items.c.id))
        .where(items.c.id == item_id)
    )
    row = connection.execute(asked).one()
    if row.stage is not None:
        return Stage(row.stage)
    return Stage.FIRST if row.open else Stage.SINGLE


def settles(connection: sa.Connection, item_id: str, member_id: str) -> bool:
    """This person's decision would be the third's: made after seeing the readings, or asked for because two differ.

    Somebody else whose decision was on its way when the first two differed did not know: theirs is one more reading.
    """
    parts = parts_of(connection, item_id, member_id)
    return Part.SEEN in parts or (Part.SETTLER in parts and stage_now(connection, item_id) is Stage.THIRD)


def restage(connection: sa.Connection, asked: SecondReview, item_id: str, now: float) -> Stage:
    """Write down where the item stands after what was just recorded of it, and whether it is open."""
    made = standing_decisions(connection, item_id)
    body = connection.execute(sa.select(items.c.body).where(items.c.id == item_id)).scalar_one()
    stage = stage_of(
        blind_readings(made),
        settled=any(one.settling and one.is_reading for one in made),
        harm_type=msgspec.json.decode(body, type=Item).harm_type,
        drawn=drawn(connection, item_id, asked.share),
        asked=asked,
    )
    connection.execute(sa.update(items).where(items.c.id == item_id).values(open=stage.open))
    row = {"stage": stage.value, "at": now}
    changed = connection.execute(sa.update(review_stages).where(review_stages.c.item_id == item_id).values(**row))
    if changed.rowcount == 0:
        connection.execute(sa.insert(review_stages).values(item_id=item_id, **row))
    return stage
