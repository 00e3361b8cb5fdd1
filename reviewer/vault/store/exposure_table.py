"""Exposure episodes: how long one item was on screen in one way. Kept so that a crash loses at most one heartbeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reviewer.model.levels import Kind, Level


class StoredEpisode(msgspec.Struct, frozen=True, kw_only=True):
    """`seconds` is the total since `started_at`, so storing a growing episode again under its id counts it once.

    `kind` is missing in what earlier versions kept; an episode is one JSON value, so the tables stay as they are.
    """

    id: str
    item_id: str
    harm_type: str
    level: Level
    started_at: datetime
    seconds: float
    weight: float = 1.0
    sound: bool = False
    full_screen: bool = False
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class ExposureSum:
    seconds: float
    weighted_s: float
    episodes: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(StoredEpisode).decode


def keep_running(db: Any, episode: StoredEpisode) -> None:
    """The heartbeat of an episode that goes on. One that is finished stays as it is."""
    db.execute(
        """INSERT INTO exposure VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET
           seconds = excluded.seconds, weighted_s = excluded.weighted_s, episode = excluded.episode
           WHERE finished = 0""",
        _row(episode),
    )


def finish(db: Any, episode: StoredEpisode) -> bool:
    """True exactly once per episode: the caller announces it to the case system in the same transaction."""
    changed = db.execute(
        """INSERT INTO exposure VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE SET
           seconds = excluded.seconds, weighted_s = excluded.weighted_s, episode = excluded.episode, finished = 1
           WHERE finished = 0""",
        _row(episode),
    ).rowcount
    return bool(changed)


def unfinished(db: Any) -> list[StoredEpisode]:
    """What a crash left running, as of its last heartbeat."""
    rows = db.execute("SELECT episode FROM exposure WHERE finished = 0 ORDER BY id").fetchall()
    return [_decode(blob) for (blob,) in rows]


def _row(episode: StoredEpisode) -> tuple[str, float, float, float, bytes]:
    weighted = episode.seconds * episode.weight
    return episode.id, episode.started_at.timestamp(), episode.seconds, weighted, _encode(episode)


def since(db: Any, start: datetime) -> list[StoredEpisode]:
    rows = db.execute(
        "SELECT episode FROM exposure WHERE started_at >= ? ORDER BY started_at, id", (start.timestamp(),)
    ).fetchall()
    return [_decode(blob) for (blob,) in rows]


def total_since(db: Any, start: datetime) -> ExposureSum:
    row = db.execute(
        "SELECT coalesce(sum(seconds), 0), coalesce(sum(weighted_s), 0), count(*) FROM exposure WHERE started_at >= ?",
        (start.timestamp(),),
    ).fetchone()
    return ExposureSum(float(row[0]), float(row[1]), int(row[2]))
