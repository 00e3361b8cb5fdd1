"""The kit: its guide's commands are run as they stand, with the real tools, on a real package."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from sealed_packages import Inner

from reviewer.demo.authorities import Authorities
from reviewer.handoff.cms_envelope import CmsEnvelope
from reviewer.handoff.errors import CertificateUnusable, TargetFailed
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.kit import commands, guide, write_kit
from reviewer.handoff.plan import Document, Plan
from reviewer.handoff.signing import SigningKey
from reviewer.handoff.zip_envelope import ZipEnvelope

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
LISTED = "ab" * 32


def has(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool, path=PATH) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def kit(plan: Plan, authorities: Authorities, where: Path, package: str, envelope: str, *, stamped: bool = True) -> str:
    listed = next(e for e in plan.entries if e.path == "tagmanifest-sha256.txt")
    assert isinstance(listed, Document)

    write_kit(
        where,
        ca_pem=authorities.ca_pem,
        tsa_ca_pem=authorities.tsa_ca_pem if stamped else b"",
        package_name=package,
        folder=plan.folder,
        envelope=envelope,
        tagmanifest_sha256=hashlib.sha256(listed.content).hexdigest(),
    )
    return (where / "HOW-TO-VERIFY.txt").read_text(encoding="utf-8")


def run_in_order(lines: list[str], where: Path, answers: str = "") -> list[tuple[str, str]]:
    """Each command, as typed one after the other into one shell, with what it said; every one has to succeed."""
    told = []
    folder = where
    for line in lines:
        if line.startswith("cd "):
            folder = folder / line.removeprefix("cd ").strip("'")
            continue
        run = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env={**os.environ, "PATH": PATH},
            input=answers,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, (line, run.stdout, run.stderr)
        told.append((line, run.stdout + run.stderr))
    return told


def said(told: list[tuple[str, str]], beginning: str) -> str:
    (found,) = [words for line, words in told if line.startswith(beginning)]
    return found


@has("age", "tar", "sha256sum", "bagit.py", "openssl", "case_validate", "xmllint", "pdfsig")
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.matrix)])
def test_every_command_of_the_guide_does_what_the_guide_says(
    real_plan: Plan, authorities: Authorities, signing_key: SigningKey, tmp_path: Path, every: bool
) -> None:
    """`case_validate` takes seconds: in the usual run it is run once, by the script, with the same words."""
    package = Inner.of(real_plan, authorities).sealed(tmp_path)
    lines = commands(kit(real_plan, authorities, tmp_path, package.name, "age"))
    assert len(lines) == 17
    told = run_in_order([line for line in lines if every or not line.startswith("case_validate")], tmp_path)
    assert "Example Trust and Safety Root" in said(told, "openssl x509 -in ca.pem")
    assert [words for line, words in told if line.startswith(("find", "cut", "sha256sum"))] == ["", "", "", ""]
    assert "CAdES Verification successful" in said(told, "openssl cms -verify")
    fingerprint = said(told, "openssl x509 -in ../signer.pem").replace(":", "").lower()
    assert signing_key.sha256 in fingerprint
    assert "Verification: OK" in said(told, "openssl ts -verify")
    assert "Time stamp: " in said(told, "openssl ts -reply")
    if every:
        assert "Conforms: True" in said(told, "case_validate")
    report = said(told, "pdfsig")
    assert "Total document signed" in report
    assert "Signature is Valid" in report


@has("tar", "openssl")
def test_a_cms_package_opens_as_its_guide_says(real_plan: Plan, authorities: Authorities, tmp_path: Path) -> None:
    envelope = CmsEnvelope(x509.load_pem_x509_certificate(authorities.agency_certificate_pem))
    _seal(real_plan, envelope, tmp_path / "package.tar.p7m")
    (tmp_path / "recipient.pem").write_bytes(authorities.agency_certificate_pem)
    (tmp_path / "recipient-key.pem").write_bytes(authorities.agency_key_pem)
    lines = commands(kit(real_plan, authorities, tmp_path, "package.tar.p7m", "cms"))
    _opens(lines, real_plan, tmp_path)


@has("tar", "7z", "openssl")
def test_a_zip_package_opens_as_its_guide_says(real_plan: Plan, authorities: Authorities, tmp_path: Path) -> None:
    envelope = ZipEnvelope()
    passphrase = envelope.passphrase
    _seal(real_plan, envelope, tmp_path / "package.zip")
    lines = commands(kit(real_plan, authorities, tmp_path, "package.zip", "zip"))
    _opens(lines, real_plan, tmp_path, f"{passphrase}\n")


def _seal(plan: Plan, envelope: CmsEnvelope | ZipEnvelope, target: Path) -> None:
    source = TarSource(plan)
    with target.open("wb") as sealed:
        envelope.seal(source, sealed, check=lambda done: None)
    source.close()


def _opens(lines: list[str], plan: Plan, where: Path, answers: str = "") -> None:
    first = lines.index(f"cd {plan.folder}")
    assert first == 3
    run_in_order(lines[: first + 4], where, answers)
    assert (where / plan.folder / "bagit.txt").exists()


def test_without_a_stamp_the_guide_says_so(authorities: Authorities, real_plan: Plan, tmp_path: Path) -> None:
    text = kit(real_plan, authorities, tmp_path, "package.tar.age", "age", stamped=False)
    assert "There is no time stamp" in text
    assert "openssl ts" not in text
    assert "tsa-ca.pem" not in text
    assert sorted(one.name for one in tmp_path.iterdir()) == ["HOW-TO-VERIFY.txt", "ca.pem"]


@pytest.mark.parametrize("envelope", ["age", "cms", "zip"])
@pytest.mark.parametrize("stamped", [True, False])
def test_the_guide_is_one_page_and_every_blank_is_filled(envelope: str, stamped: bool) -> None:
    text = guide(
        package_name="2026-01843-019a9f00.tar.age",
        folder="2026-01843-019a9f00",
        envelope=envelope,
        tagmanifest_sha256=LISTED,
        stamped=stamped,
    )
    assert "{{" not in text
    assert text.count("2026-01843-019a9f00.tar.age") == 2
    assert len(text.splitlines()) <= 100
    assert max(len(line) for line in text.splitlines() if not line.startswith("    $ ")) <= 106


def test_a_name_cannot_become_a_command() -> None:
    text = guide(
        package_name="a; rm -rf x",
        folder="$(id)",
        envelope="age",
        tagmanifest_sha256=LISTED,
        stamped=True,
    )
    assert "cd '$(id)'" in commands(text)
    assert not any("$(id)" in line and "'$(id)'" not in line for line in commands(text))
    assert any(line.endswith("'a; rm -rf x'") for line in commands(text))


def test_no_key_goes_out_with_a_certificate(authorities: Authorities, tmp_path: Path) -> None:
    """Whoever keeps the key and certificate in one file, and names that file."""
    write_kit(
        tmp_path,
        ca_pem=authorities.signing_pem + authorities.ca_pem,
        tsa_ca_pem=authorities.tsa_pem,
        package_name="p.tar.age",
        folder="p",
        envelope="age",
        tagmanifest_sha256=LISTED,
    )
    everything = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert b"PRIVATE" not in everything
    assert everything.count(b"BEGIN CERTIFICATE") == 3


def test_what_cannot_be_written_or_read_is_said(authorities: Authorities, tmp_path: Path) -> None:
    wanted = {"package_name": "p", "folder": "p", "envelope": "age", "tagmanifest_sha256": LISTED, "tsa_ca_pem": b""}
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TargetFailed):
        write_kit(tmp_path / "file", ca_pem=authorities.ca_pem, **wanted)  # type: ignore[arg-type]
    with pytest.raises(CertificateUnusable):
        write_kit(tmp_path / "kit", ca_pem=b"not a certificate", **wanted)  # type: ignore[arg-type]
