"""What came of one decision applied to many items: each has an answer of its own. No I/O."""

from __future__ import annotations

from enum import Enum

import msgspec

from reviewer.model.decisions import Decision, Draft

BATCH_FORM = "gallery"  # in the place of an item's id: what is being answered for many, and for no single one


class BatchOutcome(str, Enum):
    """DECIDED is the only one by which anything was written. Every other item waits in the queue as before.

    ELSEWHERE: a colleague has it or decided it. GONE: it is not in this person's queue (any more), or closed to them.
    ON_DESK: it lies on this person's own desk. ONE_BY_ONE: a second pair of eyes must decide it by itself.
    NOT_REACHED: the case system could not be asked whether it is free. STOPPED: the batch was ended before its turn.
    NOT_KEPT: the store did not take it.
    """

    DECIDED = "decided"
    ELSEWHERE = "elsewhere"
    GONE = "gone"
    ON_DESK = "on_desk"
    ONE_BY_ONE = "one_by_one"
    NOT_REACHED = "not_reached"
    STOPPED = "stopped"
    NOT_KEPT = "not_kept"


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """`decision` is there exactly where `outcome` is DECIDED; `code` is the stable code of what kept it from that."""

    item_id: str
    outcome: BatchOutcome
    decision: Decision | None = None
    code: str = ""


def for_item(draft: Draft, item_id: str, *, same_bytes: bool) -> Draft:
    """The draft as it applies to a copy: marks in time and in lines are true of the same bytes only."""
    if same_bytes:
        return msgspec.structs.replace(draft, item_id=item_id)
    return msgspec.structs.replace(draft, item_id=item_id, segments=(), messages=())
