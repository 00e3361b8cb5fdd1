"""Checking C2SP signed notes (Ed25519). The service checks what it must act on; it signs nothing."""

from __future__ import annotations

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_VERIFIER = 400
_ED25519 = b"\x01"


def signed_text(untrusted_note: str, verifier: str) -> str:
    """The text of the note, newline at its end, once the signature by the key of the `verifier` line was checked.

    ValueError when the line is none, the note is none, or it is not signed by that key.
    """
    name, key_id, public = _verifier(verifier)
    end = untrusted_note.rfind("\n\n")
    if end < 0 or not untrusted_note.endswith("\n") or any(c < " " and c != "\n" for c in untrusted_note):
        raise ValueError("not a note")
    text, signed = untrusted_note[: end + 1], False
    for line in untrusted_note[end + 2 : -1].split("\n"):
        dash, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if dash != "—":
            raise ValueError("not a signature line")
        if signer == name and signature[:4] == key_id:
            try:
                public.verify(signature[4:], text.encode())
            except InvalidSignature:
                raise ValueError("a false signature") from None
            signed = True
    if not signed:
        raise ValueError("not signed by this key")
    return text


def verifier_name(verifier: str) -> str:
    """The name a verifier line is for; ValueError when it is not one."""
    return _verifier(verifier)[0]


def _verifier(line: str) -> tuple[str, bytes, Ed25519PublicKey]:
    name, hexed, encoded = line.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if len(line) > MAX_VERIFIER or len(key) != 33 or key[:1] != _ED25519 or key_id.hex() != hexed:
        raise ValueError("not an Ed25519 verifier line")
    return name, key_id, Ed25519PublicKey.from_public_bytes(key[1:])
