"""Exposure: taken in by the day, shown in quarter hours, and everything about it told to whose it is."""

from __future__ import annotations

from reviewer.casesystem.exposure import own, relief, share, team, waiting

PARTS = (team, own, waiting, relief, share)
