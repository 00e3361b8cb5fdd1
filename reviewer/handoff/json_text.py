"""JSON documents of a package: UTF-8, keys sorted, indented, a newline at the end: the same facts, the same bytes."""

from __future__ import annotations

from typing import Any

import msgspec


def json_text(fields: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(fields, order="sorted"), indent=2) + b"\n"
