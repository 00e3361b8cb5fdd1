"""Whether times in a person's own words say in which zone they are. Reads shapes only; nothing is converted. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

# Offsets in use are whole quarters of an hour, up to 14 hours: a year or the day of a date is none.
_OFFSET = r"(?:0\d|1[0-4]):?(?:00|15|30|45)(?![\d:])"
_ZONE = re.compile(
    rf"""
      (?<=\d)\s?Z\b
    | \b(?:UTC|GMT)(?:\s?[+-](?:{_OFFSET}|1[0-4]|0?\d)(?![\d:]))?(?!\w)
    | \+{_OFFSET}
    # To the west with a gap before it: "09:00-10:30" is from one time to another.
    | (?<=\s)-{_OFFSET}
    # Names of the IANA database by their shape: an area, then one or two places.
    | \b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico
      |Pacific|US)(?:/[A-Z][A-Za-z]*(?:[_+-][A-Za-z\d]+)*){{1,2}}
    """,
    re.VERBOSE,
)
# ISO 8601 writes an offset to the west without a gap.
_ISO_WEST = re.compile(rf"\dT\d\d:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?(-{_OFFSET})")
_CLOCK = re.compile(
    r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?(?!\d)|\b(?:0?\d|1[0-2])\s?[ap]\.?m\b",
    re.IGNORECASE,
)
_NONE_KNOWN = re.compile(
    r"\b(?:none|nothing|unknown|not known|no times? (?:is |are )?known|not applicable)\b", re.IGNORECASE
)
_STATEMENT = re.compile(r"[;\n\r]+")


def none_known(words: str) -> bool:
    """Somebody says that there is nothing to tell: that is an answer, too."""
    return _NONE_KNOWN.search(words) is not None


def has_times(words: str) -> bool:
    """There is a time of day in it, with a zone or without."""
    return any(times for times, _ in _read(words))


def all_zoned(words: str) -> bool:
    """There is a time of day, and every one has its zone: after it, or named for those that follow.

    Statements end with a line or a semicolon. In each, a zone stands after its last time ("14:03 and 15:10 UTC"), or
    before its first ("Europe/Berlin: 14:03, 15:10"); one that names a zone and no time is for all after it.
    """
    found, covered = False, False
    for times, zones in _read(words):
        if not times:
            covered = covered or bool(zones)
            continue
        found = True
        before = any(end <= times[0][0] for _, end in zones)
        after = any(start >= times[-1][1] for start, _ in zones)
        if not (covered or before or after):
            return False
    return found


_Spans = list[tuple[int, int]]


def _read(words: str) -> list[tuple[_Spans, _Spans]]:
    """Of each statement where its times of day are, and where its zones."""
    read = []
    for statement in _STATEMENT.split(words.replace("\u2212", "-")):
        zones = sorted(
            [match.span() for match in _ZONE.finditer(statement)]
            + [match.span(1) for match in _ISO_WEST.finditer(statement)]
        )
        # An offset looks like a time of day itself.
        times = [match.span() for match in _CLOCK.finditer(_without(statement, zones))]
        read.append((times, zones))
    return read


def _without(text: str, spans: _Spans) -> str:
    """The same length, with spaces where the spans are."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    parts = [text[start:end] if at % 2 == 0 else " " * (end - start) for at, (start, end) in enumerate(pairwise(edges))]
    return "".join(parts)
