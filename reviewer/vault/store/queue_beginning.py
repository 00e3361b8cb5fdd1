"""The first screenful of the whole queue, before all of its order has been walked: what a window shows at once."""

from __future__ import annotations

from array import array
from typing import Any

from reviewer.model.choosing import NO_WISHES, Wishes
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.vault.store import projection

# What a window shows before anything is scrolled, and how many to choose the next item from.
FIRST = 40
OFFERED = 16

_ASKED = """SELECT line, (leased_to IS NULL OR leased_to = ?) AND (assigned_to IS NULL OR assigned_to = ? OR calm = 0)
    FROM queue WHERE hidden = 0 AND held = 0 ORDER BY calm, no_deadline, due_at, received_at, line LIMIT ?"""


def beginning(db: Any, member_id: str, revision: int, wishes: Wishes = NO_WISHES) -> QueueListing:
    """Without counts; the next item is offered from these lines only, and none that the person would rather not get:
    what else waits is not known yet."""
    found = db.execute(_ASKED, (member_id, member_id, FIRST)).fetchall()
    first = tuple(projection.by_lines(db, (line for line, _free in found)))
    mine = {line for line, free in found if free}
    free = [entry for line, entry in first if line in mine and (wishes.urgent(entry) or not wishes.avoids(entry))]
    return QueueListing(
        ask=QueueAsk(beginning=True),
        lines=array("q", (line for line, _free in found)),
        first=first,
        offered=tuple(free[:OFFERED]),
        revision=revision,
    )
