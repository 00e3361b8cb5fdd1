"""The one encoding of CMS SignedData (RFC 5652) that is written and accepted here: one signer, DER, no slack.

Much of a SignedData is under no signature: version numbers, names of algorithms, certificates, unsigned attributes.
Whatever is read is therefore made again from the parts that are, and must come out the same, byte by byte.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, pem, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

DIGESTS = ("sha256", "sha384", "sha512")
MAX_CERTIFICATES = 10
MAX_PEM_BYTES = 256 * 1024


class NotSignedData(ValueError):
    """Not a SignedData as it would be written here. Callers turn it into the error of what they were reading."""


@dataclass(frozen=True, slots=True)
class OneSigner:
    """The parts of a SignedData with one signer. `chain` begins with the signer's certificate and goes upwards, without
    the root. `content` is None where it is detached. `attributes` are the signed ones, `digest` one of DIGESTS."""

    content_type: str
    content: bytes | None
    chain: tuple[x509.Certificate, ...]
    digest: str
    mechanism: algos.SignedDigestAlgorithm
    attributes: cms.CMSAttributes
    signature: bytes

    def attribute(self, kind: str) -> core.Asn1Value:
        """The one value of the one attribute of that kind. NotSignedData where there is not exactly one."""
        found = [one for one in self.attributes if one["type"].native == kind]
        if len(found) != 1 or len(found[0]["values"]) != 1:
            raise NotSignedData(f"not exactly one {kind}")
        return found[0]["values"][0]


def encode(one: OneSigner) -> bytes:
    """DER of the ContentInfo."""
    return bytes(_content_info(one).dump())


def _content_info(one: OneSigner) -> cms.ContentInfo:
    leaf = one.chain[0]
    digest = algos.DigestAlgorithm({"algorithm": one.digest})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number}),
            ),
            "digest_algorithm": digest,
            "signed_attrs": one.attributes,
            "signature_algorithm": one.mechanism,
            "signature": one.signature,
        }
    )
    inner: dict[str, object] = {"content_type": one.content_type}
    if one.content is not None:
        inner["content"] = core.ParsableOctetString(one.content)
    signed = cms.SignedData(
        {
            # RFC 5652, 5.1: 1 for plain data, 3 for any other content.
            "version": "v1" if one.content_type == "data" else "v3",
            "digest_algorithms": cms.DigestAlgorithms([digest]),
            "encap_content_info": inner,
            "certificates": cms.CertificateSet([cms.CertificateChoices("certificate", c) for c in one.chain]),
            "signer_infos": cms.SignerInfos([signer]),
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})


def decode(untrusted: bytes) -> OneSigner:
    """The parts, from bytes that need not be as `encode` writes them; compare to know. No signature is checked here.

    The chain is what leads from the signer upwards, other certificates are left out. NotSignedData otherwise.
    """
    try:
        info = cms.ContentInfo.load(untrusted, strict=True)
        if info["content_type"].native != "signed_data":
            raise NotSignedData("not a SignedData")
        return _parts(info["content"])
    except NotSignedData:
        raise
    # asn1crypto parses on demand and raises whatever its types come upon.
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise NotSignedData("not a SignedData") from error


def decode_exactly(untrusted: bytes) -> OneSigner:
    """As `decode`, for bytes that `encode` would write again just so."""
    one = decode(untrusted)
    try:
        again = encode(one)
    except (ValueError, TypeError) as error:
        raise NotSignedData("not a SignedData") from error
    if again != untrusted:
        raise NotSignedData("something in it is not signed")
    return one


def _parts(signed: cms.SignedData) -> OneSigner:
    if len(signed["signer_infos"]) != 1 or len(signed["certificates"]) > MAX_CERTIFICATES:
        raise NotSignedData("not exactly one signer")
    signer = signed["signer_infos"][0]
    certificates = [choice.chosen for choice in signed["certificates"] if choice.name == "certificate"]
    if signer["sid"].name != "issuer_and_serial_number" or len(certificates) != len(signed["certificates"]):
        raise NotSignedData("not of the accepted form")
    sid = signer["sid"].chosen
    leaf = next(
        (
            c
            for c in certificates
            if c.issuer.dump() == sid["issuer"].dump() and c.serial_number == sid["serial_number"].native
        ),
        None,
    )
    digest = signer["digest_algorithm"]["algorithm"].native
    if leaf is None or digest not in DIGESTS or not len(signer["signed_attrs"]):
        raise NotSignedData("not of the accepted form")
    inner = signed["encap_content_info"]
    content = inner["content"]
    return OneSigner(
        content_type=inner["content_type"].native,
        content=None if isinstance(content, core.Void) or content.native is None else bytes(content),
        chain=_upwards(leaf, certificates),
        digest=digest,
        mechanism=_usual(signer["signature_algorithm"], digest),
        attributes=cms.CMSAttributes.load(signer["signed_attrs"].untag().dump(), strict=True),
        signature=signer["signature"].native,
    )


def _upwards(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    chain = [leaf]
    while len(chain) <= len(others):
        above = chain[-1].issuer.dump()
        found = next((c for c in others if c.subject.dump() == above and c not in chain), None)
        if found is None or found.subject.dump() == found.issuer.dump():
            break
        chain.append(found)
    return tuple(chain)


def _usual(mechanism: algos.SignedDigestAlgorithm, digest: str) -> algos.SignedDigestAlgorithm:
    """RSA and ECDSA have two names each, with and without the digest: the one with."""
    name = mechanism["algorithm"].native
    if name in ("rsassa_pkcs1v15", f"{digest}_rsa"):
        return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_rsa", "parameters": core.Null()})
    if name in ("ecdsa", f"{digest}_ecdsa"):
        return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"})
    raise NotSignedData("not signed by an accepted algorithm")


def attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def certificates(untrusted_pem: bytes) -> list[x509.Certificate]:
    """Every certificate of a PEM text; ValueError where there is none or it is none."""
    if len(untrusted_pem) > MAX_PEM_BYTES:
        raise ValueError("too large")
    found = []
    for kind, _, der in pem.unarmor(untrusted_pem, multiple=True):
        if kind == "CERTIFICATE":
            certificate = x509.Certificate.load(der, strict=True)
            certificate.native  # noqa: B018  parsed as a whole, here and not later
            found.append(certificate)
    if not 1 <= len(found) <= MAX_CERTIFICATES:
        raise ValueError("no certificate")
    return found


def check_path(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
    *,
    purpose: str | None = None,
) -> None:
    """That the first certificate leads to one of `roots`, was valid at `at`, and may sign (for `purpose`, such as
    "time_stamping", if one is given); and that every certificate of the chain is needed. NotSignedData otherwise.

    No revocation is looked up: nothing here goes to the network.
    """
    context = ValidationContext(
        trust_roots=list(roots),
        other_certs=list(chain[1:]),
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    usage = None if chain[0].key_usage_value is None else chain[0].key_usage_value.native
    if usage is not None and not usage & {"digital_signature", "non_repudiation"}:
        raise NotSignedData("a certificate that may not sign")
    validator: Any = CertificateValidator(chain[0], validation_context=context)
    try:
        path = asyncio.run(
            validator.async_validate_usage(set(), {purpose} if purpose else None, extended_optional=purpose is None)
        )
    except (PathBuildingError, ValidationError, ValueError, TypeError, KeyError) as error:
        raise NotSignedData("the certificate does not lead to the authority") from error
    needed = {certificate.dump() for certificate in path.iter_certs(include_root=False)}
    if {certificate.dump() for certificate in chain} - needed:
        raise NotSignedData("a certificate that is not needed")
