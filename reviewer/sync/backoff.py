"""How long to wait before trying again."""

from __future__ import annotations

import random
from collections.abc import Callable

BASE_S = 1.0
CAP_S = 60.0


def delay_s(
    failures: int,
    *,
    base_s: float = BASE_S,
    cap_s: float = CAP_S,
    jitter: Callable[[], float] = random.random,
) -> float:
    """Seconds after the `failures`-th failure in a row, counted from 0: doubling, capped, half of it by chance.

    `jitter` gives 0.0 to 1.0. The chance keeps a room full of workstations from coming back all at once.
    """
    ceiling = min(cap_s, base_s * 2.0 ** min(failures, 32))
    return ceiling * (0.5 + 0.5 * jitter())
