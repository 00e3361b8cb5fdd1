"""Identifiers: UUIDv7 (RFC 9562, section 5.7), time-ordered so that indexes and logs read in order."""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def uuid7(unix_ms: int | None = None) -> str:
    """A UUIDv7 as text. Strictly increasing within a process: the 12 bits `rand_a` count up inside a millisecond."""
    global _last
    if unix_ms is None:
        unix_ms = time.time_ns() // 1_000_000
    with _lock:
        stamp = max((unix_ms << 12) | secrets.randbits(11), _last + 1)
        _last = stamp
    value = ((stamp >> 12) & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (stamp & 0xFFF) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
