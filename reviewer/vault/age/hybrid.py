"""The MLKEM768-X25519 hybrid post-quantum recipient type (C2SP age.md; HPKE of RFC 9180 with draft-ietf-hpke-pq)."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from reviewer.vault.age import bech32, canonical_base64
from reviewer.vault.age.errors import HeaderError, KeyTextError
from reviewer.vault.age.interfaces import WRAPPED_KEY_SIZE, Stanza
from reviewer.vault.age.secret_bytes import wipe

KIND = "mlkem768x25519"
IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-"
RECIPIENT_PREFIX = "age1pq"
_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184
_MLKEM_CIPHERTEXT = 1088
_ENCAPSULATED = _MLKEM_CIPHERTEXT + 32


class HybridRecipient:
    """A public key: 1,216 bytes (ML-KEM-768, then X25519), `age1pq1...` as text."""

    def __init__(self, public: bytes) -> None:
        if len(public) != _MLKEM_PUBLIC + 32:
            raise KeyTextError
        self._public = bytes(public)
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC])
        except ValueError:
            raise KeyTextError from None
        self._key = hpke.MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]))

    def labels(self) -> frozenset[str]:
        # One classic recipient in the same file would undo the protection, so files with this label are all-hybrid.
        return frozenset({"postquantum"})

    def wrap(self, file_key: bytes | bytearray) -> Stanza:
        try:
            sealed = _SUITE.encrypt(file_key, self._key, info=_INFO)
        except ValueError:
            raise KeyTextError("The recipient is a degenerate key that protects nothing.") from None
        return Stanza(KIND, (canonical_base64.encode(sealed[:_ENCAPSULATED]),), sealed[_ENCAPSULATED:])

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self._public)

    def __repr__(self) -> str:
        text = str(self)
        return f"HybridRecipient({text[:16]}...{text[-8:]})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HybridRecipient) and other._public == self._public

    def __hash__(self) -> int:
        return hash((KIND, self._public))


class HybridIdentity:
    """A private key: a 32-byte seed, `AGE-SECRET-KEY-PQ-1...` as text through `secret_text` only."""

    def __init__(self, seed: bytes | bytearray) -> None:
        if len(seed) != 32:
            raise KeyTextError
        self._seed = bytearray(seed)
        self._expand(seed)

    def _expand(self, seed: bytes | bytearray) -> None:
        # One seed gives both keys, as in X-Wing.
        expansion = hashes.Hash(hashes.SHAKE256(digest_size=_MLKEM_SEED + 32))
        expansion.update(seed)
        keys = expansion.finalize()
        mlkem = MLKEM768PrivateKey.from_seed_bytes(keys[:_MLKEM_SEED])
        self._x25519 = X25519PrivateKey.from_private_bytes(keys[_MLKEM_SEED:])
        self._key = hpke.MLKEM768X25519PrivateKey(mlkem, self._x25519)
        self._public = mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> HybridIdentity:
        return cls(os.urandom(32))

    def recipient(self) -> HybridRecipient:
        return HybridRecipient(self._public)

    def secret_text(self) -> str:
        """The Bech32 text that opens everything encrypted to this identity: for sealing, never for showing."""
        return bech32.encode(IDENTITY_PREFIX, bytes(self._seed))

    def wipe(self) -> None:
        """Overwrites the exportable copy; the identity opens nothing more. The library's own copy is out of reach."""
        wipe(self._seed)
        self._expand(os.urandom(32))

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytearray | None:
        encapsulated = [(_checked(stanza), stanza.body) for stanza in stanzas if stanza.kind == KIND]
        for enc, body in encapsulated:
            try:
                # The suite reports a low-order share like a wrong key, but the specification wants it refused.
                self._x25519.exchange(X25519PublicKey.from_public_bytes(enc[_MLKEM_CIPHERTEXT:]))
            except ValueError:
                raise HeaderError from None
            try:
                return bytearray(_SUITE.decrypt(enc + body, self._key, info=_INFO))
            except InvalidTag:
                continue
        return None

    def __repr__(self) -> str:
        return "HybridIdentity(secret)"


def _checked(untrusted_stanza: Stanza) -> bytes:
    if len(untrusted_stanza.args) != 1 or len(untrusted_stanza.body) != WRAPPED_KEY_SIZE:
        raise HeaderError
    try:
        enc = canonical_base64.decode(untrusted_stanza.args[0])
    except canonical_base64.NotCanonical:
        raise HeaderError from None
    if len(enc) != _ENCAPSULATED:
        raise HeaderError
    return enc
