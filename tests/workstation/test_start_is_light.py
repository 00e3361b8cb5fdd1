"""The unlock page does not wait for what only an unlocked session needs."""

from __future__ import annotations

import subprocess
import sys

_LATER = (
    "httpx",
    "reviewer.sync.client",
    "reviewer.workstation.session",
    "reviewer.workstation.destroying",
    "sqlalchemy",
)


def test_the_unlock_page_loads_no_http_and_no_session() -> None:
    script = "import sys, reviewer.workstation.start, reviewer.ui.app; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "reviewer.ui.unlock_page" in loaded
    assert not [name for name in _LATER if name in loaded]
