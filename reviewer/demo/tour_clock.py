"""The tour's clock: the machine's, but that it runs ahead over a pause which nobody takes."""

from __future__ import annotations

from reviewer.workstation.clock import SystemClock


class TourClock(SystemClock):
    """Only what is measured from one moment to another runs ahead; the time of day stays the machine's."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead_s = 0.0

    def run_ahead(self, seconds: float) -> None:
        self._ahead_s += seconds

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_s
