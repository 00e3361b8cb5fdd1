"""When it happened, out of what a person wrote: only a whole time with its zone counts, and nothing is guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TIME = re.compile(
    r"(?<![0-9])(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<between>T| +)(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?P<gap>[ ]*)(?:"
    r"(?:UTC|GMT)?(?P<offset>[+-][0-9]{2}:?[0-9]{2})(?![0-9:-])(?!\s*(?:UTC|GMT|Z\b|[A-Z][a-z]+/))"
    r"|(?P<utc>Z|UTC|GMT)(?![A-Za-z0-9])(?!\s*[+-]\s?(?:[0-9]{1,2}(?![0-9])|[0-9]{4}(?!-)))"
    r"|(?P<place>[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_-]+){1,2})(?![A-Za-z0-9/_+-])"
    r")"
)
_FARTHEST = timedelta(hours=14)


def earliest(words: str, *, until: datetime) -> datetime | None:
    """The earliest time with a date and a zone in these words, in UTC; None where there is none.

    A time after `until` is not one at which something happened. Read are "2026-11-20 14:03 UTC", ISO 8601, an offset
    ("14:03 +01:00") and a name of the IANA database ("14:03 Europe/Berlin"), where that name is known on this machine.
    """
    found = [at for match in _TIME.finditer(words) if (at := _moment(match)) is not None and at <= until]
    return min(found, default=None)


def _moment(match: re.Match[str]) -> datetime | None:
    try:
        local = datetime.fromisoformat(f"{match['date']}T{match['clock']}")
        if match["place"] is not None:
            return _in_place(local, match["place"])
        if match["offset"] is not None:
            return _at_offset(local, match)
        return local.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _at_offset(local: datetime, match: re.Match[str]) -> datetime | None:
    offset = match["offset"]
    # "09:00-10:30" is two times more often than one: only ISO 8601 writes an offset to the west without a gap.
    if offset[0] == "-" and not match["gap"] and match["between"] != "T":
        return None
    digits = offset[1:].replace(":", "")
    by = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    # Every offset in use is a multiple of a quarter of an hour.
    if by > _FARTHEST or int(digits[2:]) not in (0, 15, 30, 45):
        return None
    return local.replace(tzinfo=timezone(-by if offset[0] == "-" else by)).astimezone(UTC)


def _in_place(local: datetime, place: str) -> datetime | None:
    try:
        zone = ZoneInfo(place)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    # An hour that there is twice, or not at all, is no moment.
    if first.utcoffset() != second.utcoffset():
        return None
    return first.astimezone(UTC)
