"""Key derivation and wiping shared by the recipient types and the payload."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reviewer.vault.age.interfaces import FILE_KEY_SIZE, WRAPPED_KEY_SIZE

_ZERO_NONCE = bytes(12)
_ZEROS = bytes(64 * 1024)


def wipe(secret: bytearray | memoryview) -> None:
    """Overwrites the buffer in place. Best effort: copies the interpreter or a library made are out of reach."""
    with memoryview(secret) as view:
        for start in range(0, len(view), len(_ZEROS)):
            piece = view[start : start + len(_ZEROS)]
            piece[:] = _ZEROS[: len(piece)]


def derive(secret: bytes | bytearray, salt: bytes | None, info: bytes) -> bytearray:
    """HKDF-SHA-256 to 32 bytes, in a buffer the caller wipes."""
    key = bytearray(32)
    HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive_into(secret, key)
    return key


def seal_file_key(wrap_key: bytearray, file_key: bytes | bytearray) -> bytes:
    """The 32-byte stanza body. The zero nonce is safe because every wrap key is used once."""
    return ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)


def open_file_key(wrap_key: bytearray, body: bytes) -> bytearray | None:
    """The file key, or None when the wrap key is not the right one. `body` has been checked to be 32 bytes."""
    assert len(body) == WRAPPED_KEY_SIZE
    file_key = bytearray(FILE_KEY_SIZE)
    try:
        ChaCha20Poly1305(wrap_key).decrypt_into(_ZERO_NONCE, body, None, file_key)
    except InvalidTag:
        wipe(file_key)
        return None
    return file_key
