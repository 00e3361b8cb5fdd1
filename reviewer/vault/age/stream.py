"""The payload's STREAM construction: layout, nonces and keys (C2SP age.md, "Payload"). No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from reviewer.vault.age.errors import HeaderError, PayloadError
from reviewer.vault.age.secret_bytes import derive, wipe

NONCE_SIZE = 16
TAG_SIZE = 16
CHUNK_SIZE = 64 * 1024
SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE
_FINAL = b"\x01"
_NOT_FINAL = b"\x00"


def payload_cipher(file_key: bytes | bytearray, nonce: bytes) -> ChaCha20Poly1305:
    key = derive(file_key, nonce, b"payload")
    cipher = ChaCha20Poly1305(key)
    wipe(key)
    return cipher


def chunk_nonce(index: int, *, final: bool) -> bytes:
    return index.to_bytes(11, "big") + (_FINAL if final else _NOT_FINAL)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the chunks are, in bytes. `start` is where the first chunk begins in the file."""

    start: int
    chunks: int
    plaintext_size: int

    @classmethod
    def of(cls, header_size: int, file_size: int) -> Layout:
        """HeaderError without room for the nonce, PayloadError for a payload of an impossible size."""
        start = header_size + NONCE_SIZE
        if file_size < start:
            raise HeaderError("The container ends before its contents begin.")
        full, rest = divmod(file_size - start, SEALED_CHUNK_SIZE)
        chunks = full + (1 if rest else 0)
        # Only an empty file has an empty chunk: otherwise the final chunk would have two valid forms.
        if chunks == 0 or 0 < rest < TAG_SIZE or (rest == TAG_SIZE and chunks > 1):
            raise PayloadError
        return cls(start, chunks, file_size - start - chunks * TAG_SIZE)

    def chunk_size(self, index: int) -> int:
        """Plaintext bytes in chunk `index`."""
        return CHUNK_SIZE if index < self.chunks - 1 else self.plaintext_size - index * CHUNK_SIZE

    def chunk_offset(self, index: int) -> int:
        return self.start + index * SEALED_CHUNK_SIZE
