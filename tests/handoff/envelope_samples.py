"""Plaintexts, certificates and damage for the tests of envelopes."""

from __future__ import annotations

import functools
import io
import random
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AnyKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class Plain(io.BytesIO):
    """A PlainSource whose answers are shorter than asked for now and then."""

    def __init__(self, size: int) -> None:
        super().__init__(plaintext(size))
        self.size = size
        self._lengths = random.Random(size)

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        return super().read(min(size, self._lengths.choice((size, 70_000))))


@functools.cache
def plaintext(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@functools.cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@functools.cache
def ec_key(curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


def certificate(
    key: AnyKey,
    *,
    begins: datetime = NOW - timedelta(days=1),
    ends: datetime = NOW + timedelta(days=30),
    usage: str | None = None,
) -> x509.Certificate:
    """Self-signed; `usage` is the one key usage it has, None: it says nothing of usage."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Forensic Unit North")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 4711, begins, ends)
    if usage is not None:
        uses = dict.fromkeys(
            (
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        builder = builder.add_extension(x509.KeyUsage(**{**uses, usage: True}), critical=True)
    return builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def pem(thing: x509.Certificate | AnyKey) -> str:
    if isinstance(thing, x509.Certificate):
        return thing.public_bytes(serialization.Encoding.PEM).decode()
    private = serialization.PrivateFormat.PKCS8
    return thing.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()).decode()


def unchecked(_done: int) -> None:
    pass
