"""Items set aside until somebody takes them up again. A lease takes up; who holds is not kept: nobody asks why."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.shared import may_decide
from reviewer.casesystem.tables import held_items, items, leases
from reviewer.model.payloads import ItemHeld


def apply_held(connection: sa.Connection, arrived: Arrived, untrusted: ItemHeld) -> None:
    """Not where a colleague has the item by now: they took it up. What was taken up offline and comes late ends no hold
    that was made after it."""
    item_id, member_id = untrusted.item_id, arrived.caller.member.id
    case_id = connection.execute(sa.select(items.c.case_id).where(items.c.id == item_id)).scalar_one_or_none()
    if case_id is None:
        raise RejectedEvent("The case system does not know this item.")
    if not may_decide(connection, member_id, item_id, case_id):
        raise RejectedEvent("This case is not shared with you.")
    if not untrusted.held:
        take_up(connection, item_id, made_until=arrived.at)
        return
    mine = sa.delete(leases).where(leases.c.item_id == item_id, leases.c.member_id == member_id)
    connection.execute(mine)
    others = sa.exists().where(leases.c.item_id == item_id, leases.c.expires_at > arrived.now)
    if not connection.execute(sa.select(others)).scalar_one():
        insert_or_ignore(connection, held_items, {"item_id": item_id, "at": arrived.at})
        newer = sa.update(held_items).where(held_items.c.item_id == item_id, held_items.c.at < arrived.at)
        connection.execute(newer.values(at=arrived.at))


def take_up(connection: sa.Connection, item_id: str, *, made_until: float | None = None) -> None:
    """`made_until`: only a hold that was made by then (Unix seconds)."""
    gone = sa.delete(held_items).where(held_items.c.item_id == item_id)
    connection.execute(gone if made_until is None else gone.where(held_items.c.at <= made_until))


def held_among(connection: sa.Connection, item_ids: Sequence[str]) -> frozenset[str]:
    asked = sa.select(held_items.c.item_id).where(held_items.c.item_id.in_(item_ids))
    return frozenset(connection.execute(asked).scalars())
