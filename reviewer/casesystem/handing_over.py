"""Handing over what waits for somebody by name: it is for whoever is next again. Nobody asks why."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.tables import assignments
from reviewer.model.payloads import MOST_HANDED_OVER, WorkHandedOver


def apply_handed_over(connection: sa.Connection, arrived: Arrived, untrusted: WorkHandedOver) -> None:
    """Only what is theirs: an item that went to a colleague meanwhile, or is unknown here, stays as it is.

    What was given to them again after they handed it over, and before that came here, stays theirs.
    """
    if len(untrusted.item_ids) > MOST_HANDED_OVER:
        raise RejectedEvent("More items are handed over at once than can be.")
    connection.execute(
        sa.delete(assignments).where(
            assignments.c.item_id.in_(untrusted.item_ids),
            assignments.c.member_id == arrived.caller.member.id,
            assignments.c.at <= arrived.at,
        )
    )
