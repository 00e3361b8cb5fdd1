"""The organisation's signature: detached CAdES (CMS with signing-certificate-v2, ETSI EN 319 122-1), made and verified.

`openssl cms -verify -binary -cades -inform DER -content FILE -in FILE.p7s -CAfile ca.pem` checks the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from reviewer.handoff.errors import CertificateUnusable, PackageRefused
from reviewer.handoff.signed_data import (
    MAX_PEM_BYTES,
    NotSignedData,
    OneSigner,
    attribute,
    certificates,
    check_path,
    decode_exactly,
    encode,
)

MIN_RSA_BITS = 2048
MAX_SIGNATURE_BYTES = 64 * 1024
_DIGEST = "sha256"
_ALGORITHMS = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
# What a detached CAdES signature of ours says under the signature, and nothing else.
_ATTRIBUTES = {"content_type", "message_digest", "signing_time", "signing_certificate_v2"}

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed (the certificate's subject, RFC 4514), when by their own clock, and the SHA-256 (hex) of the
    certificate."""

    subject: str
    at: datetime
    sha256: str


class SigningKey:
    """The organisation's private key with its certificates, in memory only. Its repr shows nothing."""

    __slots__ = ("_chain", "_key")

    def __init__(self, key: PrivateKey, chain: Sequence[x509.Certificate]) -> None:
        self._key = key
        self._chain = _ordered(key, chain)

    @classmethod
    def from_pem(cls, untrusted_pem: bytes, passphrase: bytes | None = None, *, kept: bool = False) -> SigningKey:
        """A private key and one or more certificates, in any order. CertificateUnusable otherwise.

        `kept`: read so before and stored authenticated since. Whether the primes of an RSA key are primes is then not
        tried again, a quarter of a second each time.
        """
        if len(untrusted_pem) > MAX_PEM_BYTES:
            raise CertificateUnusable("The certificate file is too large.")
        try:
            key = serialization.load_pem_private_key(untrusted_pem, passphrase, unsafe_skip_rsa_key_validation=kept)
            chain = certificates(untrusted_pem)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise CertificateUnusable("The file is not a private key with its certificate.") from error
        return cls(_usable(key), chain)

    @classmethod
    def from_pkcs12(cls, untrusted: bytes, passphrase: bytes | None = None) -> SigningKey:
        """A PKCS#12 file (.p12, .pfx). CertificateUnusable where it is none, or the passphrase is another."""
        if len(untrusted) > MAX_PEM_BYTES:
            raise CertificateUnusable("The certificate file is too large.")
        try:
            key, leaf, others = pkcs12.load_key_and_certificates(untrusted, passphrase)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise CertificateUnusable("The file is not a PKCS#12 file, or its passphrase is another.") from error
        if key is None or leaf is None:
            raise CertificateUnusable("The file is not a private key with its certificate.")
        encoded = [c.public_bytes(serialization.Encoding.DER) for c in (leaf, *others)]
        return cls(_usable(key), [x509.Certificate.load(der) for der in encoded])

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificate, then those above it, without a root."""
        return self._chain

    @property
    def subject(self) -> str:
        return _subject(self._chain[0])

    @property
    def sha256(self) -> str:
        """Of the certificate, hex."""
        return hashlib.sha256(self._chain[0].dump()).hexdigest()

    @property
    def ends_at(self) -> datetime:
        """When the certificate runs out, UTC."""
        ends: datetime = self._chain[0].not_valid_after
        return ends

    def check(self, at: datetime) -> None:
        """That a signature made with it at `at` (UTC) will be accepted. CertificateUnusable says what is wrong."""
        leaf = self._chain[0]
        if at > leaf.not_valid_after:
            raise CertificateUnusable("The signing certificate has expired.")
        if at < leaf.not_valid_before:
            raise CertificateUnusable("The signing certificate is not valid yet.")
        if leaf.ca:
            raise CertificateUnusable("The certificate is that of a certificate authority, not one for signing.")
        usage = leaf.key_usage_value
        if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
            raise CertificateUnusable("The certificate is not for signing.")
        if isinstance(self._key, rsa.RSAPrivateKey) and self._key.key_size < MIN_RSA_BITS:
            raise CertificateUnusable(f"The signing key is shorter than {MIN_RSA_BITS} bits.")

    def sign(self, data: bytes) -> bytes:
        """The raw signature with SHA-256; the same for the same data."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def __repr__(self) -> str:
        return "<SigningKey>"

    def __reduce__(self) -> str:
        raise TypeError("a signing key is not pickled")


def sign_detached(data: bytes, key: SigningKey, at: datetime) -> bytes:
    """The CAdES signature over `data`, DER, with the certificates embedded; `at` is UTC, whole seconds are kept."""
    key.check(at)
    signing_time = attribute("signing_time", cms.Time({"utc_time": core.UTCTime(at.replace(microsecond=0))}))
    return signed_data(hashlib.sha256(data).digest(), key, [signing_time])


def signed_data(digest: bytes, key: SigningKey, more: Sequence[cms.CMSAttribute] = ()) -> bytes:
    """CAdES SignedData, detached, over content with that SHA-256, with `more` attributes under the signature."""
    identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(key.chain[0].dump()).digest()})
    attributes = cms.CMSAttributes(
        [
            attribute("content_type", "data"),
            attribute("message_digest", digest),
            attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [identifier]})),
            *more,
        ]
    )
    attributes = cms.CMSAttributes.load(attributes.dump())
    algorithm = "rsa" if key.chain[0].public_key.algorithm == "rsa" else "ecdsa"
    mechanism = algos.SignedDigestAlgorithm({"algorithm": f"{_DIGEST}_{algorithm}"})
    if algorithm == "rsa":
        mechanism["parameters"] = core.Null()
    signature = key.sign(attributes.dump())
    return encode(OneSigner("data", None, key.chain, _DIGEST, mechanism, attributes, signature))


def verify_detached(untrusted_data: bytes, untrusted_p7s: bytes, ca_pem: bytes, at: datetime) -> Signed:
    """Who signed `untrusted_data`, if `untrusted_p7s` is a signature as `sign_detached` makes it, by a certificate that
    leads to one in `ca_pem` and was valid at `at` (UTC). PackageRefused for anything else, down to one byte.
    """
    if len(untrusted_p7s) > MAX_SIGNATURE_BYTES:
        raise PackageRefused("The signature is too large to be one.")
    try:
        roots = certificates(ca_pem)
    except ValueError as error:
        raise PackageRefused("The authority's certificate cannot be read.") from error
    try:
        one = decode_exactly(untrusted_p7s)
        if one.content_type != "data" or one.content is not None or one.digest != _DIGEST:
            raise NotSignedData("not a detached signature")
        if {a["type"].native for a in one.attributes} != _ATTRIBUTES:
            raise NotSignedData("other attributes than ours")
        check_signature(one, hashlib.sha256(untrusted_data).digest())
        check_path(one.chain, roots, at)
        signed_at = one.attribute("signing_time").native
    except (NotSignedData, ValueError, TypeError, KeyError) as error:
        raise PackageRefused("The signature is not valid.") from error
    if not isinstance(signed_at, datetime):
        raise PackageRefused("The signature is not valid.")
    return Signed(_subject(one.chain[0]), signed_at.astimezone(UTC), hashlib.sha256(one.chain[0].dump()).hexdigest())


def check_signature(one: OneSigner, digest: bytes) -> None:
    """That the signer's certificate signed content with that digest, and is itself named under the signature.

    NotSignedData otherwise. Whom the certificate belongs to is another question: `signed_data.check_path`.
    """
    if one.attribute("content_type").native != one.content_type or one.attribute("message_digest").native != digest:
        raise NotSignedData("signed for other content")
    _check_named(one)
    public = pyca.load_der_x509_certificate(one.chain[0].dump()).public_key()
    algorithm = _ALGORITHMS[one.digest]
    try:
        if isinstance(public, rsa.RSAPublicKey) and public.key_size >= MIN_RSA_BITS:
            public.verify(one.signature, one.attributes.dump(), padding.PKCS1v15(), algorithm)
        elif isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in _CURVES:
            public.verify(one.signature, one.attributes.dump(), ec.ECDSA(algorithm))
        else:
            raise NotSignedData("not signed by an accepted key")
    except InvalidSignature as error:
        raise NotSignedData("the signature is not of this content") from error


def _check_named(one: OneSigner) -> None:
    """The attribute that says which certificate signed: the second version, or the first of old time authorities."""
    leaf = one.chain[0].dump()
    kinds = {a["type"].native for a in one.attributes}
    if "signing_certificate_v2" in kinds:
        first = one.attribute("signing_certificate_v2")["certs"][0]
        digest = first["hash_algorithm"]["algorithm"].native
        if digest not in ("sha256", "sha384", "sha512"):
            raise NotSignedData("named by an unknown digest")
    else:
        first = one.attribute("signing_certificate")["certs"][0]
        digest = "sha1"
    if first["cert_hash"].native != hashlib.new(digest, leaf).digest():
        raise NotSignedData("signed for another certificate")


def _ordered(key: PrivateKey, chain: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    mine = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ordered = [one for one in chain if one.public_key.dump() == mine][:1]
    if not ordered:
        raise CertificateUnusable("The private key does not belong to the certificate.")
    while len(ordered) <= len(chain):
        above = ordered[-1].issuer.dump()
        found = next((one for one in chain if one.subject.dump() == above and one not in ordered), None)
        if found is None or found.subject.dump() == found.issuer.dump():
            break
        ordered.append(found)
    return tuple(ordered)


def _usable(key: object) -> PrivateKey:
    if isinstance(key, rsa.RSAPrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key
    raise CertificateUnusable("The signing key is neither RSA nor of a NIST curve.")


def _subject(certificate: x509.Certificate) -> str:
    return pyca.load_der_x509_certificate(certificate.dump()).subject.rfc4514_string()
