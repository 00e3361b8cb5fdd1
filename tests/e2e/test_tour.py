"""`reviewer demo --tour`: a whole shift in the real windows keeps the promises its summary names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.shift
@pytest.mark.timeout(300)  # the tour, and then the independent tools
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
    verified_by_others(out / "handoff", summary["package"], tmp_path)


def verified_by_others(folder: Path, package: str, tmp_path: Path) -> None:
    """Independent tools accept what the tour handed off, and refuse it with one byte changed."""
    left = {"HOW-TO-VERIFY.txt", "ca.pem", "recipient-identity.txt", "tsa-ca.pem", package}
    assert {path.name for path in folder.iterdir()} == left
    accepted = by_script(folder / package, folder)
    assert (accepted.returncode, accepted.stderr) == (0, ""), accepted.stdout
    assert "ACCEPTED" in accepted.stdout
    sealed = (folder / package).read_bytes()
    changed = tmp_path / package
    # The header's version, recipient and MAC; the first, a middle and the last chunk; the very last byte.
    for place in (0, 40, 190, 300, len(sealed) // 2, len(sealed) - 20, len(sealed) - 1):
        body = bytearray(sealed)
        body[place] ^= 1
        changed.write_bytes(body)
        refused = by_script(changed, folder)
        assert refused.returncode == 1, (place, refused.stdout)
        assert "REFUSED" in refused.stderr


def by_script(package: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).resolve().parents[2] / "scripts" / "verify-package.sh"
    given = [str(folder / name) for name in ("recipient-identity.txt", "ca.pem", "tsa-ca.pem")]
    schema = Path(__file__).resolve().parents[3] / "shared" / "ncmec" / "cybertip_report.xsd"
    command = ["bash", str(script), str(package), *given, *([str(schema)] if schema.is_file() else [])]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
