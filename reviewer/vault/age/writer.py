"""Writing a payload in constant memory."""

from __future__ import annotations

import os

from reviewer.vault.age.interfaces import BinaryTarget, ReadableSource
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.sources import fill, write_all
from reviewer.vault.age.stream import CHUNK_SIZE, NONCE_SIZE, TAG_SIZE, chunk_nonce, payload_cipher

_BLOCK_CHUNKS = 16
# What is sealed most often is small, a case's key for each of its members; megabytes would be cleared for each.
_SMALL = 4096


def write_payload(source: ReadableSource, target: BinaryTarget, file_key: bytes | bytearray) -> int:
    """Encrypts all that `source` gives, in chunks, to `target`; the number of plaintext bytes."""
    nonce = os.urandom(NONCE_SIZE)
    cipher = payload_cipher(file_key, nonce)
    write_all(target, nonce)
    plain = bytearray(_SMALL)
    try:
        with memoryview(plain) as start:
            filled = fill(source, start)
        if filled == len(plain):
            plain = _block_of(plain)
            with memoryview(plain) as view:
                filled += fill(source, view[filled:])
        sealed = bytearray(len(plain) + len(plain) // CHUNK_SIZE * TAG_SIZE + TAG_SIZE)
        index, total = 0, 0
        with memoryview(plain) as plain_view, memoryview(sealed) as sealed_view:
            while True:
                ended = filled < len(plain)
                chunks = max(1, -(-filled // CHUNK_SIZE)) if ended else _BLOCK_CHUNKS
                written = 0
                for place in range(chunks):
                    chunk = plain_view[place * CHUNK_SIZE : min((place + 1) * CHUNK_SIZE, filled)]
                    final = ended and place == chunks - 1
                    written_end = written + len(chunk) + TAG_SIZE
                    cipher.encrypt_into(chunk_nonce(index, final=final), chunk, None, sealed_view[written:written_end])
                    written = written_end
                    index += 1
                # A copy, because the target may keep what it is given and the buffer is used again.
                write_all(target, bytes(sealed_view[:written]))
                if ended:
                    return total + filled
                total += chunks * CHUNK_SIZE
                waiting = filled - chunks * CHUNK_SIZE
                plain_view[:waiting] = plain_view[chunks * CHUNK_SIZE : filled]
                filled = waiting + fill(source, plain_view[waiting:])
    finally:
        wipe(plain)


def _block_of(small: bytearray) -> bytearray:
    """A whole block that begins with what is in `small`, which is wiped."""
    # One chunk more than a block: whether a chunk is final is known only when the source gave more, or ended.
    block = bytearray((_BLOCK_CHUNKS + 1) * CHUNK_SIZE)
    block[: len(small)] = small
    wipe(small)
    return block
