"""The organisation's signature: accepted by OpenSSL and by us, the same each time, and refused after any change."""

from __future__ import annotations

import hashlib
import pickle
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from reviewer.demo.authorities import (
    Authorities,
    CertificateAuthority,
    certificate_pem,
    key_pem,
    make_authority,
    make_key,
    name,
    usage,
)
from reviewer.handoff.errors import CertificateUnusable, PackageRefused
from reviewer.handoff.signed_data import attribute
from reviewer.handoff.signing import SigningKey, sign_detached, signed_data, verify_detached

DATA = b"the list of a package\n" * 20
NOW = datetime.now(UTC).replace(microsecond=0)


@cache
def root() -> CertificateAuthority:
    return make_authority("Root for tests", NOW)


@cache
def rsa_key(bits: int = 2048) -> Any:
    return make_key(bits)


def a_key(*, since: int = -1, until: int = 30, bits: int = 2048, key: Any = None, **options: Any) -> SigningKey:
    """`since` and `until` in days from now."""
    made = key or rsa_key(bits)
    certificate = root().issue(
        name("Signer"),
        made.public_key(),
        since=NOW + timedelta(days=since),
        until=NOW + timedelta(days=until),
        **{"usage": usage(signing=True), **options},
    )
    return SigningKey.from_pem(key_pem(made) + certificate_pem(certificate))


@pytest.fixture(scope="module")
def p7s(signing_key: SigningKey) -> bytes:
    return sign_detached(DATA, signing_key, NOW)


def openssl(where: Path, p7s: bytes, ca: bytes, data: bytes = DATA) -> subprocess.CompletedProcess[str]:
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed")
    for file, content in (("data", data), ("data.p7s", p7s), ("ca.pem", ca)):
        (where / file).write_bytes(content)
    command = "openssl cms -verify -binary -cades -inform DER -in data.p7s -content data -CAfile ca.pem -out out"
    return subprocess.run(
        [*command.split(), "-no-CApath", "-no-CAstore"], cwd=where, capture_output=True, text=True, check=False
    )


def test_openssl_accepts_it_and_nothing_else(p7s: bytes, authorities: Authorities, tmp_path: Path) -> None:
    run = openssl(tmp_path, p7s, authorities.ca_pem)
    assert (run.returncode, run.stderr) == (0, "CAdES Verification successful\n")
    assert openssl(tmp_path, p7s, authorities.ca_pem, DATA + b"x").returncode != 0
    assert openssl(tmp_path, p7s, root().pem).returncode != 0


def test_who_signed_and_when_is_told(p7s: bytes, authorities: Authorities, signing_key: SigningKey) -> None:
    signed = verify_detached(DATA, p7s, authorities.ca_pem, NOW)
    assert (
        signed.subject == signing_key.subject == f"CN={authorities.organisation} Handoffs,O={authorities.organisation}"
    )
    assert signed.at == NOW
    der = x509.load_pem_x509_certificate(authorities.signing_pem[authorities.signing_pem.index(b"-----BEGIN CERT") :])
    assert signed.sha256 == hashlib.sha256(der.public_bytes(serialization.Encoding.DER)).hexdigest()


def test_the_same_is_signed_the_same(p7s: bytes, signing_key: SigningKey) -> None:
    assert sign_detached(DATA, signing_key, NOW) == p7s
    assert sign_detached(DATA, signing_key, NOW + timedelta(seconds=1)) != p7s


def test_keys_of_a_nist_curve_sign_the_same_each_time_as_well(tmp_path: Path) -> None:
    key = a_key(key=ec.generate_private_key(ec.SECP256R1()))
    signature = sign_detached(DATA, key, NOW)
    assert sign_detached(DATA, key, NOW) == signature
    assert verify_detached(DATA, signature, root().pem, NOW).subject == "CN=Signer"
    assert openssl(tmp_path, signature, root().pem).returncode == 0


@pytest.mark.parametrize("step", [31, pytest.param(1, marks=pytest.mark.matrix)])
def test_a_change_of_any_byte_is_refused(p7s: bytes, authorities: Authorities, step: int) -> None:
    for at in range(0, len(p7s), step):
        changed = p7s[:at] + bytes([p7s[at] ^ 1 << at % 8]) + p7s[at + 1 :]
        with pytest.raises(PackageRefused):
            verify_detached(DATA, changed, authorities.ca_pem, NOW)
        with pytest.raises(PackageRefused):
            verify_detached(DATA, p7s[:at], authorities.ca_pem, NOW)


def test_what_openssl_passes_over_is_refused_by_us(p7s: bytes, authorities: Authorities, tmp_path: Path) -> None:
    """A version number, under no signature."""
    at = p7s.index(b"\x02\x01\x01")
    changed = p7s[: at + 2] + b"\0" + p7s[at + 3 :]
    assert openssl(tmp_path, changed, authorities.ca_pem).returncode == 0
    with pytest.raises(PackageRefused):
        verify_detached(DATA, changed, authorities.ca_pem, NOW)


def _with_unsigned_attribute(signed: cms.SignedData) -> None:
    more = cms.CMSAttribute({"type": "1.2.3.4", "values": [cms.ContentType("data")]})
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([more])


def _with_two_signers(signed: cms.SignedData) -> None:
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def _with_another_certificate(signed: cms.SignedData) -> None:
    der = root().certificate.public_bytes(serialization.Encoding.DER)
    signed["certificates"].append(cms.CertificateChoices("certificate", asn1.Certificate.load(der)))


@pytest.mark.parametrize("change", [_with_unsigned_attribute, _with_two_signers, _with_another_certificate])
def test_whatever_is_added_is_refused(p7s: bytes, authorities: Authorities, change: Any) -> None:
    info = cms.ContentInfo.load(p7s)
    change(info["content"])
    added = info.dump()
    assert len(added) > len(p7s)
    with pytest.raises(PackageRefused):
        verify_detached(DATA, added, authorities.ca_pem, NOW)


def test_signed_words_that_are_not_ours_are_refused(signing_key: SigningKey, authorities: Authorities) -> None:
    """Whoever has the key can sign more than we write; nobody shows it to a reader, so it is not taken."""
    time = attribute("signing_time", cms.Time({"utc_time": core.UTCTime(NOW)}))
    more = attribute("1.2.840.113549.1.9.16.2.4", core.UTF8String("a hint"))
    digest = hashlib.sha256(DATA).digest()
    assert verify_detached(DATA, signed_data(digest, signing_key, [time]), authorities.ca_pem, NOW)
    for attributes in ([time, more], []):
        with pytest.raises(PackageRefused):
            verify_detached(DATA, signed_data(digest, signing_key, attributes), authorities.ca_pem, NOW)


def test_bytes_behind_it_are_refused(p7s: bytes, authorities: Authorities) -> None:
    for more in (b"\0", p7s, bytes(70_000)):
        with pytest.raises(PackageRefused):
            verify_detached(DATA, p7s + more, authorities.ca_pem, NOW)


def test_other_bytes_another_authority_and_another_time_are_refused(p7s: bytes, authorities: Authorities) -> None:
    for data, ca, at in (
        (DATA + b"x", authorities.ca_pem, NOW),
        (DATA, root().pem, NOW),
        (DATA, authorities.tsa_ca_pem, NOW),
        (DATA, b"no certificate", NOW),
        (DATA, authorities.ca_pem, NOW + timedelta(days=800)),
        (DATA, authorities.ca_pem, NOW - timedelta(days=800)),
    ):
        with pytest.raises(PackageRefused):
            verify_detached(data, p7s, ca, at)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"since": -30, "until": -1}, "The signing certificate has expired."),
        ({"since": 1}, "The signing certificate is not valid yet."),
        ({"usage": usage(encipherment=True)}, "The certificate is not for signing."),
        ({"bits": 1024}, "The signing key is shorter than 2048 bits."),
    ],
)
def test_a_certificate_that_cannot_be_used_is_named(options: dict[str, Any], sentence: str) -> None:
    key = a_key(**options)
    with pytest.raises(CertificateUnusable) as raised:
        key.check(NOW)
    assert raised.value.what_happened == sentence
    with pytest.raises(CertificateUnusable):
        sign_detached(DATA, key, NOW)


def test_the_certificate_of_an_authority_does_not_sign_packages() -> None:
    key = SigningKey.from_pem(key_pem(root().key) + root().pem)
    with pytest.raises(CertificateUnusable, match="certificate authority"):
        key.check(NOW)


def test_a_key_of_another_certificate_is_refused(authorities: Authorities) -> None:
    with pytest.raises(CertificateUnusable, match="does not belong"):
        SigningKey.from_pem(key_pem(rsa_key()) + authorities.agency_certificate_pem)


def test_an_rsa_key_is_tried_when_it_is_imported_and_not_again_when_it_was_kept() -> None:
    good = rsa_key().private_numbers()
    wrong = rsa.RSAPrivateNumbers(
        good.p, good.q, good.d + 2, good.dmp1, good.dmq1, good.iqmp, good.public_numbers
    ).private_key(unsafe_skip_rsa_key_validation=True)
    leaf = root().issue(
        name("Anybody"),
        rsa_key().public_key(),
        since=NOW - timedelta(days=1),
        until=NOW + timedelta(days=9),
        usage=usage(signing=True),
    )
    pem = key_pem(wrong) + certificate_pem(leaf)
    with pytest.raises(CertificateUnusable, match="not a private key"):
        SigningKey.from_pem(pem)
    assert SigningKey.from_pem(pem, kept=True).subject == "CN=Anybody"


@pytest.mark.parametrize("file", [b"", b"not PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_key_is_refused(file: bytes) -> None:
    for made in (file, key_pem(rsa_key()) + file, bytes(300_000)):
        with pytest.raises(CertificateUnusable):
            SigningKey.from_pem(made)
        with pytest.raises(CertificateUnusable):
            SigningKey.from_pkcs12(made, b"words")


def test_a_key_that_is_neither_rsa_nor_of_a_nist_curve_is_refused() -> None:
    made = ed25519.Ed25519PrivateKey.generate()
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(CertificateUnusable, match="neither RSA"):
        SigningKey.from_pem(pem + root().pem)


def test_pkcs12_gives_the_same_signature_as_pem(signing_key: SigningKey, authorities: Authorities, p7s: bytes) -> None:
    key = serialization.load_pem_private_key(authorities.signing_pem, None)
    certificate = x509.load_pem_x509_certificate(authorities.signing_pem)
    body = pkcs12.serialize_key_and_certificates(
        b"signer",
        key,  # type: ignore[arg-type]
        certificate,
        None,
        serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).build(b"some words"),
    )
    assert sign_detached(DATA, SigningKey.from_pkcs12(body, b"some words"), NOW) == p7s
    with pytest.raises(CertificateUnusable):
        SigningKey.from_pkcs12(body, b"other words")


def test_certificates_between_signer_and_root_go_with_it(tmp_path: Path) -> None:
    between = make_authority("Between", NOW)
    builder = x509.CertificateBuilder(
        issuer_name=root().certificate.subject,
        subject_name=between.certificate.subject,
        public_key=between.key.public_key(),
        serial_number=7,
        not_valid_before=NOW - timedelta(days=1),
        not_valid_after=NOW + timedelta(days=9),
        extensions=list(between.certificate.extensions),
    )
    crossed = builder.sign(root().key, hashes.SHA256())
    leaf = between.issue(
        name("Below"),
        rsa_key().public_key(),
        since=NOW - timedelta(days=1),
        until=NOW + timedelta(days=9),
        usage=usage(signing=True),
    )
    pem = key_pem(rsa_key()) + root().pem + certificate_pem(crossed) + certificate_pem(leaf)
    key = SigningKey.from_pem(pem)
    assert len(key.chain) == 2
    signature = sign_detached(DATA, key, NOW)
    assert verify_detached(DATA, signature, root().pem, NOW).subject == "CN=Below"
    assert openssl(tmp_path, signature, root().pem).returncode == 0
    alone = SigningKey.from_pem(key_pem(rsa_key()) + certificate_pem(leaf))
    with pytest.raises(PackageRefused):
        verify_detached(DATA, sign_detached(DATA, alone, NOW), root().pem, NOW)


def test_the_key_shows_nothing_and_is_not_pickled(signing_key: SigningKey, authorities: Authorities) -> None:
    assert repr(signing_key) == "<SigningKey>"
    assert "PRIVATE" not in repr(authorities)
    assert "AGE-SECRET" not in repr(authorities)
    with pytest.raises(TypeError):
        pickle.dumps(signing_key)
