"""Which time zone this machine is set to: a real one with its clock changes wherever that can be known."""

from __future__ import annotations

import warnings
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import tzlocal

from reviewer.model.clock import Clock


def local_zone(clock: Clock) -> tzinfo:
    """By TZ, /etc or the registry. Where none of them names a zone that is known: the offset of now, whatever comes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a guess ("no configuration, so UTC") is worse than the offset of now
            zone = tzlocal.reload_localzone()
    except Exception:
        zone = None
    # A file without a name (TZ=":/some/file") is as good: it has the changes in it.
    return zone if isinstance(zone, ZoneInfo) else clock.now().astimezone().tzinfo or UTC
