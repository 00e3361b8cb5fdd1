"""One decision for the cells of a gallery: the items shown first, then the copies each of them stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reviewer.model.batch import BatchOutcome, BatchResult
from reviewer.model.decisions import Draft
from reviewer.ui.gallery_cells import GalleryCell
from reviewer.ui.ports import Session


def decide_cells(
    session: Session,
    draft: Draft,
    cells: Sequence[GalleryCell],
    tell: Callable[[int, int], None],
    stopped: Callable[[], bool],
) -> list[BatchResult]:
    """Blocking. One answer for each item. `tell(done, of)` and `stopped()` are called on this thread.

    A copy rests on the item its cell showed: where that one could not be decided, its copies are left alone as well.
    """
    of = sum(len(cell.item_ids) for cell in cells)
    results = list(
        session.decide_many(
            draft, [cell.id for cell in cells], progress=lambda done, _of: tell(done, of), cancelled=stopped
        )
    )
    answers = {result.item_id: result for result in results}
    for cell in cells:
        if not cell.copies:
            continue
        copies = cell.item_ids[1:]
        lead = answers[cell.id]
        if lead.outcome is not BatchOutcome.DECIDED:
            results += [BatchResult(item_id=item_id, outcome=lead.outcome, code=lead.code) for item_id in copies]
            continue
        before = len(results)
        results += session.decide_many(
            draft,
            copies,
            viewed_with=cell.id,
            progress=lambda done, _of, before=before: tell(before + done, of),  # type: ignore[misc]
            cancelled=stopped,
        )
    return results
