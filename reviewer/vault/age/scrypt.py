"""The scrypt recipient type: a passphrase (C2SP age.md, "The scrypt recipient type")."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NoReturn

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from reviewer.vault.age import canonical_base64
from reviewer.vault.age.errors import HeaderError, KeyTextError
from reviewer.vault.age.interfaces import WRAPPED_KEY_SIZE, Stanza
from reviewer.vault.age.secret_bytes import open_file_key, seal_file_key, wipe

KIND = "scrypt"
DEFAULT_WORK_FACTOR = 18
MAX_WORK_FACTOR = 22
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_SALT_SIZE = 16
_WORK_FACTOR = re.compile(r"[1-9][0-9]{0,2}")


class Passphrase:
    """A passphrase, as identity and as the only recipient of a file.

    `work_factor` (written) and `max_work_factor` (the highest accepted when opening) are base-two logarithms: 18 takes
    256 MiB and about a second, each step more doubles both. Opening a file with 22 takes 4 GiB.
    """

    def __init__(
        self, text: str, *, work_factor: int = DEFAULT_WORK_FACTOR, max_work_factor: int = MAX_WORK_FACTOR
    ) -> None:
        if not text:
            raise KeyTextError("The passphrase is empty.", to_do="Choose a passphrase.")
        if not 1 <= work_factor <= 30 or not 1 <= max_work_factor <= 30:
            raise ValueError("work factors are base-two logarithms from 1 to 30")
        self._passphrase = bytearray(text.encode("utf-8"))
        self._work_factor = work_factor
        self._max_work_factor = max_work_factor

    def recipient(self) -> Passphrase:
        return self

    def labels(self) -> frozenset[str]:
        # New at each call and so never equal to another recipient's: a passphrase stands alone in its file.
        return frozenset({f"scrypt-{os.urandom(16).hex()}"})

    def wrap(self, file_key: bytes | bytearray) -> Stanza:
        salt = os.urandom(_SALT_SIZE)
        wrap_key = self._derive(salt, self._work_factor)
        try:
            return Stanza(
                KIND, (canonical_base64.encode(salt), str(self._work_factor)), seal_file_key(wrap_key, file_key)
            )
        finally:
            wipe(wrap_key)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytearray | None:
        mine = [stanza for stanza in stanzas if stanza.kind == KIND]
        if not mine:
            return None
        if len(stanzas) != 1:
            raise HeaderError
        salt, work_factor = self._checked(mine[0])
        wrap_key = self._derive(salt, work_factor)
        try:
            return open_file_key(wrap_key, mine[0].body)
        finally:
            wipe(wrap_key)

    def wipe(self) -> None:
        """Overwrites the passphrase; this object opens nothing more."""
        wipe(self._passphrase)

    def _derive(self, salt: bytes, work_factor: int) -> bytearray:
        key = bytearray(32)
        try:
            Scrypt(salt=_SALT_LABEL + salt, length=32, n=1 << work_factor, r=8, p=1).derive_into(self._passphrase, key)
        except MemoryError:
            raise HeaderError("This machine has not enough memory to check the passphrase.") from None
        return key

    def _checked(self, untrusted_stanza: Stanza) -> tuple[bytes, int]:
        if len(untrusted_stanza.args) != 2 or len(untrusted_stanza.body) != WRAPPED_KEY_SIZE:
            raise HeaderError
        untrusted_salt, untrusted_factor = untrusted_stanza.args
        try:
            salt = canonical_base64.decode(untrusted_salt)
        except canonical_base64.NotCanonical:
            raise HeaderError from None
        if len(salt) != _SALT_SIZE or not _WORK_FACTOR.fullmatch(untrusted_factor):
            raise HeaderError
        work_factor = int(untrusted_factor)
        if work_factor > self._max_work_factor:
            raise HeaderError("The container asks for more passphrase work than is accepted here.")
        return salt, work_factor

    def __reduce__(self) -> NoReturn:
        raise TypeError("a passphrase is not pickled")

    def __repr__(self) -> str:
        return "Passphrase(secret)"
