"""What the lists in force say of items, as the queue shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from reviewer.casesystem.known.tables import known_lists, known_matches
from reviewer.model.known import KnownMatch, MatchKind


def matches_of(connection: sa.Connection, item_ids: Sequence[str]) -> dict[str, tuple[KnownMatch, ...]]:
    """Item id to its matches, the strongest first: same bytes before alike, nearer before farther."""
    asked = (
        sa.select(known_matches, known_lists.c.name, known_lists.c.version)
        .join(known_lists, known_lists.c.id == known_matches.c.list_id)
        .where(known_matches.c.item_id.in_(item_ids), known_lists.c.retired_at.is_(None))
    )
    found: dict[str, list[KnownMatch]] = defaultdict(list)
    for row in connection.execute(asked):
        match = KnownMatch(
            list_name=row.name,
            list_version=row.version,
            kind=MatchKind(row.kind),
            distance=row.distance,
            category=row.category,
            classification=row.classification,
        )
        found[row.item_id].append(match)
    return {item_id: tuple(sorted(matches, key=_strength)) for item_id, matches in found.items()}


def _strength(match: KnownMatch) -> tuple[bool, int, str, str, str]:
    return (not match.kind.exact, match.distance, match.list_name, match.category, match.classification)
