"""What the policy says of an agency: usable, or refused with a sentence before anything is sealed."""

from __future__ import annotations

import functools
from datetime import timedelta

import dossiers
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from envelope_samples import NOW, certificate, ec_key, pem, rsa_key

from reviewer.handoff.cms_envelope import CmsEnvelope
from reviewer.handoff.errors import CannotResume, RecipientUnusable
from reviewer.handoff.recipients import certificate_of
from reviewer.handoff.zip_envelope import ZipEnvelope
from reviewer.model.handoff_terms import Agency
from reviewer.vault import age
from reviewer.workstation.age_envelope import AgeEnvelope
from reviewer.workstation.envelopes import envelope_for, envelope_from

CLASSIC = str(age.generate_x25519_identity().recipient())
IDENTITY = age.generate_identity()
PQ = str(IDENTITY.recipient())


def agency(**fields: str) -> Agency:
    return msgspec.structs.replace(dossiers.AGENCY, **{"recipient": "", **fields})


@pytest.mark.parametrize("text", [CLASSIC, PQ, f"  {CLASSIC}\n"])
def test_a_recipient_of_either_kind_is_sealed_to(text: str) -> None:
    assert isinstance(envelope_for(agency(recipient=text)), AgeEnvelope)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CLASSIC[:-1], "typing error"),
        (CLASSIC[:-1] + ("q" if CLASSIC[-1] != "q" else "p"), "typing error"),
        (CLASSIC[:20] + CLASSIC[20:].upper(), "capital"),
        (f"{CLASSIC} {PQ}", "more than one"),
        (f"{PQ}\n{CLASSIC}", "more than one"),
        (f"{CLASSIC},{CLASSIC}", "more than one"),
        (f"{CLASSIC}\u202e", "not an age recipient"),
        (CLASSIC.replace("1", "１"), "not an age recipient"),
        ("age1" + "q" * 10_000, "not an age recipient"),
        (CLASSIC.upper(), "not a recipient"),
        ("age1", "not a key"),
        ("ssh-ed25519", "not a key"),
        (IDENTITY.secret_text(), "secret key"),
        (IDENTITY.secret_text().lower(), "secret key"),
        ("", "no key"),
        ("   ", "no key"),
    ],
)
def test_a_recipient_that_is_none_is_refused_and_never_quoted(text: str, said: str) -> None:
    with pytest.raises(RecipientUnusable, match=said) as refused:
        envelope_for(agency(recipient=text))
    assert len(text.strip()) < 5 or text.strip()[-12:] not in str(refused.value)


def test_a_degenerate_key_is_refused() -> None:
    zero = str(age.X25519Recipient(bytes(32)))
    with pytest.raises(RecipientUnusable):
        envelope_for(agency(recipient=zero))


@pytest.mark.parametrize(
    "fields",
    [
        {"envelope": "pgp", "recipient": CLASSIC},
        {"envelope": "", "recipient": CLASSIC},
        {"envelope": "age", "recipient": CLASSIC, "certificate": "x"},
        {"envelope": "cms", "recipient": CLASSIC, "certificate": "x"},
        {"envelope": "cms"},
        {"envelope": "zip", "recipient": CLASSIC},
        {"envelope": "zip", "certificate": "x"},
    ],
)
def test_what_does_not_belong_together_is_a_mistake(fields: dict[str, str]) -> None:
    with pytest.raises(RecipientUnusable):
        envelope_for(agency(**fields))


@pytest.mark.parametrize("usage", [None, "key_encipherment"])
def test_an_rsa_certificate_is_sealed_to(usage: str | None) -> None:
    pem_text = pem(certificate(rsa_key(), usage=usage))
    assert isinstance(envelope_for(agency(envelope="cms", certificate=pem_text), at=NOW), CmsEnvelope)
    assert isinstance(
        envelope_for(agency(envelope="cms", certificate=f"Subject: x\r\n{pem_text}\n"), at=NOW), CmsEnvelope
    )


@pytest.mark.parametrize("curve", [ec.SECP256R1, ec.SECP384R1, ec.SECP521R1])
def test_an_ec_certificate_is_sealed_to(curve: type[ec.EllipticCurve]) -> None:
    pem_text = pem(certificate(ec_key(curve), usage="key_agreement"))
    assert isinstance(envelope_for(agency(envelope="cms", certificate=pem_text), at=NOW), CmsEnvelope)


@functools.cache
def _bad_certificates() -> dict[str, tuple[str, str]]:
    good = pem(certificate(rsa_key()))
    return {
        "expired": (pem(certificate(rsa_key(), ends=NOW - timedelta(seconds=1))), "expired"),
        "not valid yet": (pem(certificate(rsa_key(), begins=NOW + timedelta(seconds=1))), "not valid yet"),
        "for signing only": (pem(certificate(rsa_key(), usage="digital_signature")), "not for receiving"),
        "EC for signing only": (pem(certificate(ec_key(), usage="digital_signature")), "not for receiving"),
        "EC for wrapping": (pem(certificate(ec_key(), usage="key_encipherment")), "not for receiving"),
        "short key": (pem(certificate(rsa_key(1024))), "too short"),
        "Ed25519": (pem(certificate(ed25519.Ed25519PrivateKey.generate())), "of a kind"),
        "another curve": (pem(certificate(ec_key(ec.SECP256K1))), "of a kind"),
        "two": (good + good, "more than one"),
        "a private key": (pem(rsa_key()), "private key"),
        "with its private key": (good + pem(rsa_key()), "private key"),
        "cut": (good[:200] + good[300:], "cannot be read"),
        "no certificate": ("hello", "no certificate"),
        "endless": ("-----BEGIN CERTIFICATE-----" * 10_000, "too large"),
    }


@pytest.mark.parametrize("name", list(_bad_certificates()))
def test_a_certificate_that_cannot_be_used_is_refused_with_the_reason(name: str) -> None:
    text, said = _bad_certificates()[name]
    with pytest.raises(RecipientUnusable, match=said):
        certificate_of(agency(envelope="cms", certificate=text), NOW)


def test_envelopes_are_taken_up_again_by_their_state_where_they_have_one() -> None:
    begun = envelope_for(agency(recipient=PQ))
    again = envelope_from("age", begun.state())
    assert (again.state(), again.suffix, again.passphrase) == (begun.state(), ".tar.age", "")
    for kind, state in (("cms", b""), ("zip", b""), ("age", b""), ("age", b"x" * 100)):
        with pytest.raises(CannotResume):
            envelope_from(kind, state)
    assert isinstance(envelope_for(agency(envelope="zip")), ZipEnvelope)
