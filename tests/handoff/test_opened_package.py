"""Sealed packages, from the envelope to the verdict: opened by what their recipient has, and by nothing else."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from envelope_samples import Plain, certificate, ec_key, pem, plaintext, rsa_key, unchecked
from verifying_samples import a_plan, tar_of

from reviewer.demo.authorities import Authorities
from reviewer.handoff.cms_envelope import CmsEnvelope
from reviewer.handoff.envelope import Envelope
from reviewer.handoff.errors import CannotResume, PackageRefused
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.signing import SigningKey
from reviewer.handoff.zip_envelope import ZipEnvelope
from reviewer.vault import age
from reviewer.workstation.age_envelope import AgeEnvelope
from reviewer.workstation.opened_package import envelope_kind, open_package, verify_sealed

CLASSIC = age.generate_x25519_identity()
PQ = age.generate_identity()
KEY_FILE = f"# an identity\n{PQ.secret_text()}\n{CLASSIC.secret_text()}\n".encode()
CMS_FILE = (pem(rsa_key()) + pem(certificate(rsa_key()))).encode()
CMS_FILE_OTHER_WAY = (pem(certificate(ec_key())) + pem(ec_key())).encode()


def age_to(identity: age.X25519Identity | age.HybridIdentity) -> AgeEnvelope:
    return AgeEnvelope(age.Sealing([identity.recipient()]))


def written(path: Path, envelope: Envelope, size: int = 200_000) -> Path:
    with path.open("wb") as file:
        envelope.seal(Plain(size), file, check=unchecked)
    assert path.stat().st_size == envelope.sealed_size(size)
    return path


@pytest.mark.parametrize(
    ("make", "kind", "identity"),
    [
        (lambda: age_to(CLASSIC), "age", KEY_FILE),
        (lambda: age_to(PQ), "age", KEY_FILE),
        (lambda: CmsEnvelope(certificate(rsa_key())), "cms", CMS_FILE),
        (lambda: CmsEnvelope(certificate(ec_key())), "cms", CMS_FILE_OTHER_WAY),
        (ZipEnvelope, "zip", b""),
    ],
    ids=["classic", "post-quantum", "rsa", "ec", "zip"],
)
def test_every_envelope_is_opened_by_what_its_recipient_has(make, kind: str, identity: bytes, tmp_path: Path) -> None:
    envelope = make()
    path = written(tmp_path / "package.dat", envelope)
    assert envelope_kind(path) == kind
    with open_package(path, identity=identity, passphrase=envelope.passphrase) as plain:
        assert plain.read() == plaintext(200_000)
    with path.open("rb") as file, envelope.opened(file) as plain:
        assert plain.read() == plaintext(200_000)
    damaged = bytearray(path.read_bytes())
    for at in random.Random(kind).sample(range(len(damaged)), 12):
        damaged[at] ^= 4
        path.write_bytes(damaged)
        with pytest.raises(PackageRefused):
            read_through(path, identity, envelope.passphrase)
        with pytest.raises(PackageRefused), envelope.opened(io.BytesIO(damaged)) as plain:
            plain.read()
        damaged[at] ^= 4


def read_through(path: Path, identity: bytes, passphrase: str) -> None:
    with open_package(path, identity=identity, passphrase=passphrase) as plain:
        while plain.read(50_000):
            pass


@pytest.mark.parametrize(
    "identity",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"# nothing\n",
        age.generate_identity().secret_text().encode(),
        str(PQ.recipient()).encode(),
        CMS_FILE,
        KEY_FILE * 1000,
    ],
)
def test_age_opens_with_its_own_identity_only(identity: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "package.tar.age", age_to(PQ))
    with pytest.raises(PackageRefused):
        open_package(path, identity=identity)


def test_cms_opens_with_its_own_key_and_certificate_only(tmp_path: Path) -> None:
    path = written(tmp_path / "package.tar.p7m", CmsEnvelope(certificate(rsa_key())))
    own, others = (pem(rsa_key()), pem(certificate(rsa_key()))), (pem(ec_key()), pem(certificate(ec_key())))
    for parts in ((own[0],), (own[1],), (own[0], others[1]), (others[0], own[1]), others, (KEY_FILE.decode(),)):
        with pytest.raises(PackageRefused):
            open_package(path, identity="".join(parts).encode())


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package.tar.age"
    for content in (b"", b"x" * 100, b"ustar", b"age-encryption.org/v2\n", b"PK\x03\x04", b"0"):
        path.write_bytes(content)
        with pytest.raises(PackageRefused):
            read_through(path, CMS_FILE if content == b"0" else KEY_FILE, "x")


@pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")
def test_the_age_command_opens_an_interrupted_and_resumed_package(tmp_path: Path) -> None:
    envelope = age_to(CLASSIC)
    path = written(tmp_path / "package.tar.age", envelope)
    whole = path.read_bytes()
    os.truncate(path, 150_000)
    again = AgeEnvelope.from_state(envelope.state())
    with path.open("r+b") as file:
        again.resume(Plain(200_000), file, check=unchecked)
    assert path.read_bytes() == whole
    (tmp_path / "identity.txt").write_text(CLASSIC.secret_text() + "\n")
    command = ["age", "-d", "-i", str(tmp_path / "identity.txt"), str(path)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == plaintext(200_000)


def test_another_packages_beginning_is_not_gone_on_with(tmp_path: Path) -> None:
    path = written(tmp_path / "package.tar.age", age_to(CLASSIC))
    with path.open("r+b") as file, pytest.raises(CannotResume):
        age_to(CLASSIC).resume(Plain(200_000), file, check=unchecked)


def test_once_wiped_nothing_is_kept() -> None:
    envelope = age_to(PQ)
    envelope.wipe()
    with pytest.raises(ValueError, match="wiped"):
        envelope.state()


@pytest.mark.parametrize(
    ("make", "identity"),
    [
        (lambda: age_to(PQ), KEY_FILE),
        (lambda: CmsEnvelope(certificate(rsa_key())), CMS_FILE),
        (ZipEnvelope, b""),
    ],
    ids=["age", "cms", "zip"],
)
def test_a_sealed_package_is_verified_without_a_byte_on_disk(
    make, identity: bytes, tmp_path: Path, signing_key: SigningKey, authorities: Authorities
) -> None:
    envelope = make()
    path = tmp_path / f"package{envelope.suffix}"
    source = TarSource(a_plan(signing_key))
    with path.open("wb") as file:
        envelope.seal(source, file, check=unchecked)
    source.close()
    seen: list[int] = []
    found = verify_sealed(
        path, identity=identity, passphrase=envelope.passphrase, ca_pem=authorities.ca_pem, check=seen.append
    )
    assert (found.items, seen[-1]) == (5, source.size)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    # The very last byte of what is sealed: only who reads to the end notices.
    sealed = path.read_bytes()
    for at in (len(sealed) - 1, len(sealed) // 2):
        path.write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        with pytest.raises(PackageRefused):
            verify_sealed(path, identity=identity, passphrase=envelope.passphrase, ca_pem=authorities.ca_pem)


def test_what_follows_the_package_inside_the_envelope_is_noticed(
    tmp_path: Path, signing_key: SigningKey, authorities: Authorities
) -> None:
    path = tmp_path / "package.tar.age"
    with path.open("wb") as file:
        age.encrypt(io.BytesIO(tar_of(a_plan(signing_key)) + b"\0"), file, [PQ.recipient()])
    with pytest.raises(PackageRefused, match="end"):
        verify_sealed(path, identity=KEY_FILE, ca_pem=authorities.ca_pem)
