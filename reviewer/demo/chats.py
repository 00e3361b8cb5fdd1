"""Synthetic chat exports: neutral small talk between two numbered accounts, with the marker as a reference."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

_LINES = (
    "Are you there today?",
    "Yes, until six.",
    "The blue square or the grey one?",
    "Blue. The grey one is too small.",
    "Send me the pattern again please",
    "It is the one with three circles",
    "I do not have it any more",
    "Then take the second from the list",
    "How long is it?",
    "About twenty seconds",
    "OK",
    "Do you still use the other account?",
    "No, only this one now",
    "Write to me there tomorrow",
    "Fine, same time",
)


def chat(rng: random.Random, marker: bytes, *, lines: int = 42) -> bytes:
    """UTF-8 text, one message a line: `20/11/2026, 21:04 - Account A: ...`."""
    moment = datetime(2026, 11, 20, 20, 2, 11, tzinfo=UTC)
    planted = rng.randrange(lines // 3, lines)
    written = []
    for number in range(lines):
        moment += timedelta(seconds=rng.randrange(4, 180))
        text = f"ref {marker.decode('ascii')}" if number == planted else rng.choice(_LINES)
        written.append(f"{moment:%d/%m/%Y, %H:%M} - Account {rng.choice('AB')}: {text}")
    return ("\n".join(written) + "\n").encode()
