"""What every part of the service is handed: the database, the blobs, the clock and the terms it runs under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from reviewer.casesystem.blobs import Blobs
from reviewer.casesystem.known.registered import KnownHashes
from reviewer.casesystem.outsiders import Outsiders
from reviewer.model.clock import Clock
from reviewer.model.supervision import SMALLEST_TEAM
from reviewer.model.taxonomy import SecondReview


@dataclass(frozen=True, slots=True)
class Terms:
    """`lease_s`: how long a lease lives without renewal. The limit is what supervisors see figures held against.

    `keep_replaced_s`: how long replaced keys and containers can still be put back. `withhold_below`: figures of the
    whole team are not made of fewer people; 0: always. `handover_quarter_hours`: stretches without a break are told
    from then on. `weights`: what a second of a harm type counts, `other_weight` for those it does not name.
    """

    lease_s: float = 180.0
    limit_quarter_hours: int = 16
    max_container_bytes: int = 1 << 40
    keep_replaced_s: float = 30 * 86400.0
    withhold_below: int = SMALLEST_TEAM
    handover_quarter_hours: int = 8
    weights: Mapping[str, float] = field(default_factory=dict)
    other_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    engine: sa.Engine
    blobs: Blobs
    clock: Clock
    terms: Terms = field(default_factory=Terms)
    # Of the organisation's policy.
    second_review: SecondReview = field(default_factory=SecondReview)
    known: KnownHashes = field(init=False)
    outsiders: Outsiders = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", KnownHashes(self.engine, self.blobs.known_lists))
        object.__setattr__(self, "outsiders", Outsiders(self.engine, self.clock))

    def now(self) -> float:
        """Unix seconds."""
        return self.clock.now().timestamp()
