"""The `reviewer` command: exit codes 0, 1 and 2, one clear line on stderr, secrets never as arguments."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from commands import own_process, run
from evidence import picture
from floor import WORK_FACTOR, Floor

from reviewer.demo.organisation import INTAKE, PASSPHRASE, REVIEWERS
from reviewer.model.roles import Role
from reviewer.vault.vault import Vault

NEW = "another calm phrase"


def is_one_line(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_help_and_usage(tmp_path: Path) -> None:
    shown = own_process("--help")
    assert shown.returncode == 0
    for word in ("demo", "vault", "ingest", "sync", "casesystem", "handoff", "custody", "posture"):
        assert word in shown.stdout
    assert own_process("no-such-command").returncode == 2
    assert run("ingest", data=tmp_path).returncode == 2


def test_without_a_vault(tmp_path: Path) -> None:
    done = own_process(data=tmp_path)
    is_one_line(done, "There is no vault on this machine.")
    assert "reviewer vault init" in done.stderr
    assert "reviewer demo" in done.stderr
    assert list(tmp_path.iterdir()) == []
    is_one_line(run("vault", "status", data=tmp_path), "There is no vault here.")
    is_one_line(run("sync", data=tmp_path, PASSPHRASE="x"), "There is no vault here.")


@pytest.mark.parametrize(
    "step",
    [("build", "--case", "c", "--agency", "a", "--to", "."), ("send", "h"), ("list", "c"), ("received", "h")],
    ids=lambda step: step[0],
)
def test_handing_off_needs_a_vault(step: tuple[str, ...], tmp_path: Path) -> None:
    is_one_line(run("handoff", *step, data=tmp_path, PASSPHRASE="x"), "There is no vault here.")


def test_a_file_that_is_no_package_is_refused(tmp_path: Path) -> None:
    package, ca = tmp_path / "package.tar.age", tmp_path / "ca.pem"
    package.write_bytes(b"nothing of the kind")
    ca.write_bytes(b"")
    is_one_line(run("handoff", "verify", str(package), "--ca", str(ca)), "The file is not a sealed package.")


def test_posture_as_json() -> None:
    done = own_process("posture", "--json")
    lines = json.loads(done.stdout)["protections"]
    found = {line["key"]: line for line in lines}
    assert found["landlock"]["in_force"] is found["seccomp"]["in_force"] is True
    assert found["screen_capture"]["in_force"] is False
    assert all(line["words"] and line["how"] for line in lines)
    missing = [line["key"] for line in lines if line["required"] and not line["in_force"]]
    assert done.returncode == (1 if missing else 0)


def test_a_vault_from_enrolment_to_recovery(
    quiet_floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Made with the strength the product has; what comes after need not take half a second at each opening.
    for change in (Vault.change_passphrase, Vault.recover):
        monkeypatch.setitem(change.__kwdefaults__, "work_factor", WORK_FACTOR)
    data, (member, token) = tmp_path / "data", quiet_floor.enrolment()
    escrow = quiet_floor.organisation.escrow
    address = quiet_floor.organisation.case_system
    init = ("vault", "init", "--case-system", address, "--escrow", str(escrow.recipient()))
    made = own_process(*init, data=data, TOKEN=token, NEW_PASSPHRASE=PASSPHRASE)
    assert made.returncode == 0, made.stderr
    assert member.name in made.stdout
    assert "age1" in made.stdout
    assert token not in made.stdout + made.stderr
    is_one_line(run(*init, data=data, TOKEN=token, NEW_PASSPHRASE=PASSPHRASE), "There is a vault here already.")
    status = run("vault", "status", data=data)
    assert (status.returncode, "passphrase" in status.stdout, "recovery" in status.stdout) == (0, True, True)
    changed = run("vault", "passwd", data=data, PASSPHRASE=PASSPHRASE, NEW_PASSPHRASE=NEW)
    assert changed.returncode == 0, changed.stderr
    is_one_line(run("sync", data=data, PASSPHRASE=PASSPHRASE), "The passphrase does not open this vault.")
    identity = tmp_path / "escrow"
    identity.write_text(escrow.secret_text())
    recovered = run("vault", "recover", "--identity", str(identity), data=data, NEW_PASSPHRASE=PASSPHRASE)
    assert recovered.returncode == 0, recovered.stderr
    is_one_line(run("custody", "verify", data=data, PASSPHRASE=NEW), "The passphrase does not open this vault.")
    verified = own_process("custody", "verify", data=data, PASSPHRASE=PASSPHRASE)
    assert (verified.returncode, "entries verify" in verified.stdout) == (0, True), verified.stderr


def test_evidence_in_and_custody_out(quiet_floor: Floor, tmp_path: Path) -> None:
    intake = quiet_floor.hire(Role.INTAKE)
    data = quiet_floor.organisation.workstation(intake)
    case = quiet_floor.open_case()
    first, second = tmp_path / "a.jpg", tmp_path / "b.jpg"
    first.write_bytes(picture(7))
    second.write_bytes(picture(8))
    before = first.stat()
    ingest = ("ingest", "--case", case.id, "--harm-type", "violence")
    taken = own_process(*ingest, str(first), data=data, PASSPHRASE=PASSPHRASE)
    assert taken.returncode == 0, taken.stderr
    again = run(*ingest, str(second), data=data, PASSPHRASE=PASSPHRASE)
    items = [*taken.stdout.split(), *again.stdout.split()]
    assert len(items) == 2
    assert first.stat().st_mtime_ns == before.st_mtime_ns
    with quiet_floor.organisation.client(REVIEWERS[0]) as reviewer:
        offered = {entry.item.id: entry.item for entry in reviewer.queue()}
    assert {offered[item].exhibit for item in items} == {f"{case.number}/001", f"{case.number}/002"}
    assert offered[items[0]].harm_type == "violence"
    synced = run("sync", data=data, PASSPHRASE=PASSPHRASE)
    assert "waiting 0, parked 0" in synced.stdout, synced.stderr
    exported = tmp_path / "custody.jsonl"
    out = run("custody", "export", str(exported), data=data, PASSPHRASE=PASSPHRASE)
    assert out.returncode == 0, out.stderr
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    assert out.stdout == f"{len(lines) - 1} entries written.\n" or out.stdout == f"{len(lines)} entries written.\n"
    assert sum("taken_in" in json.dumps(line) for line in lines) >= 2
    is_one_line(run("custody", "export", str(exported), data=data, PASSPHRASE=PASSPHRASE), "The system refused")
    is_one_line(run("ingest", "--case", "no-such-case", str(first), data=data, PASSPHRASE=PASSPHRASE), "case")


def test_a_second_process_on_the_same_vault(quiet_floor: Floor) -> None:
    """The floor's own intake workstation is open in this process."""
    done = own_process("sync", data=quiet_floor.organisation.workstation(INTAKE), PASSPHRASE=PASSPHRASE)
    is_one_line(done, "The vault is open in another window on this machine.")
