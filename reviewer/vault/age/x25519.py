"""The X25519 recipient type (C2SP age.md, "The X25519 recipient type")."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from reviewer.vault.age import bech32, canonical_base64
from reviewer.vault.age.errors import HeaderError, KeyTextError
from reviewer.vault.age.interfaces import WRAPPED_KEY_SIZE, Stanza
from reviewer.vault.age.secret_bytes import derive, open_file_key, seal_file_key, wipe

KIND = "X25519"
IDENTITY_PREFIX = "AGE-SECRET-KEY-"
RECIPIENT_PREFIX = "age"
_INFO = b"age-encryption.org/v1/X25519"


class X25519Recipient:
    """A public key: 32 bytes, `age1...` as text."""

    def __init__(self, public: bytes) -> None:
        if len(public) != 32:
            raise KeyTextError
        self._public = bytes(public)

    def labels(self) -> frozenset[str]:
        return frozenset()

    def wrap(self, file_key: bytes | bytearray) -> Stanza:
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        try:
            shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self._public))
        except ValueError:
            raise KeyTextError("The recipient is a degenerate key that protects nothing.") from None
        wrap_key = derive(shared, share + self._public, _INFO)
        try:
            return Stanza(KIND, (canonical_base64.encode(share),), seal_file_key(wrap_key, file_key))
        finally:
            wipe(wrap_key)

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self._public)

    def __repr__(self) -> str:
        return f"X25519Recipient({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, X25519Recipient) and other._public == self._public

    def __hash__(self) -> int:
        return hash((KIND, self._public))


class X25519Identity:
    """A private key: 32 bytes, `AGE-SECRET-KEY-1...` as text through `secret_text` only."""

    def __init__(self, secret: bytes | bytearray) -> None:
        if len(secret) != 32:
            raise KeyTextError
        self._secret = bytearray(secret)
        self._key = X25519PrivateKey.from_private_bytes(secret)
        self._public = self._key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> X25519Identity:
        return cls(os.urandom(32))

    def recipient(self) -> X25519Recipient:
        return X25519Recipient(self._public)

    def secret_text(self) -> str:
        """The Bech32 text that opens everything encrypted to this identity: for sealing, never for showing."""
        return bech32.encode(IDENTITY_PREFIX, bytes(self._secret))

    def wipe(self) -> None:
        """Overwrites the exportable copy; the identity opens nothing more. The library's own copy is out of reach."""
        wipe(self._secret)
        self._key = X25519PrivateKey.generate()
        self._public = bytes(32)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytearray | None:
        shares = [(_checked_share(stanza), stanza.body) for stanza in stanzas if stanza.kind == KIND]
        for share, body in shares:
            try:
                shared = self._key.exchange(X25519PublicKey.from_public_bytes(share))
            except ValueError:
                # A low-order share makes the secret all zero: anyone could have written this file.
                raise HeaderError from None
            wrap_key = derive(shared, share + self._public, _INFO)
            file_key = open_file_key(wrap_key, body)
            wipe(wrap_key)
            if file_key is not None:
                return file_key
        return None

    def __repr__(self) -> str:
        return "X25519Identity(secret)"


def _checked_share(untrusted_stanza: Stanza) -> bytes:
    if len(untrusted_stanza.args) != 1 or len(untrusted_stanza.body) != WRAPPED_KEY_SIZE:
        raise HeaderError
    try:
        share = canonical_base64.decode(untrusted_stanza.args[0])
    except canonical_base64.NotCanonical:
        raise HeaderError from None
    if len(share) != 32:
        raise HeaderError
    return share
