"""Refused unlocks, kept until somebody gets in: the log they belong in can only be written by an open vault.

The file holds one time per line and nothing else; the first unlock that succeeds moves the lines into the custody log.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

_MOST_LINES = 1000


class Refusals:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "refused"

    def note(self, at: datetime) -> None:
        """Best effort: a full disk must not turn a mistyped passphrase into a crash."""
        try:
            if len(self.times()) < _MOST_LINES:
                with self._path.open("a", encoding="ascii") as lines:
                    lines.write(at.isoformat() + "\n")
        except OSError:
            return

    def times(self) -> list[datetime]:
        """Oldest first; lines that are not times are skipped."""
        try:
            lines = self._path.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return []
        times = []
        for untrusted_line in lines[:_MOST_LINES]:
            try:
                times.append(datetime.fromisoformat(untrusted_line))
            except ValueError:
                continue
        return times

    def clear(self) -> None:
        self._path.unlink(missing_ok=True)
