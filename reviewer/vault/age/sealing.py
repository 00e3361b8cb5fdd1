"""Sealing one file of known size so that an interrupted run can go on where it stopped.

Why going on is safe: ChaCha20-Poly1305 breaks when one key and nonce seal two different plaintexts. A chunk's nonce is
its index and whether it is the last; both are given by the plaintext's size, which never changes. So a chunk that is
sealed again must be the same plaintext, and sealing it gives the same bytes. Who resumes promises that. Before the
first new byte is written it is checked as far as it shows: the last whole chunk that is kept is opened and compared
with the source, and what is there of a torn chunk must be how the chunk is sealed now. A source that was found to be
wrong (an item that is not what was registered) is never resumed: it gets a new `Sealing`, with new keys.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable
from typing import NoReturn, Protocol

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from reviewer.vault.age.chunks import ChunkDecrypter
from reviewer.vault.age.errors import HeaderError, PayloadError
from reviewer.vault.age.header import MAX_HEADER_SIZE, wrap_file_key
from reviewer.vault.age.interfaces import FILE_KEY_SIZE, BinarySource, BinaryTarget, Recipient
from reviewer.vault.age.pipeline import SizedSource, pump
from reviewer.vault.age.reader import PayloadReader
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.sources import PlainCiphertext, fill, write_all
from reviewer.vault.age.stream import (
    CHUNK_SIZE,
    NONCE_SIZE,
    SEALED_CHUNK_SIZE,
    TAG_SIZE,
    Layout,
    chunk_nonce,
    payload_cipher,
)

# 4 bytes that name the form, file key, payload nonce; the header follows.
_STATE = struct.Struct(f">4s{FILE_KEY_SIZE}s{NONCE_SIZE}s")
_FORM = b"seal"


class NotResumable(PayloadError):
    """What was begun is not the beginning of this file, or the source is not what it was sealed from."""

    code = "A008"
    happened = "What was begun is not the beginning of this container."
    to_do = "Seal it again from the start."


class ResumableTarget(BinaryTarget, Protocol):
    """A binary file open for reading and writing."""

    def read(self, size: int, /) -> bytes | None: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def truncate(self, size: int | None = None, /) -> int: ...


class Sealing:
    """One age file in the making: its file key, payload nonce and header.

    `check` is called with the plaintext bytes done, after every mebibyte; what it raises ends the run. Errors of source
    and target pass unchanged. The file key opens the file as the recipients' keys do, so `state` is as secret as the
    plaintext.
    """

    def __init__(self, recipients: Iterable[Recipient]) -> None:
        """RecipientsError as `encrypt` raises it."""
        self._file_key = bytearray(os.urandom(FILE_KEY_SIZE))
        self._nonce = os.urandom(NONCE_SIZE)
        self._wiped = False
        try:
            self._header = wrap_file_key(self._file_key, list(recipients))
        except BaseException:
            self.wipe()
            raise

    @classmethod
    def from_state(cls, state: bytes | bytearray) -> Sealing:
        """What `state` gave. HeaderError when it is not such a state."""
        if not _STATE.size < len(state) <= _STATE.size + MAX_HEADER_SIZE:
            raise HeaderError
        form, file_key, nonce = _STATE.unpack_from(state)
        if form != _FORM:
            raise HeaderError
        sealing = cls.__new__(cls)
        sealing._file_key = bytearray(file_key)
        sealing._nonce, sealing._header, sealing._wiped = nonce, bytes(state[_STATE.size :]), False
        return sealing

    def state(self) -> bytes:
        """Secret: everything needed to go on, or to read what was sealed."""
        self._check_usable()
        return _STATE.pack(_FORM, bytes(self._file_key), self._nonce) + self._header

    def sealed_size(self, plain_size: int) -> int:
        """Bytes of the whole file for so many bytes of plaintext."""
        return self._start + plain_size + _chunks(plain_size) * TAG_SIZE

    def seal(self, source: SizedSource, target: BinaryTarget, check: Callable[[int], None] | None = None) -> None:
        """Write the whole file to `target`. PayloadError unless the source is exactly as long as it says."""
        cipher = self._cipher()
        write_all(target, self._beginning)
        pump(source, target, cipher, 0, check or _unchecked)

    def resume(self, source: SizedSource, target: ResumableTarget, check: Callable[[int], None] | None = None) -> None:
        """Go on where `target`, the beginning of this file, ends; a chunk that is not whole is sealed again.

        NotResumable, with `target` as it was, when it is not such a beginning.
        """
        begun, size = target.seek(0, os.SEEK_END), self.sealed_size(source.size)
        if begun > size:
            raise NotResumable
        self._expect(target, 0, self._beginning[:begun])
        whole, torn = divmod(max(0, begun - self._start), SEALED_CHUNK_SIZE)
        if begun == size:
            # Also where the last chunk is shorter than the others.
            whole, torn = _chunks(source.size), 0
        if whole:
            self._expect(target, self._offset(whole - 1), self._sealed_chunk(source, whole - 1))
        if torn:
            self._expect(target, self._offset(whole), self._sealed_chunk(source, whole)[:torn])
        if begun == size:
            return
        target.seek(min(begun, self._offset(whole)))
        target.truncate()
        write_all(target, self._beginning[begun:])
        pump(source, target, self._cipher(), whole, check or _unchecked)

    def opened(self, sealed: BinarySource, on_close: Callable[[], None] | None = None) -> PayloadReader:
        """The plaintext of what was sealed here. HeaderError unless header and nonce are ours; PayloadError."""
        ciphertext = PlainCiphertext(sealed)
        found = bytearray(self._start)
        with memoryview(found) as view:
            if ciphertext.read_at(0, view) != len(view) or found != self._beginning:
                raise HeaderError
        layout = Layout.of(len(self._header), ciphertext.size)
        return PayloadReader(ChunkDecrypter(ciphertext, self._cipher(), layout), layout, on_close)

    def wipe(self) -> None:
        """Overwrite the file key; nothing is sealed or opened with this any more."""
        wipe(self._file_key)
        self._wiped = True

    @property
    def _beginning(self) -> bytes:
        return self._header + self._nonce

    @property
    def _start(self) -> int:
        return len(self._header) + NONCE_SIZE

    def _offset(self, index: int) -> int:
        return self._start + index * SEALED_CHUNK_SIZE

    def _check_usable(self) -> None:
        if self._wiped:
            raise ValueError("these secrets were wiped")

    def _cipher(self) -> ChaCha20Poly1305:
        self._check_usable()
        return payload_cipher(self._file_key, self._nonce)

    def _sealed_chunk(self, source: SizedSource, index: int) -> bytes:
        """Chunk `index` as it is sealed now."""
        chunk = bytearray(min(CHUNK_SIZE, source.size - index * CHUNK_SIZE))
        source.seek(index * CHUNK_SIZE)
        try:
            with memoryview(chunk) as view:
                if fill(source, view) != len(view):
                    raise NotResumable
            nonce = chunk_nonce(index, final=index == _chunks(source.size) - 1)
            return self._cipher().encrypt(nonce, chunk, None)
        finally:
            wipe(chunk)

    def _expect(self, target: ResumableTarget, offset: int, expected: bytes) -> None:
        target.seek(offset)
        found = bytearray(len(expected))
        with memoryview(found) as view:
            if fill(target, view) != len(view) or found != expected:
                raise NotResumable

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets are not pickled")

    def __repr__(self) -> str:
        return "Sealing(secret)"


def _chunks(plain_size: int) -> int:
    return max(1, -(-plain_size // CHUNK_SIZE))


def _unchecked(_done: int) -> None:
    pass
