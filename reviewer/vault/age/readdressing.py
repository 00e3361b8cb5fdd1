"""Other recipients for a container by a new header alone, in a time that does not depend on the container's size.

The payload begins where the header ends, so the new header should be as long as the old one. A shorter one is filled
up with a stanza of a kind that no reader knows and every reader skips (C2SP age.md asks for that). Where the new one
is longer the payload has to move: the file system may share its blocks with a new file; otherwise they are copied.
What was done is said in the answer.

In place, a kill or power cut leaves the old header, the new one, or `NAME.header` beside the container: it holds the
new header, is whole and flushed before the container is touched, and `settle` finishes from it. Blocks are never moved
within the file, although Linux can (FALLOC_FL_INSERT_RANGE): ext4 does it in several steps, and a power cut between
two of them leaves neither the old file nor the new one.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import IO

from reviewer.vault.age.container import rewrap
from reviewer.vault.age.header import MIN_FILLING, Header, read_header, unwrap_file_key, wrap_file_key
from reviewer.vault.age.interfaces import Identity, Recipient
from reviewer.vault.age.scrypt import Passphrase
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.sources import PlainCiphertext, fill, write_all
from reviewer.vault.age.stream import NONCE_SIZE, Layout
from reviewer.vault.files import sync_folder, write_atomically

JOURNAL = ".header"
_PART = ".part"
# File systems share whole blocks. Where theirs are larger than this they refuse, and the bytes are copied.
_BLOCK = 4096
# Linux, FICLONERANGE: _IOW(0x94, 13, struct file_clone_range); its fields are a file, where from, how long (0: to the
# end), where to.
_FICLONERANGE = 0x4020940D
_CLONE_RANGE = struct.Struct("=qQQQ")


class Readdressed(Enum):
    """What was done: IN_PLACE and SHARED take milliseconds, COPIED as long as a copy of the file takes."""

    IN_PLACE = "in_place"
    SHARED = "shared"
    COPIED = "copied"


def readdress(
    path: Path, identities: Iterable[Identity], recipients: Iterable[Recipient], *, target: Path | None = None
) -> Readdressed:
    """Make the binary age file `path` one for `recipients` only, in place, or write that to `target`.

    File key and payload stay the same: who kept an old key together with an old copy, or the file key, still has it.
    Raises as `rewrap` does, and OSError; `path` then holds what it held, and nothing half-made is left.
    """
    settle(path)
    identities, recipients = list(identities), list(recipients)
    with path.open("rb", buffering=0) as file:
        ciphertext = PlainCiphertext(file)
        old = read_header(ciphertext)
        Layout.of(old.size, ciphertext.size)
        file_key = unwrap_file_key(old, identities)
        try:
            header = _header_for(file_key, recipients, old.size)
        finally:
            wipe(file_key)
        if target is not None or len(header) != old.size:
            return _as_new_file(file, old, header, identities, recipients, target or path)
        nonce = _read(file, old.size, NONCE_SIZE)
    # From here on it is done, whatever happens: `settle` goes on from the journal.
    write_atomically(_beside(path, JOURNAL), nonce + header)
    settle(path)
    return Readdressed.IN_PLACE


def settle(path: Path) -> None:
    """Finish what an interrupted `readdress` began with `path`; nothing happens where there is nothing to finish."""
    journal = _beside(path, JOURNAL)
    try:
        noted = journal.read_bytes()
    except FileNotFoundError:
        return
    nonce, header = noted[:NONCE_SIZE], noted[NONCE_SIZE:]
    with contextlib.suppress(FileNotFoundError), path.open("r+b", buffering=0) as file:
        # The payload keeps its nonce: with another one this is another container, put here since.
        if _read(file, len(header), NONCE_SIZE) == nonce:
            _write_at_start(file, header)
    journal.unlink(missing_ok=True)
    sync_folder(path.parent)


def _header_for(file_key: bytearray, recipients: Sequence[Recipient], old_size: int) -> bytes:
    """A header of `old_size` bytes if it can be, else longer by whole blocks, else of its natural length."""
    header = wrap_file_key(file_key, recipients)
    if len(header) == old_size or any(isinstance(recipient, Passphrase) for recipient in recipients):
        return header
    blocks = max(0, -(-(len(header) + MIN_FILLING - old_size) // _BLOCK))
    return wrap_file_key(file_key, recipients, fill=old_size + blocks * _BLOCK - len(header))


def _as_new_file(
    file: IO[bytes],
    old: Header,
    header: bytes,
    identities: Sequence[Identity],
    recipients: Sequence[Recipient],
    target: Path,
) -> Readdressed:
    part = _beside(target, _PART)
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b", buffering=0) as copy:
            shared = _share(file, copy, len(header) - old.size)
            if shared:
                _write_at_start(copy, header)
            else:
                rewrap(file, copy, identities, recipients)
                os.fsync(copy.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return Readdressed.SHARED if shared else Readdressed.COPIED


def _share(file: IO[bytes], copy: IO[bytes], shift: int) -> bool:
    """Whether `copy` now has the blocks of `file`, `shift` bytes further on. False: it is still empty."""
    if shift % _BLOCK:
        return False
    try:
        import fcntl

        fcntl.ioctl(copy.fileno(), _FICLONERANGE, _CLONE_RANGE.pack(file.fileno(), 0, 0, shift))
    except (ImportError, OSError):
        # Not Linux, or a file system that shares no blocks (ext4), or has larger ones.
        copy.truncate(0)
        return False
    return True


def _write_at_start(file: IO[bytes], header: bytes) -> None:
    file.seek(0)
    write_all(file, header)
    os.fsync(file.fileno())


def _read(file: IO[bytes], offset: int, size: int) -> bytes:
    data = bytearray(size)
    file.seek(offset)
    with memoryview(data) as view:
        count = fill(file, view)
    return bytes(data[:count])


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
