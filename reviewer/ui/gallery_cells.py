"""The cells of a gallery: which items stand for which, in which order. No Qt, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from reviewer.model.cases import QueueEntry
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy

MOST_ITEMS = 10_000  # more than anybody decides at once; the most urgent ones are shown
_WITH_PICTURES = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.DOCUMENT})


class Group(Enum):
    """Where a cell belongs. KNOWN matches a list, COPIES stands for several, SINGLE for itself."""

    SINGLE = "single"
    COPIES = "copies"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class GalleryCell:
    """`entry` is shown; `copies` are the others of its stack in this gallery, collapsed into it."""

    entry: QueueEntry
    copies: tuple[QueueEntry, ...] = ()

    @property
    def id(self) -> str:
        return self.entry.item.id

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The item shown first, then its copies."""
        return (self.id, *(copy.item.id for copy in self.copies))

    @property
    def group(self) -> Group:
        if any(entry.matches for entry in (self.entry, *self.copies)):
            return Group.KNOWN
        return Group.COPIES if self.copies else Group.SINGLE


def cells_of(entries: Iterable[QueueEntry], viewer: str) -> tuple[GalleryCell, ...]:
    """Cells in the order of `entries`, known ones last. What lies with a colleague, or is held, is not among them.

    Second readings are decided one by one and are left out as well.
    """
    stacks: dict[str, list[QueueEntry]] = {}
    for entry in entries:
        if not may_batch(entry, viewer):
            continue
        # Copies in different cases may be answered differently.
        key = f"{entry.case.id} {entry.stack.id}" if entry.stack is not None else entry.item.id
        stacks.setdefault(key, []).append(entry)
    cells = [_cell(members) for members in stacks.values()]
    order = list(Group)
    return tuple(sorted(cells, key=lambda cell: order.index(cell.group) == order.index(Group.KNOWN)))


def _cell(members: Sequence[QueueEntry]) -> GalleryCell:
    shown = min(members, key=lambda entry: entry.stack.distance if entry.stack is not None else 0)
    return GalleryCell(shown, tuple(entry for entry in members if entry is not shown))


def may_batch(entry: QueueEntry, viewer: str) -> bool:
    """Free to be decided together with others by this person."""
    free = entry.leased_to in (None, viewer) and entry.assigned_to in (None, viewer)
    return free and not entry.held and entry.round == 1


def has_picture(entry: QueueEntry, policy: Policy) -> bool:
    """A veiled picture of it may be shown at all."""
    highest = policy.harm_type(entry.item.harm_type).highest_level
    return entry.item.facts.kind in _WITH_PICTURES and highest >= Level.BLURRED


def starts_bare(entry: QueueEntry, policy: Policy) -> bool:
    """Shown as facts until its picture is asked for: where the policy says so, and where something is known already."""
    return policy.harm_type(entry.item.harm_type).start_level < Level.BLURRED or entry.known_unseen
