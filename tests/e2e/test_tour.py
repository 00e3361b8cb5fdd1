"""`reviewer demo --tour`: a whole shift in the real windows keeps the promises its summary names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.shift
@pytest.mark.timeout(240)
def test_a_whole_shift(tmp_path: Path) -> None:
    out = tmp_path / "out"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-c", "from reviewer.cli import main; main()", "demo", "--tour", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=220)
    assert (out / "summary.json").is_file(), done.stderr
    summary = json.loads((out / "summary.json").read_text())
    assert (done.returncode, summary["exit"], summary["failure"]) == (0, 0, ""), done.stderr
    assert summary["decisions_in_case_system"] == summary["decisions_local"] >= 6
    assert summary["items_reviewed"] >= 6
    assert 0.0 <= summary["share_decided_without_opening"] < 1.0  # the tour looks at some
    assert summary["plaintext_hits"] == 0
    assert summary["files_searched"] > 20
    pictures = [out / name for name in summary["screenshots"]]
    assert len(pictures) >= 12
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    assert summary["sandbox"]["landlock"] is True
    assert summary["sandbox"]["seccomp"] is True
    assert all(summary["levels_shown"][level] > 0 for level in ("facts", "blurred", "drawing", "lens", "clear"))
    assert summary["max_event_loop_stall_ms"] > 0
    assert summary["p95_next_item_ms"] > 0
    assert list((tmp_path / "cache" / "reviewer").iterdir()) == []
