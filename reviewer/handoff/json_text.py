"""JSON documents of a package: UTF-8, keys sorted, indented, a newline at the end: the same facts, the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec


def json_text(fields: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(fields, order="sorted"), indent=2) + b"\n"


def utc_text(at: datetime | None) -> str | None:
    """2026-11-20T12:00:00Z; with a fraction where there is one."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
