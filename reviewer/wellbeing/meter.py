"""The exposure meter: seconds by level and episodes, counted once and only once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExposureFigures:
    """Seconds of graphic viewing (above FACTS, weighted where `weighted`), as of now."""

    today_s: float
    today_weighted_s: float
    since_break_s: float
    break_due_in_s: float
    daily_cap_s: float
    episodes_today: int
    clear_running_s: float = 0.0
