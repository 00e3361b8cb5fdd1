"""The cells of a gallery: which items stand for which, in which order. No Qt, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from reviewer.model.cases import QueueEntry
from reviewer.model.known import KnownMatch
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy
from reviewer.model.suggesting import surest_first

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

    @property
    def known_by(self) -> KnownMatch | None:
        """The surest match of it or of a copy."""
        matches = tuple(match for entry in (self.entry, *self.copies) for match in entry.matches)
        return surest_first(matches)[0] if matches else None

    @property
    def section(self) -> tuple[Group, str]:
        """What it stands under: its group, and of known ones the list that knows it."""
        match = self.known_by
        return self.group, f"{match.list_name}\n{match.list_version}" if match is not None else ""


def cells_of(entries: Iterable[QueueEntry], viewer: str) -> tuple[GalleryCell, ...]:
    """Cells by section, in each in the order of `entries`. What lies with a colleague, or is held, is not among them.

    The section whose first cell is the most urgent comes first, those of known items last. Second readings are
    decided one by one and are left out as well.
    """
    stacks: dict[str, list[QueueEntry]] = {}
    for entry in entries:
        if not may_batch(entry, viewer):
            continue
        # Copies in different cases may be answered differently.
        key = f"{entry.case.id} {entry.stack.id}" if entry.stack is not None else entry.item.id
        stacks.setdefault(key, []).append(entry)
    cells = [_cell(members) for members in stacks.values()]
    order: dict[tuple[Group, str], int] = {}
    for cell in cells:
        order.setdefault(cell.section, len(order))
    return tuple(sorted(cells, key=lambda cell: (cell.group is Group.KNOWN, order[cell.section])))


def sections_of(cells: Iterable[GalleryCell]) -> list[tuple[GalleryCell, ...]]:
    """Cells of one section after the other, each in a tuple of its own."""
    return [tuple(members) for _section, members in groupby(cells, key=lambda cell: cell.section)]


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
    """Shown as facts until its picture is asked for: where policy or person say so, or something is known already."""
    return policy.harm_type(entry.item.harm_type).start_level < Level.BLURRED or entry.known_unseen
