"""Stacks as one member may see them: worked out from the items of the cases shared with that member and no others.

A component (see `copies`) holds every pair that is alike, so grouping the visible part of it gives what grouping all
visible items would: neither sizes, ids nor distances depend on an item the member cannot see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.known.tables import item_fingerprints
from reviewer.casesystem.shared import shared_with
from reviewer.casesystem.tables import items, tombstones
from reviewer.model.known import PDQ_MATCH, Stack


class Copy(msgspec.Struct, frozen=True):
    item_id: str
    sha256: bytes | None
    pdq: bytes | None


def stacks_of(connection: sa.Connection, member_id: str, item_ids: Sequence[str]) -> dict[str, Stack]:
    """Item id to its stack, for those that have at least one copy this member may see. Decided items count as well."""
    mine = sa.select(item_fingerprints.c.component).where(item_fingerprints.c.item_id.in_(item_ids)).distinct()
    table = item_fingerprints
    visible = (
        sa.select(table.c.component, table.c.item_id, table.c.sha256, table.c.pdq)
        .join(items, items.c.id == table.c.item_id)
        .where(
            table.c.component.in_(mine),
            items.c.stored,
            shared_with(member_id, items.c.case_id),
            ~sa.exists().where(tombstones.c.case_id == items.c.case_id),
        )
        .order_by(table.c.number)
    )
    components: dict[str, list[Copy]] = defaultdict(list)
    for row in connection.execute(visible):
        components[row.component].append(Copy(row.item_id, row.sha256, row.pdq))
    asked = set(item_ids)
    found: dict[str, Stack] = {}
    for copies in components.values():
        if len(copies) > 1:
            found.update((item_id, stack) for item_id, stack in grouped(copies) if item_id in asked)
    return found


def grouped(copies: Sequence[Copy]) -> Iterable[tuple[str, Stack]]:
    """In the order they were registered: each joins the first stack it is like the first item of, or begins one."""
    firsts: list[tuple[str, int | None]] = []
    placed: list[tuple[int, int]] = []
    same_bytes: dict[bytes, tuple[int, int]] = {}
    for copy in copies:
        place = same_bytes.get(copy.sha256) if copy.sha256 is not None else None
        bits = int.from_bytes(copy.pdq, "big") if copy.pdq is not None else None
        place = place or _alike(firsts, bits)
        if place is None:
            place = (len(firsts), 0)
            firsts.append((copy.item_id, bits))
        if copy.sha256 is not None:
            same_bytes.setdefault(copy.sha256, place)
        placed.append(place)
    sizes = [0] * len(firsts)
    for stack, _ in placed:
        sizes[stack] += 1
    for copy, (stack, distance) in zip(copies, placed, strict=True):
        if sizes[stack] > 1:
            yield copy.item_id, Stack(id=firsts[stack][0], size=sizes[stack], distance=distance)


def _alike(firsts: Sequence[tuple[str, int | None]], bits: int | None) -> tuple[int, int] | None:
    if bits is None:
        return None
    for stack, (_, first) in enumerate(firsts):
        if first is not None and (distance := (first ^ bits).bit_count()) <= PDQ_MATCH:
            return stack, distance
    return None
