"""Exposure episodes: how long one item was on screen in one way. Kept so that a crash loses at most one heartbeat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reviewer.model.levels import Level


class StoredEpisode(msgspec.Struct, frozen=True, kw_only=True):
    """`seconds` is the total since `started_at`, so storing a growing episode again under its id counts it once."""

    id: str
    item_id: str
    harm_type: str
    level: Level
    started_at: datetime
    seconds: float
    weight: float = 1.0
    sound: bool = False
    full_screen: bool = False


@dataclass(frozen=True, slots=True)
class ExposureSum:
    seconds: float
    weighted_s: float
    episodes: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(StoredEpisode).decode


def put(db: Any, episodes: Iterable[StoredEpisode]) -> None:
    db.executemany(
        """INSERT INTO exposure VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
           seconds = excluded.seconds, weighted_s = excluded.weighted_s, episode = excluded.episode""",
        [(e.id, e.started_at.timestamp(), e.seconds, e.seconds * e.weight, _encode(e)) for e in episodes],
    )


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
