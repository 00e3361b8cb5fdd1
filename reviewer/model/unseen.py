"""How many decisions stand without anybody having looked: counted from viewing records, not from intentions."""

from __future__ import annotations

from collections.abc import Iterable

from reviewer.model.decisions import Change, Decision, ViewingRecord


def share_not_looked_at(made: Iterable[tuple[Decision, ViewingRecord]]) -> float | None:
    """Of the decisions that stand (not voided, not replaced): the share, 0 to 1, whose item its viewer did not see.

    What could not be opened counts as decided, not as spared. None where no decision stands.
    """
    pairs = list(made)
    replaced = {decision.replaces for decision, _ in pairs}
    standing = [
        record for decision, record in pairs if decision.change is not Change.VOID and decision.id not in replaced
    ]
    if not standing:
        return None
    return sum(not record.viewed and record.could_not_open is None for record in standing) / len(standing)
