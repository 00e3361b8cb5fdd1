"""Keys from and as text."""

from __future__ import annotations

from functools import lru_cache

from reviewer.vault.age import bech32, hybrid, x25519
from reviewer.vault.age.errors import KeyTextError
from reviewer.vault.age.hybrid import HybridIdentity, HybridRecipient
from reviewer.vault.age.x25519 import X25519Identity, X25519Recipient


def identity(text: str) -> X25519Identity | HybridIdentity:
    """The identity of one `AGE-SECRET-KEY-1...` or `AGE-SECRET-KEY-PQ-1...` text; KeyTextError otherwise."""
    prefix, secret = bech32.decode(text.strip())
    if prefix == hybrid.IDENTITY_PREFIX:
        return HybridIdentity(secret)
    if prefix == x25519.IDENTITY_PREFIX:
        return X25519Identity(secret)
    raise KeyTextError("The text is not a secret key of a kind that can be used here.")


def identities(text: str) -> list[X25519Identity | HybridIdentity]:
    """The identities of a key file as `age-keygen` writes it: one a line, `#` begins a comment line."""
    lines = (line.strip() for line in text.splitlines())
    return [identity(line) for line in lines if line and not line.startswith("#")]


# A roster of hundreds is read many times a day, and the checksum of a long key costs milliseconds. Public keys only.
@lru_cache(maxsize=4096)
def recipient(text: str) -> X25519Recipient | HybridRecipient:
    """The recipient of one `age1...` or `age1pq1...` text; KeyTextError otherwise."""
    prefix, public = bech32.decode(text.strip())
    if prefix == hybrid.RECIPIENT_PREFIX:
        return HybridRecipient(public)
    if prefix == x25519.RECIPIENT_PREFIX:
        return X25519Recipient(public)
    raise KeyTextError("The text is not a recipient of a kind that can be used here.")


def generate_identity() -> HybridIdentity:
    """A new post-quantum identity: the default for everything this project makes."""
    return HybridIdentity.generate()


def generate_x25519_identity() -> X25519Identity:
    """A new classic identity, for tools that know no post-quantum ones."""
    return X25519Identity.generate()
