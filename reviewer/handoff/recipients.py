"""Whether what the policy says of an agency can be sealed to: asked before anything is gathered or sealed. Pure."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from reviewer.handoff.errors import RecipientUnusable
from reviewer.model.handoff_terms import ENVELOPES, Agency

MAX_RECIPIENT = 4096
MAX_CERTIFICATE = 32 * 1024
MIN_RSA_BITS = 2048
# The key of at most 16,384 bits: larger ones take minutes.
MAX_RSA_BITS = 16_384
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


def envelope_of(agency: Agency) -> str:
    """Which of `ENVELOPES` the agency asks for. RecipientUnusable when it is none, or what it needs is not there, or
    something is that the envelope does not use: one of the two is then a mistake."""
    if agency.envelope not in ENVELOPES:
        raise RecipientUnusable("The policy asks for an envelope that is not known here.")
    for kind, given in (("age", agency.recipient), ("cms", agency.certificate)):
        if bool(given.strip()) != (agency.envelope == kind):
            raise RecipientUnusable("The policy gives this agency no key, or one for another kind of envelope.")
    return agency.envelope


def recipient_text(agency: Agency) -> str:
    """The age recipient's text, one line, of which only the alphabet and the number are checked here."""
    text = agency.recipient.strip()
    if len(text) > MAX_RECIPIENT or not text.isascii():
        raise RecipientUnusable("The agency's key is not an age recipient.")
    if len(text.split()) != 1 or "," in text:
        raise RecipientUnusable("The policy gives this agency more than one key; a package has one recipient.")
    if text.upper().startswith("AGE-SECRET-KEY-"):
        raise RecipientUnusable(
            "The policy holds the agency's secret key.",
            to_do="Ask the agency for a new key and take the secret one out of the policy: it is not secret any more.",
        )
    return text


def certificate_of(agency: Agency, at: datetime) -> x509.Certificate:
    """The agency's certificate, if a key can be sealed to it at `at` (UTC). RecipientUnusable says why not.

    Whether the certificate is the agency's is for whoever signs the policy to know; its issuer is not asked.
    """
    certificate = _parsed(agency.certificate)
    try:
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        usage, public = _key_usage(certificate), certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise RecipientUnusable("The agency's certificate cannot be read.") from error
    if at > ends:
        raise RecipientUnusable("The agency's certificate has expired.", to_do="Ask the agency for its new one.")
    if at < begins:
        raise RecipientUnusable("The agency's certificate is not valid yet.", to_do="Look at this machine's clock.")
    if isinstance(public, rsa.RSAPublicKey):
        if not MIN_RSA_BITS <= public.key_size <= MAX_RSA_BITS:
            raise RecipientUnusable("The key in the agency's certificate is too short, or far too long.")
        if usage is not None and not usage.key_encipherment:
            raise RecipientUnusable("The agency's certificate is not for receiving keys.")
    elif isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, CURVES):
        if usage is not None and not usage.key_agreement:
            raise RecipientUnusable("The agency's certificate is not for receiving keys.")
    else:
        raise RecipientUnusable("The key in the agency's certificate is of a kind that cannot be sealed to.")
    return certificate


def _parsed(untrusted_pem: str) -> x509.Certificate:
    if len(untrusted_pem) > MAX_CERTIFICATE:
        raise RecipientUnusable("The agency's certificate is too large to be one.")
    if "PRIVATE KEY" in untrusted_pem:
        raise RecipientUnusable(
            "The policy holds the agency's private key.",
            to_do="Ask the agency for a new certificate and take the key out of the policy: it is not secret any more.",
        )
    found = _PEM.findall(untrusted_pem)
    if len(found) != 1:
        raise RecipientUnusable("The policy gives no certificate of the agency, or more than one.")
    try:
        return x509.load_der_x509_certificate(b64decode("".join(found[0].split()), validate=True))
    except (ValueError, binascii.Error) as error:
        raise RecipientUnusable("The agency's certificate cannot be read.") from error


def _key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
