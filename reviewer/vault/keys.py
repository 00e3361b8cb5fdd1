"""Case keys: every case has its own identity, its items are encrypted to it, and it is itself sealed to the members.

A sealed case key is an age file whose plaintext is the identity's text and a newline, as `age-keygen` writes it: the
standard tools open it, and then the items. Giving a case to somebody seals a few hundred bytes, never the evidence.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from reviewer.model.errors import NoKeyForItem
from reviewer.vault import age

MAX_SEALED_BYTES = 256 * 1024
MAX_KEY_TEXT = 8192

CaseIdentity = age.HybridIdentity | age.X25519Identity


def create_case_key() -> age.HybridIdentity:
    return age.generate_identity()


def seal_case_key(identity: CaseIdentity, recipients: Iterable[age.Recipient]) -> bytes:
    """RecipientsError when there are none, or post-quantum and classic ones together."""
    sealed = io.BytesIO()
    with io.BytesIO(identity.secret_text().encode() + b"\n") as plain:
        age.encrypt(plain, sealed, recipients)
        plain.getbuffer()[:] = bytes(len(plain.getbuffer()))
    return sealed.getvalue()


def open_case_key(untrusted_sealed: bytes, identity: age.Identity) -> CaseIdentity:
    """NoKeyForItem when it is not sealed to `identity`, or is not a sealed case key at all."""
    if len(untrusted_sealed) > MAX_SEALED_BYTES:
        raise NoKeyForItem("What was sent as the case's key is not one.")
    try:
        with age.open(io.BytesIO(untrusted_sealed), [identity]) as plain:
            if plain.plaintext_size > MAX_KEY_TEXT:
                raise NoKeyForItem("What was sent as the case's key is not one.")
            return age.identity(plain.readall().decode("ascii").strip())
    except age.NoMatchError:
        raise NoKeyForItem from None
    except (age.AgeError, UnicodeDecodeError):
        raise NoKeyForItem("The case's key is damaged and opens nothing.") from None


def reseal_case_key(untrusted_sealed: bytes, mine: age.Identity, recipients: Iterable[age.Recipient]) -> bytes:
    """Share the case, or stop sharing: the same key for exactly these recipients.

    Who could open it before may have kept it. To take a case away from somebody who may have, re-key it: a new case
    key, and `age.rewrap` of each item to it.
    """
    identity = open_case_key(untrusted_sealed, mine)
    try:
        return seal_case_key(identity, recipients)
    finally:
        identity.wipe()
