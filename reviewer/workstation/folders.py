"""Where a workstation keeps its files. Every one of them is ciphertext, or names nothing about evidence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_ENVIRONMENT = "REVIEWER_DATA"


def data_folder() -> Path:
    """`$REVIEWER_DATA`, else the platform's place for a user's application data."""
    if chosen := os.environ.get(_ENVIRONMENT):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "reviewer"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "reviewer"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "reviewer"
