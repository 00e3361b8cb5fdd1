"""C2SP tlog-checkpoint in a C2SP signed note, Ed25519: one short text that fixes the whole custody log.

    <origin>
    <size, decimal>
    <root, base64>
    (empty line)
    — <origin> <base64 of 4 bytes key id + 64 bytes signature>

The key id is SHA-256(name || 0x0A || 0x01 || public key)[:4]; the verifier's line is
`name+hex(id)+base64(0x01 || key)`, as Go's golang.org/x/mod/sumdb/note reads and writes it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from reviewer.model.errors import CustodyBroken
from reviewer.vault.merkle import HASH_SIZE

MAX_NOTE_BYTES = 64 * 1024
MAX_SIGNATURES = 16
_ED25519 = b"\x01"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def check_name(name: str) -> str:
    """Key names and origins: not empty, no spaces, no plus, nothing unprintable. ValueError otherwise."""
    if not name or len(name) > 200 or "+" in name or not name.isprintable() or any(c.isspace() for c in name):
        raise ValueError("not a usable key name")
    return name


def key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and the Ed25519 public key (32 bytes) trusted for it."""

    name: str
    public: bytes

    def __str__(self) -> str:
        encoded = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{encoded}"

    @classmethod
    def parse(cls, untrusted_line: str) -> Verifier:
        """Reads `name+hex(id)+base64(0x01 || key)`. ValueError when it is not one."""
        name, hexed, encoded = untrusted_line.strip().split("+", 2)
        key = base64.b64decode(encoded, validate=True)
        if len(key) != 33 or key[:1] != _ED25519 or key_id(check_name(name), key[1:]).hex() != hexed:
            raise ValueError("not an Ed25519 verifier line")
        return cls(name, key[1:])


class Signer:
    """Signs checkpoints under one name. Holds the key inside OpenSSL; its repr shows the name only."""

    __slots__ = ("_key", "name")

    def __init__(self, name: str, seed: bytes | memoryview) -> None:
        self.name = check_name(name)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes) -> str:
        """The signed note of the log `name` at this size and root."""
        text = Checkpoint(self.name, size, root).text
        return f"{text}\n{self._signature_line(text)}"

    def _signature_line(self, text: str) -> str:
        signature = key_id(self.name, self.verifier.public) + self._key.sign(text.encode())
        return f"— {self.name} {base64.b64encode(signature).decode()}\n"

    def __repr__(self) -> str:
        return f"<Signer {self.name}>"


def open_note(untrusted_note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint inside, after its signature by `verifier` was checked. CustodyBroken when anything is wrong."""
    try:
        text, signatures = _split(untrusted_note)
        if not any(_signed_by(line, text, verifier) for line in signatures):
            raise ValueError("not signed by the key asked for")
        return _parse(text)
    except (ValueError, InvalidSignature, binascii.Error) as error:
        raise CustodyBroken("A custody checkpoint is not properly signed.") from error


def _split(untrusted_note: str) -> tuple[str, list[str]]:
    if len(untrusted_note.encode()) > MAX_NOTE_BYTES or any(c < " " and c != "\n" for c in untrusted_note):
        raise ValueError("not a note")
    end = untrusted_note.rfind("\n\n")
    if end < 0 or not untrusted_note.endswith("\n"):
        raise ValueError("not a note")
    signatures = untrusted_note[end + 2 : -1].split("\n")
    if len(signatures) > MAX_SIGNATURES:
        raise ValueError("too many signatures")
    return untrusted_note[: end + 1], signatures


def _signed_by(line: str, text: str, verifier: Verifier) -> bool:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise ValueError("not a signature line")
    signature = base64.b64decode(parts[2], validate=True)
    if parts[1] != verifier.name or signature[:4] != key_id(verifier.name, verifier.public):
        return False
    Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature[4:], text.encode())
    return True


def _parse(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise ValueError("not a checkpoint")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != HASH_SIZE:
        raise ValueError("not a root hash")
    return Checkpoint(lines[0], int(lines[1]), root)
