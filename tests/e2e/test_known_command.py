"""`reviewer known …` against a real case system: what is printed, the exit codes, and who is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import run
from test_command import is_one_line

from reviewer.demo.organisation import INTAKE, PASSPHRASE, SUPERVISOR, Organisation, found_organisation

GOOD = "sha256,category,classification\n" + "ab" * 32 + ",A,A1\n" + "cd" * 32 + ",B,\n"


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    made = found_organisation(
        tmp_path_factory.mktemp("known") / "root", say=lambda _: None, take_in=lambda *_: None, work_factor=10
    )
    yield made
    made.close()


def test_a_list_from_import_to_retirement(org: Organisation, tmp_path: Path) -> None:
    def known(*words: str, member: str = SUPERVISOR):  # type: ignore[no-untyped-def]
        return run("known", *words, data=org.workstation(member), PASSPHRASE=PASSPHRASE)

    good, bad = tmp_path / "list.csv", tmp_path / "bad.csv"
    good.write_text(GOOD)
    bad.write_text(GOOD + "ef" * 31 + ",C,\n")
    named = ("--name", "Partner list", "--version", "2026-11")

    assert run("known", "import", str(good), data=tmp_path).returncode == 2
    is_one_line(known("import", str(bad), *named), "line or record 4, field sha256: it is not a digest")
    assert known("list").stdout == ""
    done = known("import", str(good), *named)
    assert (done.returncode, done.stdout) == (0, "2 entries in force; 0 items match.\n"), done.stderr
    assert known("import", str(good), *named).stdout.startswith("This version was in force already")
    assert known("list").stdout.startswith("Partner list\t2026-11\t2 entries\t0 items match\t")
    is_one_line(known("import", str(good), *named, member=INTAKE), "Your role does not allow this.")
    is_one_line(known("retire", "Another list"), "The case system knows no list of this name.")
    assert known("retire", "Partner list").returncode == 0
    assert known("list").stdout == ""

    strange = tmp_path / "list.dat"
    strange.write_text(GOOD)
    is_one_line(known("import", str(strange), *named), "does not tell its format")
    assert known("import", str(strange), *named, "--format", "csv").returncode == 0
