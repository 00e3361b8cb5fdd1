"""age v1 (C2SP age.md), the container format of everything secret at rest. Nothing here is of our own invention.

The stable API: `identity`, `identities`, `recipient`, `Passphrase`, `generate_identity`, `generate_x25519_identity`,
`open`, `encrypt`, `rewrap`, `readdress`, `settle`, `Sealing`, and the errors. What is written can be opened by every
other age implementation, and the other way round. Random access is why this is not a library's job: none for Python
offers it.
"""

from __future__ import annotations

from reviewer.vault.age.container import encrypt, open, rewrap
from reviewer.vault.age.errors import (
    AgeError,
    ArmorError,
    HeaderError,
    HmacError,
    KeyTextError,
    NoMatchError,
    PayloadError,
    RecipientsError,
)
from reviewer.vault.age.hybrid import HybridIdentity, HybridRecipient
from reviewer.vault.age.interfaces import Identity, Recipient, Stanza
from reviewer.vault.age.keys import generate_identity, generate_x25519_identity, identities, identity, recipient
from reviewer.vault.age.readdressing import Readdressed, readdress, settle
from reviewer.vault.age.reader import PayloadReader
from reviewer.vault.age.scrypt import Passphrase
from reviewer.vault.age.sealing import NotResumable, Sealing
from reviewer.vault.age.x25519 import X25519Identity, X25519Recipient

__all__ = [
    "AgeError",
    "ArmorError",
    "HeaderError",
    "HmacError",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "KeyTextError",
    "NoMatchError",
    "NotResumable",
    "Passphrase",
    "PayloadError",
    "PayloadReader",
    "Readdressed",
    "Recipient",
    "RecipientsError",
    "Sealing",
    "Stanza",
    "X25519Identity",
    "X25519Recipient",
    "encrypt",
    "generate_identity",
    "generate_x25519_identity",
    "identities",
    "identity",
    "open",
    "readdress",
    "recipient",
    "rewrap",
    "settle",
]
