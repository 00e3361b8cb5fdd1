"""What one sealed worker may use, before it is ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Memory in bytes beyond the loaded codecs, times in seconds. The defaults fit a 200-megapixel photograph.

    A request that is not answered `request_s` after it was sent (time spent reading the source not counted) is given
    `grace_s` more and then its worker is killed. `reads_per_size` bounds how often over the source may be asked for
    in one request, beside `spare_read_bytes`.
    """

    memory_bytes: int = 2 << 30
    cpu_s: int = 3600
    start_s: float = 20.0
    request_s: float = 15.0
    grace_s: float = 2.0
    range_requests: int = 200_000
    reads_per_size: int = 4
    spare_read_bytes: int = 64 << 20
