"""What a known match suggests for the decision: shown, and taken over by a person; it fills nothing by itself."""

from __future__ import annotations

from collections.abc import Iterable

from reviewer.model.known import KnownMatch
from reviewer.model.policy import Policy


def surest_first(matches: Iterable[KnownMatch]) -> list[KnownMatch]:
    """The same bytes before what looks alike, then the nearest; those of one rank as they came."""
    return sorted(matches, key=lambda match: (not match.kind.exact, match.distance))


def suggested_category(matches: Iterable[KnownMatch], policy: Policy) -> str | None:
    """The harm type which the surest match names by its key or words; None where the lists name none that we have."""
    by_word = {harm.words.strip().casefold(): harm.key for harm in policy.harm_types}
    by_word |= {harm.key.casefold(): harm.key for harm in policy.harm_types}
    named = (by_word.get(match.category.strip().casefold()) for match in surest_first(matches))
    return next((key for key in named if key is not None), None)
