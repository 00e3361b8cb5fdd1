"""The CMS envelope: openssl opens it, every changed byte is noticed, and what openssl could not hold is refused."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from envelope_samples import Plain, certificate, ec_key, pem, plaintext, rsa_key, unchecked
from sampling import some

from reviewer.handoff import cms_envelope
from reviewer.handoff.cms_envelope import CmsEnvelope, open_cms
from reviewer.handoff.errors import CannotResume, PackageRefused
from reviewer.model.errors import HandoffError

KEYS = [rsa_key, ec_key, lambda: ec_key(ec.SECP384R1), lambda: ec_key(ec.SECP521R1)]
NAMES = ["rsa", "p256", "p384", "p521"]
SIZES = [0, 1, 100, 127, 128, 255, 256, 65_000, 65_536, 3_000_000]


def sealed(envelope: CmsEnvelope, size: int) -> bytes:
    target = io.BytesIO()
    envelope.seal(Plain(size), target, check=unchecked)
    return target.getvalue()


@pytest.mark.parametrize("key", KEYS, ids=NAMES)
def test_openssl_opens_it(key, tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text(pem(certificate(key())))
    (tmp_path / "key.pem").write_text(pem(key()))
    (tmp_path / "package.tar.p7m").write_bytes(sealed(CmsEnvelope(certificate(key())), 3_000_000))
    command = "openssl cms -decrypt -binary -inform DER -in package.tar.p7m -recip cert.pem -inkey key.pem -out plain"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "plain").read_bytes() == plaintext(3_000_000)


def test_openssl_refuses_it_after_a_changed_byte(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text(pem(certificate(rsa_key())))
    (tmp_path / "key.pem").write_text(pem(rsa_key()))
    file = bytearray(sealed(CmsEnvelope(certificate(rsa_key())), 1000))
    command = "openssl cms -decrypt -binary -inform DER -recip cert.pem -inkey key.pem -out plain"
    for at in (len(file) - 1, len(file) - 500):
        file[at] ^= 1
        assert subprocess.run(command.split(), cwd=tmp_path, input=bytes(file), capture_output=True).returncode != 0
        file[at] ^= 1


@pytest.mark.parametrize("key", KEYS[:2], ids=NAMES[:2])
@pytest.mark.parametrize("size", SIZES)
def test_it_has_the_size_that_was_told_and_is_read_again(key, size: int) -> None:
    envelope = CmsEnvelope(certificate(key()))
    file = sealed(envelope, size)
    assert len(file) == envelope.sealed_size(size)
    assert envelope.opened(io.BytesIO(file)).read() == plaintext(size)
    with open_cms(io.BytesIO(file), certificate(key()), key()) as opened:
        assert opened.read() == plaintext(size)


@pytest.mark.parametrize("key", KEYS[:2], ids=NAMES[:2])
@some("at", range(1200), every=40)
def test_every_changed_byte_is_noticed(key, at: int) -> None:
    envelope = CmsEnvelope(certificate(key()))
    file = bytearray(sealed(envelope, 500))
    file[at % len(file)] ^= 0x10
    with pytest.raises(PackageRefused):
        envelope.opened(io.BytesIO(file))
    with pytest.raises(PackageRefused):
        open_cms(io.BytesIO(file), certificate(key()), key())


def test_cut_continued_or_for_another_key_it_is_refused() -> None:
    file = sealed(CmsEnvelope(certificate(rsa_key())), 70_000)
    other = certificate(ec_key())
    for data, cert, key in (
        (file[:-1], certificate(rsa_key()), rsa_key()),
        (file + b"\0", certificate(rsa_key()), rsa_key()),
        (b"", certificate(rsa_key()), rsa_key()),
        (file, other, ec_key()),
        (file, certificate(rsa_key()), ec_key()),
    ):
        with pytest.raises(PackageRefused):
            open_cms(io.BytesIO(data), cert, key)


def test_what_openssl_could_not_hold_is_refused_before_a_byte_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cms_envelope, "MAX_PLAIN", 1000)
    envelope, target = CmsEnvelope(certificate(rsa_key())), io.BytesIO()
    with pytest.raises(HandoffError):
        envelope.sealed_size(1001)
    with pytest.raises(HandoffError):
        envelope.seal(Plain(1001), target, check=unchecked)
    assert target.getvalue() == b""


def test_it_is_never_resumed_keeps_no_state_and_opens_nothing_once_wiped() -> None:
    envelope = CmsEnvelope(certificate(rsa_key()))
    file = sealed(envelope, 10)
    with pytest.raises(CannotResume):
        envelope.resume(Plain(10), io.BytesIO(file), check=unchecked)
    assert envelope.state() == b""
    envelope.wipe()
    with pytest.raises(PackageRefused):
        envelope.opened(io.BytesIO(file))


def test_no_two_packages_share_key_and_nonce() -> None:
    envelope = CmsEnvelope(certificate(ec_key()))
    assert sealed(envelope, 100)[-116:] != sealed(envelope, 100)[-116:]


def test_cancelling_passes() -> None:
    def cancel(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        CmsEnvelope(certificate(rsa_key())).seal(Plain(3_000_000), io.BytesIO(), check=cancel)
