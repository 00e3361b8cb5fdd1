"""`scripts/verify-package.sh`: independent tools alone accept a real package, and refuse it after any change."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from dossiers import a_hostile_dossier
from sealed_packages import NAME, Inner, a_real_plan, packed

from reviewer.demo.authorities import (
    Authorities,
    certificate_pem,
    key_pem,
    make_authorities,
    make_authority,
    name,
    usage,
)
from reviewer.demo.time_authority import TimeAuthority
from reviewer.handoff.case_uco import case_document
from reviewer.handoff.cms_envelope import CmsEnvelope
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.plan import Plan
from reviewer.handoff.signing import SigningKey, sign_detached
from reviewer.handoff.verifying import NOT_STAMPED
from reviewer.vault.age import generate_x25519_identity

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify-package.sh"
TOOLS = ("age", "tar", "openssl", "bagit.py", "case_validate", "xmllint", "pdfsig")
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
MISSING = [tool for tool in TOOLS if shutil.which(tool, path=PATH) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")
# These take most of the time and say nothing about what was altered: for all but one run they are done without.
QUICK = ("--without", "case_validate", "--without", "bagit.py")

Files = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture(scope="module")
def inner(authorities: Authorities, real_plan: Plan) -> Inner:
    return Inner.of(real_plan, authorities)


def verify(
    folder: Path,
    *more: str,
    options: Sequence[str] = QUICK,
    package: str = NAME,
    identity: str = "recipient-identity.txt",
    ca: str = "ca.pem",
) -> tuple[int, str]:
    """Exit status, and all that was said."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    run = subprocess.run(
        ["bash", SCRIPT, *options, package, identity, ca, "tsa-ca.pem", *more],
        cwd=folder,
        env={**os.environ, "PATH": PATH, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode or not run.stderr, run.stderr
    assert list(scratch.iterdir()) == [], "plaintext was left behind"
    return run.returncode, run.stdout + run.stderr


def test_a_real_package_is_accepted_by_every_tool(
    signing_key: SigningKey, real_plan: Plan, time_authority: TimeAuthority, authorities: Authorities, tmp_path: Path
) -> None:
    """Its case document says everything there is to say, and of what outsiders wrote all that could harm it."""
    case = case_document(a_hostile_dossier())
    plan = a_real_plan(signing_key, real_plan.built_at, time_authority.url, case=case)
    Inner.of(plan, authorities).sealed(tmp_path)
    status, said = verify(tmp_path, options=())
    assert status == 0, said
    assert "NOT CHECKED" not in said
    assert re.search(r"ACCEPTED: subject=CN=Example Trust and Safety Handoffs,.*; stamped ", said)
    assert len(re.findall(r"^ok ", said, re.MULTILINE)) == 11


def test_the_cybertip_report_is_checked_by_the_schema_that_is_given(inner: Inner, tmp_path: Path, shared: Path) -> None:
    inner.sealed(tmp_path)
    status, said = verify(tmp_path, str(shared / "ncmec" / "cybertip_report.xsd"))
    assert status == 0, said
    assert "is valid by the schema" in said
    other = tmp_path / "other.xsd"
    other.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="other"/></xs:schema>\n')
    status, said = verify(tmp_path, str(other))
    assert (status, "xmllint" in said) == (1, True)


def test_a_cms_package_is_opened_with_the_recipients_key(
    real_plan: Plan, authorities: Authorities, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(authorities.agency_key_pem)
    (tmp_path / "ca.pem").write_bytes(authorities.ca_pem)
    (tmp_path / "tsa-ca.pem").write_bytes(authorities.tsa_ca_pem)
    source = TarSource(real_plan)
    with (tmp_path / "package.tar.p7m").open("wb") as target:
        envelope = CmsEnvelope(x509.load_pem_x509_certificate(authorities.agency_certificate_pem))
        envelope.seal(source, target, check=lambda done: None)
    source.close()
    status, said = verify(tmp_path, package="package.tar.p7m", identity="key.pem")
    assert status == 0, said
    sealed = (tmp_path / "package.tar.p7m").read_bytes()
    (tmp_path / "package.tar.p7m").write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    status, said = verify(tmp_path, package="package.tar.p7m", identity="key.pem")
    assert (status, "openssl cms does not open it" in said) == (1, True)


def test_it_unpacks_into_the_folder_that_is_named(inner: Inner, tmp_path: Path) -> None:
    inner.sealed(tmp_path)
    status, said = verify(tmp_path, options=(*QUICK, "--into", "out"))
    assert status == 0, said
    (bag,) = (tmp_path / "out").iterdir()
    assert (bag / "bagit.txt").exists()
    assert verify(tmp_path, options=(*QUICK, "--into", "out"))[0] == 2


@pytest.mark.parametrize("place", [0.0, 0.01, 0.5, 1.0])
def test_a_changed_byte_of_the_sealed_file_is_refused(inner: Inner, tmp_path: Path, place: float) -> None:
    sealed = inner.sealed(tmp_path)
    body = bytearray(sealed.read_bytes())
    body[round(place * (len(body) - 1))] ^= 1
    sealed.write_bytes(body)
    status, said = verify(tmp_path)
    assert status == 1
    assert "age does not open it" in said


def refused(inner: Inner, folder: Path, tar: bytes, *, options: Sequence[str] = QUICK) -> str:
    inner.sealed(folder, tar)
    status, said = verify(folder, options=options)
    assert status == 1, said
    assert said.splitlines()[-1].startswith("REFUSED: ")
    return said.splitlines()[-1]


SAMPLE = (
    "bagit.txt",
    "metadata/case.jsonld",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "tagmanifest-sha256.txt.p7s",
    "tagmanifest-sha256.txt.p7s.tsr",
)


@pytest.mark.parametrize("path", [*SAMPLE, "the first item"])
def test_a_changed_byte_of_a_file_is_refused_after_sealing_anew(inner: Inner, tmp_path: Path, path: str) -> None:
    found = next(m for m in inner.members() if m.name.partition("/")[2] == path or ("/data/" in m.name and " " in path))
    refused(inner, tmp_path, inner.altered(found.offset_data + found.size // 2))


@pytest.mark.matrix
def test_a_changed_byte_of_any_file_at_many_places_is_refused(inner: Inner, tmp_path: Path) -> None:
    for found in inner.members():
        for place in (0, 1, found.size // 3, found.size // 2, found.size - 1):
            refused(inner, tmp_path, inner.altered(found.offset_data + place))


CMS = "openssl cms -verify -binary -cades -purpose any -inform DER -in changed -content data -CAfile ca.pem -out out"
TS = "openssl ts -verify -in changed -data data -CAfile ca.pem"


@pytest.mark.matrix
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("command", [CMS, TS], ids=["signature", "stamp"])
def test_every_byte_that_openssl_passes_over_is_refused(inner: Inner, tmp_path: Path, command: str) -> None:
    kind = ".p7s" if command == CMS else ".p7s.tsr"
    bodies = {info.name.partition("/")[2].removeprefix("tagmanifest-sha256.txt"): body for info, body in inner.files()}
    (tmp_path / "data").write_bytes(bodies["" if command == CMS else ".p7s"])
    (tmp_path / "ca.pem").write_bytes(inner.authorities.ca_pem if command == CMS else inner.authorities.tsa_ca_pem)
    passed_over = 0
    for place in range(len(bodies[kind])):
        changed = bytearray(bodies[kind])
        changed[place] ^= 1 << place % 8
        (tmp_path / "changed").write_bytes(changed)
        if subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode:
            continue
        passed_over += 1
        tar = bytearray(inner.tar)
        tar[inner.member(f"tagmanifest-sha256.txt{kind}").offset_data + place] = changed[place]
        refused(inner, tmp_path / "sealed", bytes(tar))
    assert 10 < passed_over < 40


@pytest.mark.parametrize("kind", ["p7s", "p7s.tsr"])
def test_a_version_that_openssl_does_not_look_at_is_refused(inner: Inner, tmp_path: Path, kind: str) -> None:
    found = inner.member(f"tagmanifest-sha256.txt.{kind}")
    place = inner.tar.index(b"\x02\x01\x01" if kind == "p7s" else b"\x02\x01\x03", found.offset_data)
    assert place < found.offset_data + 60
    assert "is not signed (openssl)" in refused(inner, tmp_path, inner.altered(place + 2))


def test_bytes_of_the_tar_that_are_in_no_file_are_refused_when_changed(inner: Inner, tmp_path: Path) -> None:
    first = inner.members()[0]
    padding = first.offset_data + first.size
    for at in (padding + 300, len(inner.tar) - 1, first.offset + 100 + 5):
        refused(inner, tmp_path, inner.altered(at))
    assert "in no file" in refused(inner, tmp_path, inner.tar + bytes(10240))


def without_last_line(files: Files) -> Files:
    return [
        (info, _lines(body)[:-1] and b"".join(_lines(body)[:-1]) if _is_manifest(info) else body)
        for info, body in files
    ]


def lines_reordered(files: Files) -> Files:
    return [(info, b"".join(_lines(body)[::-1]) if _is_manifest(info) else body) for info, body in files]


def one_more(files: Files) -> Files:
    info = copy(files[0][0])
    info.name = info.name.partition("/")[0] + "/metadata/more.txt"
    return [*files, (info, b"more\n")]


def one_more_item(files: Files) -> Files:
    info = copy(files[0][0])
    info.name = info.name.partition("/")[0] + "/data/items/more.bin"
    return [*files, (info, b"more\n")]


def an_item_less(files: Files) -> Files:
    return [one for one in files if one is not next(f for f in files if "/data/" in f[0].name)]


def a_document_less(files: Files) -> Files:
    return [one for one in files if not one[0].name.endswith("case.jsonld")]


def no_signature(files: Files) -> Files:
    return [one for one in files if not one[0].name.endswith((".p7s", ".tsr"))]


def no_stamp(files: Files) -> Files:
    return [one for one in files if not one[0].name.endswith(".tsr")]


def no_tag_lists(files: Files) -> Files:
    return [one for one in files if "/tagmanifest" not in one[0].name]


def renamed(files: Files) -> Files:
    item = next(info for info, _ in files if "/data/" in info.name)
    item.name += ".bin"
    return files


def reordered(files: Files) -> Files:
    return [files[1], files[0], *files[2:]]


def twice(files: Files) -> Files:
    return [files[0], *files]


def a_link(files: Files) -> Files:
    info = copy(files[0][0])
    info.name, info.type, info.linkname = info.name + ".link", tarfile.SYMTYPE, "/etc/passwd"
    return [*files, (info, b"")]


def out_of_the_folder(files: Files) -> Files:
    info = copy(files[0][0])
    info.name = info.name.partition("/")[0] + "/../outside.txt"
    return [*files, (info, b"outside\n")]


def another_folder(files: Files) -> Files:
    info = copy(files[0][0])
    info.name = "another/file.txt"
    return [*files, (info, b"outside\n")]


def later(files: Files) -> Files:
    for info, _ in files:
        info.mtime += 86_400
    return files


def _is_manifest(info: tarfile.TarInfo) -> bool:
    return info.name.endswith("/manifest-sha256.txt")


def _lines(body: bytes) -> list[bytes]:
    return body.splitlines(keepends=True)


CHANGES: tuple[Callable[[Files], Files], ...] = (
    without_last_line,
    lines_reordered,
    one_more,
    one_more_item,
    an_item_less,
    a_document_less,
    no_signature,
    no_stamp,
    no_tag_lists,
    renamed,
    reordered,
    twice,
    a_link,
    out_of_the_folder,
    another_folder,
    later,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_files_added_removed_renamed_or_reordered_are_refused(
    inner: Inner, tmp_path: Path, change: Callable[[Files], Files]
) -> None:
    refused(inner, tmp_path, packed(change(list(inner.files()))))


def test_the_same_files_packed_anew_in_their_order_are_accepted(inner: Inner, tmp_path: Path) -> None:
    """So it is not the packing that the other tests see."""
    inner.sealed(tmp_path, packed(list(inner.files())))
    status, said = verify(tmp_path)
    assert status == 0, said


def test_what_somebody_else_listed_and_signed_is_refused(inner: Inner, tmp_path: Path) -> None:
    """An item altered with every list made right again: only the signature can tell."""

    other = SigningKey.from_pem(make_authorities(datetime.now(UTC)).signing_pem)
    files = list(inner.files())
    item = next(i for i, (info, _) in enumerate(files) if "/data/" in info.name)
    files[item] = (files[item][0], b"another item altogether")
    bodies = {info.name.partition("/")[2]: body for info, body in files}

    def listed(paths: bytes) -> bytes:
        names = [line[66:].decode() for line in _lines(paths)]
        return b"".join(f"{hashlib.sha256(bodies[n.strip()]).hexdigest()}  {n}".encode() for n in names)

    for path in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        bodies[path] = listed(bodies[path])
    oxum = sum(len(body) for path, body in bodies.items() if path.startswith("data/"))
    bodies["bag-info.txt"] = re.sub(rb"Oxum: \d+", b"Oxum: %d" % oxum, bodies["bag-info.txt"])
    bodies["tagmanifest-sha256.txt"] = listed(bodies["tagmanifest-sha256.txt"])

    def forged() -> bytes:
        return packed([(info, bodies[info.name.partition("/")[2]]) for info, _ in files])

    assert "signature of the list" in refused(inner, tmp_path, forged())
    bodies["tagmanifest-sha256.txt.p7s"] = sign_detached(
        bodies["tagmanifest-sha256.txt"], other, datetime.now(UTC).replace(microsecond=0)
    )
    assert "signature of the list" in refused(inner, tmp_path, forged())


def test_a_key_of_a_curve_below_an_authority_below_the_root_is_accepted(
    real_plan: Plan, inner: Inner, authorities: Authorities, tmp_path: Path
) -> None:
    at = real_plan.built_at
    root, between, key = (
        make_authority("Root", at),
        make_authority("Between", at),
        ec.generate_private_key(ec.SECP256R1()),
    )
    crossed = x509.CertificateBuilder(
        issuer_name=root.certificate.subject,
        subject_name=between.certificate.subject,
        public_key=between.key.public_key(),
        serial_number=7,
        not_valid_before=at - timedelta(days=1),
        not_valid_after=at + timedelta(days=9),
        extensions=list(between.certificate.extensions),
    ).sign(root.key, hashes.SHA256())
    leaf = between.issue(
        name("Below"), key.public_key(), since=at, until=at + timedelta(days=9), usage=usage(signing=True)
    )
    signer = SigningKey.from_pem(key_pem(key) + certificate_pem(leaf) + certificate_pem(crossed))
    Inner.of(a_real_plan(signer, at, None, NOT_STAMPED), authorities).sealed(tmp_path)
    (tmp_path / "ca.pem").write_bytes(root.pem)
    status, said = verify(tmp_path)
    assert status == 0, said


def test_another_authority_is_refused(inner: Inner, tmp_path: Path) -> None:
    inner.sealed(tmp_path)
    (tmp_path / "other.pem").write_bytes(make_authority("Other Root", datetime.now(UTC)).pem)
    status, said = verify(tmp_path, ca="other.pem")
    assert (status, "signature of the list" in said) == (1, True)
    (tmp_path / "tsa-ca.pem").write_bytes((tmp_path / "other.pem").read_bytes())
    status, said = verify(tmp_path)
    assert (status, "time stamp is not valid" in said) == (1, True)


def test_a_stamp_that_cannot_be_checked_is_refused(inner: Inner, tmp_path: Path) -> None:
    inner.sealed(tmp_path)
    (tmp_path / "tsa-ca.pem").unlink()
    status, said = verify(tmp_path)
    assert (status, "no certificate to check it with" in said) == (1, True)


def test_another_identity_is_refused(inner: Inner, tmp_path: Path) -> None:

    inner.sealed(tmp_path)
    (tmp_path / "recipient-identity.txt").write_text(generate_x25519_identity().secret_text() + "\n")
    status, said = verify(tmp_path)
    assert (status, "age does not open it" in said) == (1, True)


def test_a_package_that_says_it_has_no_stamp_is_accepted_and_that_is_said(
    real_plan: Plan, authorities: Authorities, signing_key: SigningKey, tmp_path: Path
) -> None:
    plan = a_real_plan(signing_key, real_plan.built_at, None, NOT_STAMPED)
    Inner.of(plan, authorities).sealed(tmp_path)
    (tmp_path / "tsa-ca.pem").unlink()
    status, said = verify(tmp_path)
    assert status == 0, said
    assert "NOT CHECKED: time stamp" in said
    assert said.rstrip().endswith("; no time stamp")


def test_a_stamp_that_is_neither_there_nor_spoken_of_has_to_be_done_without(
    real_plan: Plan, authorities: Authorities, signing_key: SigningKey, tmp_path: Path
) -> None:
    inner = Inner.of(a_real_plan(signing_key, real_plan.built_at, None, ""), authorities)
    assert "there is no time stamp" in refused(inner, tmp_path, inner.tar)
    status, said = verify(tmp_path, options=(*QUICK, "--without", "stamp"))
    assert status == 0, said
    assert "NOT CHECKED: stamp" in said


def test_a_stamp_that_was_taken_away_is_missed(inner: Inner, tmp_path: Path) -> None:
    tar = packed(no_stamp(list(inner.files())))
    assert "taken away" in refused(inner, tmp_path, tar, options=(*QUICK, "--without", "stamp"))


def test_a_missing_tool_is_said_and_not_passed_over(inner: Inner, tmp_path: Path) -> None:
    inner.sealed(tmp_path)
    run = subprocess.run(
        ["/bin/bash", SCRIPT, NAME, "recipient-identity.txt", "ca.pem", "tsa-ca.pem"],
        cwd=tmp_path,
        env={**os.environ, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "missing: bagit.py" in run.stderr
