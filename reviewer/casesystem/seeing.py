"""Who saw an item. A reporting provider has to say of each file whether a person viewed it; a decision's viewing record
says it of those who decided, this of everybody else: who passed the item on, put it back, held it, or locked.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.handoff_tables import seen
from reviewer.casesystem.second_review.tables import calibrations, consensus_proposals
from reviewer.casesystem.tables import decisions, items
from reviewer.model.decisions import ViewingRecord
from reviewer.model.payloads import ItemSeen


def apply_seen(connection: sa.Connection, arrived: Arrived, untrusted: ItemSeen) -> None:
    """Once per item and person. Also where the case is not shared with them any more: they saw it all the same."""
    if connection.execute(sa.select(items.c.id).where(items.c.id == untrusted.item_id)).one_or_none() is None:
        raise RejectedEvent("The case system does not know this item.")
    insert_or_ignore(connection, seen, {"item_id": untrusted.item_id, "member_id": arrived.caller.member.id})


def seen_among(connection: sa.Connection, item_ids: Sequence[str]) -> frozenset[str]:
    """Those of the items that some person saw, by what they told or by any viewing record of theirs."""
    told = sa.select(seen.c.item_id).where(seen.c.item_id.in_(item_ids)).distinct()
    found = set(connection.execute(told).scalars())
    for table in (decisions, consensus_proposals, calibrations):
        left = [item_id for item_id in item_ids if item_id not in found]
        records = sa.select(table.c.item_id, table.c.viewing_record).where(table.c.item_id.in_(left))
        found |= {
            row.item_id
            for row in connection.execute(records)
            if msgspec.json.decode(row.viewing_record, type=ViewingRecord).viewed
        }
    return frozenset(found)
