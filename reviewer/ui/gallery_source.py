"""Which items a gallery is made of: all of one case, or the queue as it is searched and filtered now. Blocking."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reviewer.model.queue_view import Grouping, QueueAsk, QueueListing
from reviewer.ui.gallery_cells import MOST_ITEMS, GalleryCell, cells_of
from reviewer.ui.ports import Session
from reviewer.ui.queue_filters import danger_words, hidden_words
from reviewer.ui.wording import tr


@dataclass(frozen=True, slots=True)
class Found:
    """`left_out` are entries that cannot be decided together; `more` there were than a gallery shows.

    `listing` is None for a case, which is shown whatever the queue is filtered by.
    """

    cells: tuple[GalleryCell, ...]
    left_out: int
    more: bool
    listing: QueueListing | None = None


def find_cells(session: Session, case: str | None, ask: QueueAsk) -> Found:
    """`case` is a case's id; None for what `ask` leaves of the queue, in the queue's order."""
    listing = None
    if case is not None:
        entries, count = session.case_queue(case, MOST_ITEMS)
    else:
        listing = session.list_queue(replace(ask, grouping=Grouping.NONE))
        count = len(listing.lines)
        entries = [entry for _line, entry in session.queue_entries(listing.lines[:MOST_ITEMS])]
    cells = cells_of(entries, session.member.id)
    shown = sum(len(cell.item_ids) for cell in cells)
    return Found(cells, len(entries) - shown, count > MOST_ITEMS, listing)


def about_words(found: Found) -> str:
    """How many items in how many cells, and what is not among them."""
    items = sum(len(cell.item_ids) for cell in found.cells)
    words = tr("{items:,} items in {cells:,} cells").format(items=items, cells=len(found.cells))
    if found.more:
        words += tr(", the most urgent ones")
    if found.left_out:
        words += tr(" · {count:,} to be decided one by one or by a colleague").format(count=found.left_out)
    return words


def filter_words(found: Found, harms: dict[str, str]) -> tuple[str, str]:
    """What search and filters leave of the queue, and who in danger is not shown for it; empty where nothing is."""
    if found.listing is None:
        return "", ""
    ask = found.listing.ask
    filtered = ask.filtered or bool(ask.words.strip())
    said = hidden_words(found.listing, harms) if filtered else ""
    return (tr("The queue as filtered: {words}").format(words=said) if said else ""), danger_words(found.listing)
