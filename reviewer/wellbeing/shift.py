"""Which episodes are of this shift: the newest that make up what the meter counted in it."""

from __future__ import annotations

from collections.abc import Iterable

from reviewer.wellbeing.episodes import Episode


def of_this_shift(episodes: Iterable[Episode], shift_s: float) -> list[Episode]:
    """The newest episodes, oldest of them first, until `shift_s` seconds are reached; none for a shift of none.

    The meter alone knows where a shift began, for it also counts work on facts, of which there are no episodes. A pause
    ends an episode, so a shift is made of whole ones. Episodes may come in any order and twice.
    """
    once = {episode.id: episode for episode in episodes}
    found: list[Episode] = []
    for episode in sorted(once.values(), key=lambda e: (e.started_at, e.id), reverse=True):
        if shift_s <= 1e-6:
            break
        found.append(episode)
        shift_s -= episode.seconds
    return found[::-1]
