"""`reviewer known …` against a real case system: what is printed, the exit codes, and who is refused."""

from __future__ import annotations

from pathlib import Path

from commands import run
from floor import Floor
from test_command import is_one_line

from reviewer.demo.organisation import PASSPHRASE, SUPERVISOR
from reviewer.model.roles import Role

GOOD = "sha256,category,classification\n" + "ab" * 32 + ",A,A1\n" + "cd" * 32 + ",B,\n"


def test_a_list_from_import_to_retirement(floor: Floor, tmp_path: Path) -> None:
    def known(*words: str, member: str = SUPERVISOR):  # type: ignore[no-untyped-def]
        return run("known", *words, data=floor.organisation.workstation(member), PASSPHRASE=PASSPHRASE)

    def listed() -> list[str]:
        return [line for line in known("list").stdout.splitlines(keepends=True) if line not in others]

    others: list[str] = []
    others = listed()
    good, bad = tmp_path / "list.csv", tmp_path / "bad.csv"
    good.write_text(GOOD)
    bad.write_text(GOOD + "ef" * 31 + ",C,\n")
    named = ("--name", "Partner list", "--version", "2026-11")

    assert run("known", "import", str(good), data=tmp_path).returncode == 2
    is_one_line(known("import", str(bad), *named), "line or record 4, field sha256: it is not a digest")
    assert listed() == []
    done = known("import", str(good), *named)
    assert (done.returncode, done.stdout) == (0, "2 entries in force; 0 items match.\n"), done.stderr
    assert known("import", str(good), *named).stdout.startswith("This version was in force already")
    (line,) = listed()
    assert line.startswith("Partner list\t2026-11\t2 entries\t0 items match\t")
    is_one_line(known("import", str(good), *named, member=floor.hire(Role.INTAKE)), "Your role does not allow this.")
    is_one_line(known("retire", "Another list"), "The case system knows no list of this name.")
    assert known("retire", "Partner list").returncode == 0
    assert listed() == []

    strange = tmp_path / "list.dat"
    strange.write_text(GOOD)
    is_one_line(known("import", str(strange), *named), "does not tell its format")
    assert known("import", str(strange), *named, "--format", "csv").returncode == 0
    assert known("retire", "Partner list").returncode == 0
