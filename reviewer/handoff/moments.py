"""Times in a package's documents: UTC, wherever they were written. Pure."""

from __future__ import annotations

from datetime import UTC, datetime


def in_utc(at: datetime) -> datetime:
    """A time without a zone is held to be UTC, which all of ours are: never this machine's own."""
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)


def utc_text(at: datetime) -> str:
    """2026-11-20T12:00:00Z; with a fraction where there is one."""
    return in_utc(at).isoformat().replace("+00:00", "Z")
