"""The textual header: grammar, MAC, and wrapping the file key (C2SP age.md, "Header")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac

from reviewer.vault.age import canonical_base64, scrypt
from reviewer.vault.age.errors import HeaderError, HmacError, NoMatchError, RecipientsError
from reviewer.vault.age.interfaces import FILE_KEY_SIZE, Ciphertext, Identity, Recipient, Stanza
from reviewer.vault.age.secret_bytes import derive, wipe

_VERSION_LINE = "age-encryption.org/v1"
_STANZA_MARK = "-> "
_MAC_MARK = "---"
_MAC_SIZE = 32
# The format sets no limits; ours allow about 2,500 post-quantum recipients and bound memory and time.
MAX_HEADER_SIZE = 4 * 1024 * 1024
MAX_STANZAS = 10_000
_READ_SIZE = 4096
# A stanza of no known kind, which every reader skips; the specification's name for such is "grease".
_FILLING = "fill-grease"
MIN_FILLING = len(f"{_STANZA_MARK}{_FILLING} 0\n\n")


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header. `signed` is what the MAC covers; `size` is where the payload begins, in bytes."""

    stanzas: tuple[Stanza, ...]
    signed: bytes
    mac: bytes
    size: int


def read_header(source: Ciphertext) -> Header:
    """The header at the start of `source`; HeaderError for anything the grammar does not allow."""
    lines = _Lines(source)
    if lines.next() != _VERSION_LINE:
        raise HeaderError
    stanzas: list[Stanza] = []
    while True:
        signed_before = lines.consumed
        line = lines.next()
        if line.startswith(_MAC_MARK):
            break
        if len(stanzas) == MAX_STANZAS:
            raise HeaderError("The container's header is larger than the limits allow.")
        stanzas.append(_read_stanza(line, lines))
    if not stanzas or not line.startswith(_MAC_MARK + " "):
        raise HeaderError
    mac = _decoded(line[len(_MAC_MARK) + 1 :])
    if len(mac) != _MAC_SIZE:
        raise HeaderError
    signed = lines.text(signed_before + len(_MAC_MARK))
    return Header(tuple(stanzas), signed, mac, lines.consumed)


def unwrap_file_key(header: Header, identities: Sequence[Identity]) -> bytearray:
    """The file key, by the first identity that fits, with the header's MAC checked. The caller wipes it.

    HeaderError for a malformed stanza of an identity's kind or a passphrase among other stanzas, NoMatchError,
    HmacError.
    """
    if len(header.stanzas) > 1 and any(stanza.kind == scrypt.KIND for stanza in header.stanzas):
        raise HeaderError
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is None:
            continue
        if len(file_key) != FILE_KEY_SIZE:
            raise HeaderError
        try:
            _mac(file_key, header.signed).verify(header.mac)
        except InvalidSignature:
            wipe(file_key)
            raise HmacError from None
        return file_key
    raise NoMatchError


def wrap_file_key(file_key: bytes | bytearray, recipients: Sequence[Recipient], *, fill: int = 0) -> bytes:
    """The whole header, ready to be written, for at least one recipient. `fill` makes it longer by so many bytes, 0 or
    at least MIN_FILLING; not for a passphrase, which shares a header with nothing.

    RecipientsError when their labels differ: a passphrase with anything else, or post-quantum with classic.
    """
    if not recipients:
        raise RecipientsError("There is no recipient.", to_do="Name at least one recipient.")
    first, *others = [recipient.labels() for recipient in recipients]
    if any(labels != first for labels in others):
        raise RecipientsError
    text = _VERSION_LINE + "\n"
    text += "".join(_stanza_text(recipient.wrap(file_key)) for recipient in recipients)
    if fill:
        text += f"{_STANZA_MARK}{_FILLING} {'0' * (fill - MIN_FILLING + 1)}\n\n"
    text += _MAC_MARK
    if len(text) > MAX_HEADER_SIZE - 64 or len(recipients) > MAX_STANZAS:
        raise RecipientsError("There are too many recipients for one container.")
    mac = _mac(file_key, text.encode("ascii")).finalize()
    return f"{text} {canonical_base64.encode(mac)}\n".encode("ascii")


def _mac(file_key: bytes | bytearray, signed: bytes) -> hmac.HMAC:
    key = derive(file_key, None, b"header")
    mac = hmac.HMAC(key, hashes.SHA256())
    wipe(key)
    mac.update(signed)
    return mac


def _stanza_text(stanza: Stanza) -> str:
    body = canonical_base64.encode(stanza.body)
    columns = canonical_base64.COLUMNS
    # One slice past a full last line gives the empty short line that the grammar then asks for.
    lines = [body[start : start + columns] for start in range(0, len(body) + 1, columns)]
    return "\n".join([_STANZA_MARK + " ".join((stanza.kind, *stanza.args)), *lines]) + "\n"


def _read_stanza(untrusted_line: str, lines: _Lines) -> Stanza:
    if not untrusted_line.startswith(_STANZA_MARK):
        raise HeaderError
    kind, *args = untrusted_line[len(_STANZA_MARK) :].split(" ")
    if not kind or not all(args):
        raise HeaderError
    body: list[bytes] = []
    while True:
        line = lines.next()
        if len(line) > canonical_base64.COLUMNS:
            raise HeaderError
        body.append(_decoded(line))
        if len(line) < canonical_base64.COLUMNS:
            return Stanza(kind, tuple(args), b"".join(body))


def _decoded(untrusted_text: str) -> bytes:
    try:
        return canonical_base64.decode(untrusted_text)
    except canonical_base64.NotCanonical:
        raise HeaderError from None


class _Lines:
    """The lines of the header, read from the source in small pieces so that the payload is not read along."""

    def __init__(self, source: Ciphertext) -> None:
        self._source = source
        self._bytes = bytearray()
        self.consumed = 0

    def next(self) -> str:
        """The next line without its end. Only printable ASCII and spaces exist in a header."""
        searched = self.consumed
        while (end := self._bytes.find(b"\n", searched)) < 0:
            searched = len(self._bytes)
            self._read_more()
        untrusted_line = bytes(self._bytes[self.consumed : end])
        self.consumed = end + 1
        if not untrusted_line.isascii():
            raise HeaderError
        text = untrusted_line.decode("ascii")
        if not text.isprintable():
            raise HeaderError
        return text

    def text(self, end: int) -> bytes:
        return bytes(self._bytes[:end])

    def _read_more(self) -> None:
        start = len(self._bytes)
        if start >= MAX_HEADER_SIZE:
            raise HeaderError("The container's header is larger than the limits allow.")
        # Growing with the header keeps the number of reads small for many recipients.
        self._bytes += bytes(max(_READ_SIZE, start))
        with memoryview(self._bytes) as view:
            count = self._source.read_at(start, view[start:])
        del self._bytes[start + count :]
        if count == 0:
            raise HeaderError
