"""Passing an item on: it goes back for others and is not offered to this person again. No reason is asked."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.tables import items, leases, passed_on
from reviewer.model.payloads import ItemPassedOn


def apply_passed_on(connection: sa.Connection, arrived: Arrived, untrusted: ItemPassedOn) -> None:
    member_id = arrived.caller.member.id
    if connection.execute(sa.select(items.c.id).where(items.c.id == untrusted.item_id)).one_or_none() is None:
        raise RejectedEvent("The case system does not know this item.")
    insert_or_ignore(connection, passed_on, {"item_id": untrusted.item_id, "member_id": member_id})
    mine = sa.delete(leases).where(leases.c.item_id == untrusted.item_id, leases.c.member_id == member_id)
    connection.execute(mine)
