"""The three operations on whole containers: open, encrypt, rewrap. All in constant memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from reviewer.vault.age.armor import ArmoredCiphertext, ArmoringTarget, is_armored
from reviewer.vault.age.chunks import ChunkDecrypter
from reviewer.vault.age.errors import HeaderError, PayloadError
from reviewer.vault.age.header import read_header, unwrap_file_key, wrap_file_key
from reviewer.vault.age.interfaces import (
    FILE_KEY_SIZE,
    BinarySource,
    BinaryTarget,
    Ciphertext,
    Identity,
    ReadableSource,
    Recipient,
)
from reviewer.vault.age.reader import PayloadReader
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.sources import PlainCiphertext, write_all
from reviewer.vault.age.stream import NONCE_SIZE, Layout, payload_cipher
from reviewer.vault.age.writer import write_payload

_COPY_SIZE = 1024 * 1024


def open(source: BinarySource, identities: Iterable[Identity], *, close_source: bool = False) -> PayloadReader:
    """A seekable stream of the authenticated plaintext of the age file `source`, binary or armored.

    The file is `source` from offset 0 to its end; the position it comes with does not matter. The reader moves that
    position, and the source must stay open as long as the reader; with `close_source` the reader's `close` closes it,
    and so does a failure here.
    Raises a subclass of AgeError for the file's own failures, checked in this order: ArmorError, HeaderError,
    NoMatchError, HmacError, PayloadError (the final chunk is checked here). Errors of the source pass unchanged.
    """
    close = _closer(source) if close_source else None
    try:
        return _open(source, list(identities), close)
    except BaseException:
        if close is not None:
            close()
        raise


def _open(source: BinarySource, identities: Sequence[Identity], close: Callable[[], None] | None) -> PayloadReader:
    ciphertext = _ciphertext(source)
    header = read_header(ciphertext)
    file_key = unwrap_file_key(header, identities)
    try:
        nonce = bytearray(NONCE_SIZE)
        if ciphertext.read_at(header.size, memoryview(nonce)) < NONCE_SIZE:
            raise HeaderError("The container ends before its contents begin.")
        layout = Layout.of(header.size, ciphertext.size)
        cipher = payload_cipher(file_key, bytes(nonce))
    finally:
        wipe(file_key)
    return PayloadReader(ChunkDecrypter(ciphertext, cipher, layout), layout, close)


def encrypt(
    source: ReadableSource, target: BinaryTarget, recipients: Iterable[Recipient], *, armor: bool = False
) -> int:
    """Writes what `source` gives, from its position on, as an age file to `target`; the number of plaintext bytes.

    RecipientsError, before anything is written, for no recipients, for post-quantum with classic ones, and for a
    passphrase with anything else. On an error of source or target what was written is not a complete age file and
    every reader refuses it; the caller removes it.
    """
    file_key = bytearray(os.urandom(FILE_KEY_SIZE))
    try:
        header = wrap_file_key(file_key, list(recipients))
        sink = ArmoringTarget(target) if armor else target
        write_all(sink, header)
        size = write_payload(source, sink, file_key)
    finally:
        wipe(file_key)
    if isinstance(sink, ArmoringTarget):
        sink.finish()
    return size


def rewrap(
    source: BinarySource,
    target: BinaryTarget,
    identities: Iterable[Identity],
    recipients: Iterable[Recipient],
    *,
    armor: bool = False,
) -> None:
    """Writes the age file `source` to `target` for other recipients: a new header, the same payload bytes.

    Nothing of the payload is decrypted or checked, and the file key stays the same: whoever could open the old file
    and kept its key can open the new one. Raises as `open` does, but for the payload, and as `encrypt` does.
    """
    ciphertext = _ciphertext(source)
    old = read_header(ciphertext)
    file_key = unwrap_file_key(old, list(identities))
    try:
        header = wrap_file_key(file_key, list(recipients))
    finally:
        wipe(file_key)
    Layout.of(old.size, ciphertext.size)
    sink = ArmoringTarget(target) if armor else target
    write_all(sink, header)
    buffer = bytearray(_COPY_SIZE)
    offset = old.size
    while offset < ciphertext.size:
        wanted = min(_COPY_SIZE, ciphertext.size - offset)
        count = ciphertext.read_at(offset, memoryview(buffer)[:wanted])
        if count < wanted:
            raise PayloadError("The container became shorter while it was copied.")
        write_all(sink, bytes(buffer[:count]))
        offset += count
    if isinstance(sink, ArmoringTarget):
        sink.finish()


def _ciphertext(source: BinarySource) -> Ciphertext:
    return ArmoredCiphertext(source) if is_armored(source) else PlainCiphertext(source)


def _closer(source: BinarySource) -> Callable[[], None] | None:
    close: Any = getattr(source, "close", None)
    return close if callable(close) else None
