"""The machine's clock, behind `reviewer.model.clock.Clock`."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime


class SystemClock:
    """Wall time in UTC, and a monotonic clock that counts suspension where the system has one (CLOCK_BOOTTIME)."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()
