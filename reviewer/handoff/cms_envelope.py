"""The CMS envelope for agencies with a certificate: AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), DER.

`openssl cms -decrypt -binary -inform DER -in PACKAGE.tar.p7m -recip cert.pem -inkey key.pem -out PACKAGE.tar` opens it.
It writes as it decrypts and says only at the end, by its exit status, whether what it wrote is right; and it holds the
whole file in memory, which is why larger packages than `MAX_PLAIN` are refused here.

Everything is of one form, so all but the wrapped key, the ephemeral key, the nonce, the ciphertext and the tag follows
from the certificate and the size. What is read is made again and must come out the same, byte by byte.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from reviewer.handoff.cms_recipient import CmsRecipient, PrivateKey, Wrapped
from reviewer.handoff.cms_recipient import oid as _oid
from reviewer.handoff.cms_recipient import tlv as _tlv
from reviewer.handoff.envelope import PlainSource
from reviewer.handoff.errors import CannotResume, PackageRefused
from reviewer.handoff.forward_reading import ForwardReader
from reviewer.model.errors import HandoffError

SUFFIX = ".tar.p7m"
MAX_PLAIN = 1024 * 1024 * 1024
_KEY_SIZE, _NONCE_SIZE, _TAG_SIZE = 32, 12, 16
_BLOCK = 1024 * 1024
_SEQUENCE, _INTEGER, _OCTETS, _CONTEXT_0, _IMPLICIT_0 = 0x30, 0x02, 0x04, 0xA0, 0x80
_DATA = _oid("1.2.840.113549.1.7.1")
_AUTH_ENVELOPED = _oid("1.2.840.113549.1.9.16.1.23")
_AES_256_GCM = _oid("2.16.840.1.101.3.4.1.46")


class CmsEnvelope:
    """See `envelope.Envelope`. Not resumable: GCM's state cannot be kept. Every `seal` has a key of its own."""

    suffix = SUFFIX
    passphrase = ""

    def __init__(self, certificate: x509.Certificate) -> None:
        """`certificate` as `recipients.certificate_of` gives it."""
        self._recipient = CmsRecipient(certificate)
        self._key = bytearray(_KEY_SIZE)
        self._head = b""

    def sealed_size(self, plain_size: int) -> int:
        """HandoffError when it would be too large for this envelope."""
        _check_size(plain_size)
        return _size(self._recipient, plain_size)

    def seal(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        _check_size(source.size)
        self._key[:], nonce = os.urandom(_KEY_SIZE), os.urandom(_NONCE_SIZE)
        self._head = _head(self._recipient, self._recipient.wrap(self._key), nonce, source.size)
        target.write(self._head)
        encryptor = Cipher(AES(self._key), GCM(nonce)).encryptor()
        source.seek(0)
        done = 0
        while done < source.size:
            block = source.read(min(_BLOCK, source.size - done))
            if not block:
                raise HandoffError("The package's contents ended early.")
            target.write(encryptor.update(block))
            done += len(block)
            check(done)
        encryptor.finalize()
        target.write(_tag(encryptor.tag))

    def resume(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        raise CannotResume("A package in a CMS envelope cannot be resumed.")

    def opened(self, sealed: BinaryIO) -> BinaryIO:
        plain_size = _plain_size(self._recipient, sealed)
        if not self._head or _read(sealed, 0, len(self._head)) != self._head:
            raise PackageRefused("The sealed package does not begin as it was written.")
        nonce = _Template(self._recipient, plain_size).parts(self._head)[1]
        return cast(BinaryIO, _opened(sealed, bytes(self._key), nonce, len(self._head), plain_size))

    def state(self) -> bytes:
        return b""

    def wipe(self) -> None:
        self._key[:] = bytes(_KEY_SIZE)


def open_cms(sealed: BinaryIO, certificate: x509.Certificate, key: PrivateKey) -> ForwardReader:
    """The plaintext of a package sealed to `certificate`, whose private key is `key`. The whole file is authenticated
    before it is given out. PackageRefused when it is not as `CmsEnvelope` writes it, or for another key."""
    recipient = CmsRecipient(certificate)
    plain_size = _plain_size(recipient, sealed)
    template = _Template(recipient, plain_size)
    head = _read(sealed, 0, template.size)
    wrapped, nonce = template.parts(head)
    if _head(recipient, wrapped, nonce, plain_size) != head:
        raise PackageRefused("The package is not sealed to this certificate, or its envelope was altered.")
    return _opened(sealed, recipient.unwrap(wrapped, key), nonce, len(head), plain_size)


def _check_size(plain_size: int) -> None:
    if plain_size > MAX_PLAIN:
        raise HandoffError(
            "The package is too large for a CMS envelope: whoever opens it has to hold it in memory.",
            to_do="Hand off fewer items at a time, or ask the agency for an age recipient.",
        )


def _head(recipient: CmsRecipient, wrapped: Wrapped, nonce: bytes, plain_size: int) -> bytes:
    """Everything before the ciphertext."""
    algorithm = _tlv(
        _SEQUENCE,
        _AES_256_GCM + _tlv(_SEQUENCE, _tlv(_OCTETS, nonce) + _tlv(_INTEGER, bytes([_TAG_SIZE]))),
    )
    # Each step out: what is written of it here, and how many bytes of it lie behind.
    inside = _tlv(_IMPLICIT_0, b"", more=plain_size)
    inside = _tlv(_SEQUENCE, _DATA + algorithm + inside, more=plain_size)
    behind = plain_size + len(_tag(bytes(_TAG_SIZE)))
    inside = _tlv(_SEQUENCE, _tlv(_INTEGER, b"\0") + recipient.infos(wrapped) + inside, more=behind)
    inside = _tlv(_CONTEXT_0, inside, more=behind)
    return _tlv(_SEQUENCE, _AUTH_ENVELOPED + inside, more=behind)


def _tag(tag: bytes) -> bytes:
    return _tlv(_OCTETS, tag)


def _size(recipient: CmsRecipient, plain_size: int) -> int:
    return _Template(recipient, plain_size).size + plain_size + len(_tag(bytes(_TAG_SIZE)))


def _plain_size(recipient: CmsRecipient, sealed: BinaryIO) -> int:
    size = sealed.seek(0, io.SEEK_END)
    # The lengths in the head take more bytes for larger sizes, so try those that can be.
    least = _Template(recipient, 0).size + len(_tag(bytes(_TAG_SIZE)))
    for overhead in range(least, least + 32):
        plain_size = size - overhead
        if 0 <= plain_size <= MAX_PLAIN and _size(recipient, plain_size) == size:
            return plain_size
    raise PackageRefused("The package is not of the size that one sealed to this certificate can have.")


class _Template:
    """Where the wrapped key, the ephemeral key and the nonce lie in the head: their sizes are always the same."""

    def __init__(self, recipient: CmsRecipient, plain_size: int) -> None:
        wrapped, nonce = recipient.sample(), os.urandom(_NONCE_SIZE)
        head = _head(recipient, wrapped, nonce, plain_size)
        self.size = len(head)
        self._places = [(head.index(part), len(part)) for part in (wrapped.key, wrapped.ephemeral, nonce)]

    def parts(self, head: bytes) -> tuple[Wrapped, bytes]:
        key, ephemeral, nonce = (head[at : at + size] for at, size in self._places)
        return Wrapped(key, ephemeral), nonce


def _opened(sealed: BinaryIO, key: bytes, nonce: bytes, start: int, plain_size: int) -> ForwardReader:
    for _ in _decrypted(sealed, key, nonce, start, plain_size):
        pass
    return ForwardReader(_decrypted(sealed, key, nonce, start, plain_size))


def _decrypted(sealed: BinaryIO, key: bytes, nonce: bytes, start: int, plain_size: int) -> Iterator[bytes]:
    end = _read(sealed, start + plain_size, len(_tag(bytes(_TAG_SIZE))))
    tag = end[-_TAG_SIZE:]
    if end != _tag(tag):
        raise PackageRefused("The sealed package does not end as it was written.")
    decryptor = Cipher(AES(key), GCM(nonce, tag)).decryptor()
    done = 0
    while done < plain_size:
        block = _read(sealed, start + done, min(_BLOCK, plain_size - done))
        if not block:
            raise PackageRefused("The sealed package is cut short.")
        done += len(block)
        yield decryptor.update(block)
    try:
        decryptor.finalize()
    except InvalidTag as error:
        raise PackageRefused("The sealed package is damaged or altered.") from error


def _read(sealed: BinaryIO, offset: int, size: int) -> bytes:
    sealed.seek(offset)
    return sealed.read(size)
