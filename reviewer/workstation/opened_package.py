"""A sealed package opened with what its recipient has: plaintext as a stream, never on disk. And verified so."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from reviewer.handoff.cms_envelope import open_cms
from reviewer.handoff.errors import PackageRefused
from reviewer.handoff.verifying import Verification, verify_package
from reviewer.handoff.verifying_custody import Noted
from reviewer.handoff.zip_envelope import open_zip
from reviewer.vault import age
from reviewer.vault.checkpoint import open_checkpoint
from reviewer.vault.signed_note import Verifier
from reviewer.workstation.age_envelope import opened_age, refused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_IDENTITY = 64 * 1024
_KINDS = {b"age-encryption.org/": "age", b"-----BEGIN AGE ": "age", b"PK\x03\x04": "zip", b"0": "cms"}
_PRIVATE_KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
_NO_KEY = "Give the key that the package was sealed to: an age identity, or a private key with its certificate (PEM)."


def envelope_kind(path: Path) -> str:
    """ "age", "cms" or "zip", by how the file begins; its name says nothing. PackageRefused for anything else."""
    with path.open("rb") as file:
        begins = file.read(32)
    for mark, kind in _KINDS.items():
        if begins.startswith(mark):
            return kind
    raise PackageRefused("The file is not a sealed package.")


def open_package(path: Path, *, identity: bytes = b"", passphrase: str = "") -> io.RawIOBase:
    """The inner tar, to be read forward to its end and closed. PackageRefused, also while reading; OSError.

    `identity` is the content of a file: age identities, or for CMS a private key with its certificate, PEM, which
    `passphrase` may protect. For a ZIP `passphrase` is the package's.
    """
    kind = envelope_kind(path)
    if kind != "zip" and not identity:
        raise PackageRefused("There is no key to open the package with.", to_do=_NO_KEY)
    if len(identity) > MAX_IDENTITY:
        raise PackageRefused("The key file is too large to be one.", to_do=_NO_KEY)
    file = path.open("rb", buffering=0)
    try:
        return _Closing(_opened(file, kind, identity, passphrase), file)
    except BaseException:
        file.close()
        raise


def verify_sealed(
    path: Path,
    *,
    identity: bytes = b"",
    passphrase: str = "",
    ca_pem: bytes,
    tsa_ca_pem: bytes | None = None,
    at: datetime | None = None,
    check: Callable[[int], None] | None = None,
) -> Verification:
    """`open_package`, then `verify_package` with the custody log's own check of checkpoints."""
    with open_package(path, identity=identity, passphrase=passphrase) as plain:
        return verify_package(
            plain, ca_pem=ca_pem, tsa_ca_pem=tsa_ca_pem, at=at, open_checkpoint=noted_checkpoint, check=check
        )


def noted_checkpoint(untrusted_note: str, untrusted_verifier: str) -> Noted:
    """`verifying_custody.OpenCheckpoint`: CustodyBroken or ValueError when it is not properly signed."""
    signed = open_checkpoint(untrusted_note, Verifier.parse(untrusted_verifier))
    return Noted(signed.origin, signed.size, signed.root)


def _opened(file: io.FileIO, kind: str, identity: bytes, passphrase: str) -> io.RawIOBase:
    if kind == "age":
        identities = _identities(identity)
        try:
            with refused():
                return opened_age(age.open(file, identities))
        finally:
            for one in identities:
                one.wipe()
    sealed: BinaryIO = file
    if kind == "zip":
        return open_zip(sealed, passphrase)
    certificate, key = _certificate_and_key(identity, passphrase)
    return open_cms(sealed, certificate, key)


def _identities(untrusted: bytes) -> list[age.X25519Identity | age.HybridIdentity]:
    try:
        found = age.identities(untrusted.decode())
    except (UnicodeDecodeError, age.KeyTextError) as error:
        raise PackageRefused("The key file holds no age identity.", to_do=_NO_KEY) from error
    if not found:
        raise PackageRefused("The key file holds no age identity.", to_do=_NO_KEY)
    return found


def _certificate_and_key(
    untrusted: bytes, passphrase: str
) -> tuple[x509.Certificate, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]:
    begins = _PRIVATE_KEY.search(untrusted)
    try:
        if begins is None:
            raise ValueError("no private key")
        certificate = x509.load_pem_x509_certificate(untrusted)
        key = load_pem_private_key(untrusted[begins.start() :], passphrase.encode() or None)
        if key.public_key() != certificate.public_key():
            raise ValueError("of another certificate")
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PackageRefused("The key file holds no private key with its certificate.", to_do=_NO_KEY) from error
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise PackageRefused("The key file holds no private key with its certificate.", to_do=_NO_KEY)
    return certificate, key


class _Closing(io.RawIOBase):
    """The plaintext; closing it closes the sealed file too."""

    def __init__(self, plain: io.RawIOBase, file: io.FileIO) -> None:
        super().__init__()
        self._plain = plain
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        return self._plain.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._plain.close()
            self._file.close()
        super().close()
