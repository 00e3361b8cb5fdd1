"""`reviewer ingest` with archives: ids on stdout, what was left out on stderr, 1 when something was."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "media"))

from archive_samples import words, zip_of
from commands import run
from evidence import picture
from floor import Floor

from reviewer.demo.organisation import PASSPHRASE, REVIEWERS
from reviewer.model.levels import Kind
from reviewer.model.roles import Role


def test_an_archive_and_what_is_in_it(quiet_floor: Floor, tmp_path: Path) -> None:
    data = quiet_floor.organisation.workstation(quiet_floor.hire(Role.INTAKE))
    case = quiet_floor.open_case()
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(zip_of({"one.jpg": picture(41), "inner.zip": zip_of({"list.txt": words(2)})}))
    broken = bytearray(zip_of({"one.txt": words(5), "two.txt": words(6)}, zipfile.ZIP_STORED))
    broken[broken.index(words(5)[:40]) + 90] ^= 0xFF
    bad.write_bytes(broken)
    ingest = ("ingest", "--case", case.id)
    taken = run(*ingest, str(good), data=data, PASSPHRASE=PASSPHRASE)
    assert (taken.returncode, taken.stderr) == (0, "")
    again = run(*ingest, str(good), data=data, PASSPHRASE=PASSPHRASE)
    assert (again.returncode, again.stdout) == (0, taken.stdout)
    partly = run(*ingest, str(bad), data=data, PASSPHRASE=PASSPHRASE)
    assert (partly.returncode, len(partly.stdout.split())) == (1, 2)
    assert partly.stderr.startswith(f"{case.number}/002.01: The file is damaged")
    assert partly.stderr.count("\n") == 1
    assert "one.txt" not in partly.stderr + taken.stdout
    with quiet_floor.organisation.client(REVIEWERS[0]) as reviewer:
        offered = {e.item.exhibit.removeprefix(case.number): e.item.facts.kind for e in reviewer.queue()}
    assert offered == {
        "/001": Kind.ARCHIVE,
        "/001.01": Kind.IMAGE,
        "/001.02": Kind.ARCHIVE,
        "/001.02.01": Kind.TEXT,
        "/002": Kind.ARCHIVE,
        "/002.02": Kind.TEXT,
    }
