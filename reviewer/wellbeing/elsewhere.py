"""What one person saw at other workstations, as it is known here: whole UTC days, no items and no times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo


@dataclass(frozen=True, slots=True)
class ElsewhereDay:
    """Graphic viewing of one UTC day at all other workstations together, in seconds."""

    day: date
    seconds: float
    weighted: float


def local_day(utc_day: date, zone: tzinfo) -> date:
    """The local day that a UTC day is counted on: that of its noon.

    Which hours the seconds lie in is not known, and is not meant to be. What was seen within the zone's offset of
    midnight can so be counted a day early or late; nothing is counted twice or left out.
    """
    return datetime.combine(utc_day, time(12), UTC).astimezone(zone).date()
