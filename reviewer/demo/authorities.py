"""Whom a package has to do with outside the house, all synthetic and made anew each time: the organisation's
certificate authority and its signing certificate, a time authority, an agency with its keys. Never committed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from reviewer.vault import age

ORGANISATION = "Example Trust and Safety"
AGENCY = "Example Forensic Unit"
_CA_DAYS = 3650
_DAYS = 730

Issuer = ec.EllipticCurvePrivateKey
Subject = rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Authorities:
    """All certificates and keys are PEM. `signing_pem` is the organisation's private key, then its certificate;
    `tsa_pem` the same for the time authority. An agency opens age with `agency_identity` (one `AGE-SECRET-KEY-1…`
    line) and CMS with `agency_key_pem`.
    """

    organisation: str
    ca_pem: bytes
    signing_pem: bytes = field(repr=False)
    tsa_ca_pem: bytes
    tsa_pem: bytes = field(repr=False)
    agency_identity: str = field(repr=False)
    agency_recipient: str
    agency_certificate_pem: bytes
    agency_key_pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificateAuthority:
    """A root that signs certificates; P-256, because making RSA keys takes long."""

    key: Issuer = field(repr=False)
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self,
        name: x509.Name,
        public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
        *,
        since: datetime,
        until: datetime,
        usage: x509.KeyUsage,
        purposes: tuple[x509.ObjectIdentifier, ...] = (),
        critical: bool = False,
    ) -> x509.Certificate:
        """A certificate for an end entity; `purposes` is its extended key usage, none if empty."""
        builder = _builder(name, self.certificate.subject, public, since, until)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(usage, critical=True)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
        return builder.sign(self.key, hashes.SHA256())


def make_authority(words: str, at: datetime) -> CertificateAuthority:
    """A root valid from a day before `at`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = name(words)
    since = at - timedelta(days=1)
    builder = _builder(subject, subject, key.public_key(), since, since + timedelta(days=_CA_DAYS))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    builder = builder.add_extension(usage(certificates=True), critical=True)
    return CertificateAuthority(key, builder.sign(key, hashes.SHA256()))


def make_authorities(at: datetime, *, organisation: str = ORGANISATION) -> Authorities:
    """Everything, valid from a day before `at` (UTC) on. Takes about a second: three RSA keys."""
    since, until = at - timedelta(days=1), at + timedelta(days=_DAYS)
    root = make_authority(f"{organisation} Root", at)
    signing_key = make_key(3072)
    signing = root.issue(
        name(f"{organisation} Handoffs", organisation),
        signing_key.public_key(),
        since=since,
        until=until,
        usage=usage(signing=True),
        purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,),
    )
    tsa_root = make_authority("Example Time Root", at)
    tsa_key = make_key()
    tsa = tsa_root.issue(
        name("Example Time Authority"),
        tsa_key.public_key(),
        since=since,
        until=until,
        usage=usage(signing=True),
        purposes=(ExtendedKeyUsageOID.TIME_STAMPING,),
        critical=True,
    )
    agency_key = make_key()
    agency_root = make_authority(f"{AGENCY} Root", at)
    agency = agency_root.issue(
        name(AGENCY), agency_key.public_key(), since=since, until=until, usage=usage(encipherment=True)
    )
    identity = age.generate_x25519_identity()
    return Authorities(
        organisation=organisation,
        ca_pem=root.pem,
        signing_pem=key_pem(signing_key) + certificate_pem(signing),
        tsa_ca_pem=tsa_root.pem,
        tsa_pem=key_pem(tsa_key) + certificate_pem(tsa),
        agency_identity=identity.secret_text(),
        agency_recipient=str(identity.recipient()),
        agency_certificate_pem=certificate_pem(agency),
        agency_key_pem=key_pem(agency_key),
    )


def make_key(bits: int = 2048) -> Subject:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def name(words: str, organisation: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, words)]
    if organisation is not None:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def usage(*, signing: bool = False, encipherment: bool = False, certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signing,
        content_commitment=signing,
        key_encipherment=encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def key_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def certificate_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
