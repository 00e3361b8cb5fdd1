"""The ZIP envelope, for agencies that can open nothing else: one file, the tar, in a WinZip AES-256 ZIP (AE-2, Zip64).

7-Zip, WinZip and bsdtar open it with the passphrase, which is made for this package and told by another way.
The file is not compressed: it is one deflate stream of stored blocks, because a ZIP member without any compression
would need its checksum before its first byte.

Everything but the salt, the ciphertext and its code follows from the size, and is compared when it is read.
"""

from __future__ import annotations

import io
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from stream_unzip import AE_2, AES_256, UnzipError, stream_unzip
from stream_zip import ZIP_64, stream_zip

from reviewer.handoff.envelope import PlainSource
from reviewer.handoff.errors import CannotResume, PackageRefused
from reviewer.handoff.forward_reading import ForwardReader
from reviewer.model.errors import HandoffError

SUFFIX = ".zip"
MEMBER = "package.tar"
# Nothing that is taken for something else, read aloud or written by hand: 31 characters, 40 of them are 198 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 8, 5
_STORED, _STORED_HEAD = 65_535, 5
_BLOCK = 16 * _STORED
# The time in the ZIP says nothing: the tar's entries have theirs.
_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_SALT, _CHECK, _CODE = 16, 2, 10


class ZipEnvelope:
    """See `envelope.Envelope`. Not resumable: the code over the whole file cannot be kept."""

    suffix = SUFFIX

    def __init__(self) -> None:
        self._passphrase = fresh_passphrase()

    @property
    def passphrase(self) -> str:
        return self._passphrase

    def sealed_size(self, plain_size: int) -> int:
        return _framing_size() + _deflated_size(plain_size)

    def seal(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        source.seek(0)
        for piece in _zipped(_blocks(source, check), self._passphrase):
            target.write(piece)

    def resume(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        raise CannotResume("A package in a ZIP envelope cannot be resumed.")

    def opened(self, sealed: BinaryIO) -> BinaryIO:
        return cast(BinaryIO, open_zip(sealed, self._passphrase))

    def state(self) -> bytes:
        return b""

    def wipe(self) -> None:
        self._passphrase = ""


def fresh_passphrase() -> str:
    """Eight groups of five small letters and digits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def open_zip(sealed: BinaryIO, passphrase: str) -> ForwardReader:
    """The plaintext of a package as `ZipEnvelope` writes it. Its code stands at the end of the file, so PackageRefused
    for altered bytes comes at the end: nothing read before it may be relied on."""
    size = sealed.seek(0, io.SEEK_END) - _framing_size()
    plain_size = size - _STORED_HEAD * -(-size // (_STORED + _STORED_HEAD))
    if size < 0 or _deflated_size(plain_size) != size:
        raise PackageRefused("The package is not of the size that a ZIP envelope can have.")
    head, tail = _framing(plain_size)
    if _read(sealed, 0, len(head)) != head or _read(sealed, -len(tail), len(tail), io.SEEK_END) != tail:
        raise PackageRefused("The package is not in the one form of a ZIP envelope.")
    return ForwardReader(_unzipped(sealed, passphrase, plain_size))


class _StoredBlocks:
    """A compressor that does not compress: deflate's stored blocks (RFC 1951, 3.2.4)."""

    def compress(self, data: bytes) -> bytes:
        return b"".join(_stored(data[at : at + _STORED]) for at in range(0, len(data), _STORED))

    def flush(self) -> bytes:
        return b"\1" + struct.pack("<HH", 0, 0xFFFF)


def _stored(piece: bytes) -> bytes:
    return b"\0" + struct.pack("<HH", len(piece), len(piece) ^ 0xFFFF) + piece


def _deflated_size(plain_size: int) -> int:
    """Without the empty block at the end: that is part of the framing."""
    return plain_size + _STORED_HEAD * -(-plain_size // _STORED)


def _zipped(blocks: Iterable[bytes], passphrase: str) -> Iterable[bytes]:
    member = (MEMBER, _TIME, 0o100644, ZIP_64, blocks)
    compressor: Any = _StoredBlocks
    return stream_zip([member], get_compressobj=compressor, password=passphrase, chunk_size=_BLOCK)


def _blocks(source: PlainSource, check: Callable[[int], None]) -> Iterator[bytes]:
    """Whole blocks, so that the number of stored blocks follows from the size."""
    done = 0
    while done < source.size:
        wanted = min(_BLOCK, source.size - done)
        parts: list[bytes] = []
        while wanted:
            part = source.read(wanted)
            if not part:
                raise HandoffError("The package's contents ended early.")
            parts.append(part)
            wanted -= len(part)
        block = b"".join(parts)
        yield block
        done += len(block)
        check(done)


def _framing_size() -> int:
    return sum(map(len, _zipped((), "size")))


def _framing(plain_size: int) -> tuple[bytes, bytes]:
    """What stands before the salt and after the code. Of an empty ZIP, with the sizes put in where they stand."""
    empty = b"".join(_zipped((), "framing"))
    compressed_empty = _SALT + _CHECK + len(_StoredBlocks().flush()) + _CODE
    start = empty.index(MEMBER.encode()) + len(MEMBER)
    # Local extra fields: Zip64 (20), time (9), AES (11).
    head, tail = empty[: start + 40], bytearray(empty[start + 40 + compressed_empty :])
    more = _deflated_size(plain_size)
    compressed, moved = compressed_empty + more, len(empty) - len(tail) + more
    # Its extra fields: Zip64 (28), time (9), AES (11).
    descriptor, entry = 24, 46 + len(MEMBER) + 48
    struct.pack_into("<QQ", tail, 8, compressed, plain_size)
    struct.pack_into("<QQ", tail, descriptor + 46 + len(MEMBER) + 4, plain_size, compressed)
    # The end record's last field is where the directory begins, the locator's middle one where it ends.
    directory = moved + descriptor
    struct.pack_into("<Q", tail, descriptor + entry + 48, directory)
    struct.pack_into("<Q", tail, descriptor + entry + 56 + 8, directory + entry)
    return head, bytes(tail)


def _unzipped(sealed: BinaryIO, passphrase: str, plain_size: int) -> Iterator[bytes]:
    given = 0
    try:
        members = stream_unzip(
            _pieces(sealed), password=passphrase.encode(), allowed_encryption_mechanisms=(AE_2, AES_256)
        )
        for _name, _size, blocks in members:
            for block in blocks:
                given += len(block)
                yield block
    except UnzipError as error:
        raise PackageRefused("The passphrase is another one, or the package is damaged or altered.") from error
    if given != plain_size:
        raise PackageRefused("The package is damaged or altered.")


def _pieces(sealed: BinaryIO) -> Iterator[bytes]:
    at = 0
    while piece := _read(sealed, at, _BLOCK):
        at += len(piece)
        yield piece


def _read(sealed: BinaryIO, offset: int, size: int, whence: int = io.SEEK_SET) -> bytes:
    sealed.seek(offset, whence)
    return sealed.read(size)
