"""The bench of packages in small: its peer packs the same items, its figures are of both, and it leaves nothing."""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from bench import packaging
from bench.package_build import FOLDER
from reviewer.vault import age

pytestmark = pytest.mark.skipif(shutil.which("age") is None, reason="the `age` command is not installed")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name, value in {
        "ZEROS": 2_000_000, "ZEROS_COPIES": 2, "NOISE": 300_000, "NOISE_COUNT": 2, "ROUNDS": 1, "CANCELLED": 2,
        "READDRESSED": 2, "_NEEDED": 0,
    }.items():  # fmt: skip
        monkeypatch.setattr(packaging, name, value)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_figures_of_every_kind_and_nothing_left(small: Path) -> None:
    rows = packaging.rows()

    assert not list(small.iterdir())
    assert not any(math.isnan(value) for _, value, _, _ in rows)
    compared = [ratio for name, _, unit, ratio in rows if "tar" in unit or "peer" in unit]
    assert len(compared) == 12
    assert all(ratio is not None and ratio > 0 for ratio in compared)
    readdressed = [ratio for name, _, _, ratio in rows if name.endswith("by its header")]
    assert len(readdressed) == 2
    assert readdressed[0] is None
    assert readdressed[1] is not None


def test_the_peer_packs_the_same_items(small: Path) -> None:
    ours, recipient = age.generate_identity(), age.generate_x25519_identity()
    (small / "key.txt").write_text(recipient.secret_text() + "\n")
    bench = packaging._Bench(small, ours, recipient)
    load = packaging._noise(small, ours)

    bench._peer_seals(load)
    bench._built(load)

    for package, inside in ((small / "peers.tar.age", "."), (small / "package.tar.age", f"{FOLDER}/data/items")):
        folder = small / package.name.partition(".")[0]
        folder.mkdir()
        packaging._run('age -d -i "$1" "$2" | tar -xf - -C "$3"', str(small / "key.txt"), str(package), str(folder))
        found = sorted(path.read_bytes() for path in (folder / inside).iterdir())
        assert found == sorted(path.read_bytes() for path in load.plain.iterdir())
    assert bench._peer_opens().seconds > 0


def test_a_peer_that_fails_is_no_figure() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        packaging._run("false | true")
