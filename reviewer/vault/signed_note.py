"""C2SP signed notes with Ed25519: a text, an empty line, and lines that say who signed it.

    <text, one or more lines>
    (empty line)
    — <name> <base64 of 4 bytes key id + 64 bytes signature>

The key id is SHA-256(name || 0x0A || 0x01 || public key)[:4]; the verifier's line is
`name+hex(id)+base64(0x01 || key)`, as Go's golang.org/x/mod/sumdb/note reads and writes it.
The signature covers the text and not the name, so every text of ours begins with a line that says what it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_NOTE_BYTES = 64 * 1024
MAX_SIGNATURES = 16
_ED25519 = b"\x01"
_CONTROL = bytes({*range(0x20)} - {0x0A})  # all but the line feed


class NotSigned(ValueError):
    """Not a note, or not signed by the key asked for. Callers turn it into the error of what they were reading."""


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
    """Signs texts under one name. Holds the key inside OpenSSL; its repr shows the name only."""

    __slots__ = ("_key", "name")

    def __init__(self, name: str, seed: bytes | memoryview) -> None:
        self.name = check_name(name)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def under(self, name: str) -> Signer:
        """The same key under another name, for another kind of text."""
        other = Signer.__new__(Signer)
        other.name, other._key = check_name(name), self._key
        return other

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note. The text ends in a newline and has no control characters but newlines."""
        if not text.endswith("\n") or _has_control(text):
            raise ValueError("not a text that can be signed as a note")
        signature = key_id(self.name, self.verifier.public) + self._key.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(signature).decode()}\n"

    def __repr__(self) -> str:
        return f"<Signer {self.name}>"


def open_signed(untrusted_note: str, verifier: Verifier, *, max_bytes: int = MAX_NOTE_BYTES) -> str:
    """The text, after the signature by `verifier` over it was checked. NotSigned when anything is wrong.

    Signatures by other keys are ignored, as the specification asks; a false one by this key refuses the note.
    """
    try:
        text, signatures = _split(untrusted_note, max_bytes)
        signed = [_signed_by(line, text, verifier) for line in signatures]
    except (ValueError, InvalidSignature, binascii.Error) as error:
        raise NotSigned("not a properly signed note") from error
    if not any(signed):
        raise NotSigned("not signed by the key asked for")
    return text


def _split(untrusted_note: str, max_bytes: int) -> tuple[str, list[str]]:
    if len(untrusted_note) > max_bytes or _has_control(untrusted_note):
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


def _has_control(text: str) -> bool:
    # Of bytes, because a roster of hundreds has a megabyte. UnicodeEncodeError, a ValueError, where it is no text.
    encoded = text.encode()
    return len(encoded.translate(None, _CONTROL)) != len(encoded)
