"""Episodes between the meter, the store and the case system: the same facts in three forms, fewer in the last."""

from __future__ import annotations

from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.model.payloads import ExposureRecorded
from reviewer.model.policy import Policy
from reviewer.vault.store import CellView
from reviewer.vault.store.exposure_table import StoredEpisode
from reviewer.wellbeing.episodes import Episode
from reviewer.wellbeing.totals import ItemViewing


def to_stored(episode: Episode) -> StoredEpisode:
    return StoredEpisode(
        id=episode.id,
        item_id=episode.item_id,
        harm_type=episode.harm_type,
        level=episode.level,
        started_at=episode.started_at,
        seconds=episode.seconds,
        weight=episode.weight,
        sound=episode.sound,
        full_screen=episode.full_screen,
        kind=episode.kind,
    )


def from_stored(stored: StoredEpisode) -> Episode:
    return Episode(
        id=stored.id,
        item_id=stored.item_id,
        harm_type=stored.harm_type,
        level=stored.level,
        started_at=stored.started_at,
        seconds=stored.seconds,
        weight=stored.weight,
        sound=stored.sound,
        full_screen=stored.full_screen,
        kind=stored.kind,
    )


def announced(stored: StoredEpisode, member: str, policy: Policy) -> ExposureRecorded:
    """What the case system gets: neither the item nor its kind nor how it was shown."""
    return ExposureRecorded(
        member=member,
        started_at=stored.started_at,
        seconds=stored.seconds,
        weight=stored.weight,
        level=LEVEL_KEYS[stored.level],
        violent=policy.harm_type(stored.harm_type).violent,
    )


def viewing_of(cell: CellView) -> ItemViewing:
    seconds = {LEVEL_KEYS[Level.BLURRED]: cell.seconds}
    return ItemViewing(seconds=seconds, opened_at=cell.opened_at, closed_at=cell.closed_at)


def cell_of(item_id: str, seen: ItemViewing) -> CellView | None:
    """None while there is no moment at which it was seen."""
    if seen.opened_at is None or seen.closed_at is None:
        return None
    seconds = seen.seconds.get(LEVEL_KEYS[Level.BLURRED], 0.0)
    return CellView(item_id=item_id, seconds=seconds, opened_at=seen.opened_at, closed_at=seen.closed_at)
