"""The last thing this session settled, taken back: a decision of one's own, or a proposal for both."""

from __future__ import annotations

from reviewer.model.decisions import Decision
from reviewer.model.readings import Withdrawn
from reviewer.workstation.deciding import Deciding
from reviewer.workstation.second_review import SecondReview


def undo_last(deciding: Deciding, second: SecondReview) -> Decision | Withdrawn | None:
    """The void, the proposal withdrawn, or None when there is nothing to undo.

    AgreedByBoth when the last thing was to accept: an older decision is never voided in its place. StoreUnavailable.
    """
    decision, step = deciding.last, second.last
    # Ids are given in this process and only go up.
    if step is not None and (decision is None or decision.id < step.id):
        return second.withdraw(step)
    return deciding.undo()
