"""What every part of the service is handed: the database, the blobs, the clock and the terms it runs under."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa

from reviewer.casesystem.blobs import Blobs
from reviewer.casesystem.known.registered import KnownHashes
from reviewer.model.clock import Clock
from reviewer.model.taxonomy import SecondReview


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Terms:
    """`lease_s`: how long a lease lives without renewal. The limit is what supervisors see figures held against.

    `keep_replaced_s`: how long replaced keys and containers can still be put back.
    """

    lease_s: float = 180.0
    limit_quarter_hours: int = 16
    max_container_bytes: int = 1 << 40
    keep_replaced_s: float = 30 * 86400.0


@dataclass(frozen=True, slots=True)
class Service:
    engine: sa.Engine
    blobs: Blobs
    clock: Clock
    terms: Terms = field(default_factory=Terms)
    # Of the organisation's policy.
    second_review: SecondReview = field(default_factory=SecondReview)
    known: KnownHashes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", KnownHashes(self.engine, self.blobs.known_lists))

    def now(self) -> float:
        """Unix seconds."""
        return self.clock.now().timestamp()
