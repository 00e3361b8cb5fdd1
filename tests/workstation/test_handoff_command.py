"""`reviewer handoff` and `reviewer report` from end to end: built, verified by the recipient's key, followed up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from commands import run
from floor import Floor
from test_handing_off import Desk, desk, unlock

from reviewer.demo.correspondents import AGENCY_KEY, Correspondents
from reviewer.demo.organisation import PASSPHRASE
from reviewer.resources import resource

__all__ = ["desk", "unlock"]

ANSWERS = (
    "--location",
    "none known",
    "--accounts",
    "none known",
    "--times",
    "2026-11-20 14:03 UTC",
    "--contact",
    "Desk",
)
BASIS = ("--legal-basis", "Emergency disclosure", "--retention", "One year")


@pytest.fixture
def policy(correspondents: Correspondents, tmp_path: Path) -> Path:
    agency = "\n".join(
        (
            "[[handoff.agencies]]",
            f'key = "{AGENCY_KEY}"',
            'words = "Example Forensic Unit"',
            'jurisdiction = "US"',
            f'recipient = "{correspondents.authorities.agency_recipient}"',
        )
    )
    path = tmp_path / "policy.toml"
    path.write_text(f"{resource('policy.toml').read_text(encoding='utf-8')}\n{agency}\n", encoding="utf-8")
    return path


@pytest.fixture
def command(desk: Desk, own_floor: Floor, policy: Path) -> Callable[..., str]:
    """What `reviewer …` prints at the person's own workstation, with their window closed."""
    desk.session.lock()
    desk.session.farewell(10.0)
    data = own_floor.organisation.workstation(own_floor.reviewer)

    def ask(*words: str, fails: str = "") -> str:
        done = run(*words, "--policy", str(policy), data=data, PASSPHRASE=PASSPHRASE)
        assert (done.returncode, fails in done.stderr) == (1 if fails else 0, True), done.stderr
        return done.stdout

    return ask


def test_built_verified_sent_and_received(desk: Desk, command: Callable[..., str], tmp_path: Path) -> None:
    build = ("handoff", "build", "--case", desk.case_id, "--agency", AGENCY_KEY, "--to", str(desk.folder))
    command(*build, fails="Missing before this can be sealed: location_clues")
    assert desk.left() == []
    said = command(*build, *ANSWERS, *BASIS)
    assert "Not stamped: No time authority is configured." in said
    (package,) = desk.folder.glob("*.tar.age")
    kit = next(desk.folder.glob("*-kit"))
    identity = tmp_path / "recipient-identity.txt"
    identity.write_text(desk.correspondents.authorities.agency_identity, encoding="utf-8")
    verify = ("handoff", "verify", str(package), "--identity", str(identity), "--ca", str(kit / "ca.pem"))
    verified = run(*verify)
    assert verified.returncode == 0, verified.stderr
    assert "The package verifies." in verified.stdout
    assert "NO TIME STAMP" in verified.stdout
    body = bytearray(package.read_bytes())
    body[-1] ^= 1
    package.write_bytes(body)
    refused = run(*verify)
    assert (refused.returncode, "[H008]" in refused.stderr) == (1, True)

    (line,) = command("handoff", "list", desk.case_id).splitlines()
    handoff_id = line.split("\t")[0]
    assert "not sent" in line
    command(
        "handoff",
        "received",
        handoff_id,
        "--receipt",
        "Book 12",
        fails="Nobody has recorded that this package was sent.",
    )
    command("handoff", "sent", handoff_id, "--to", "Example Forensic Unit, in person")
    receipt = tmp_path / "receipt.txt"
    receipt.write_text("received", encoding="utf-8")
    command("handoff", "received", handoff_id, "--receipt", "Book 12", "--receipt-file", str(receipt))
    (line,) = command("handoff", "list", desk.case_id).splitlines()
    assert "not sent" not in line
    assert "not received" not in line
    assert "not retracted" in line


def test_the_report_alone_is_a_pdf_that_is_never_written_over(
    desk: Desk, command: Callable[..., str], tmp_path: Path
) -> None:
    target = tmp_path / "report.pdf"
    command("report", desk.case_id, "--to", str(target))
    assert target.read_bytes().startswith(b"%PDF-")
    assert target.stat().st_mode & 0o077 == 0
    command("report", desk.case_id, "--to", str(target), fails="A file of this name is there already.")
