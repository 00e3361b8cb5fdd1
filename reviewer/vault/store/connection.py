"""The connection to store.db: SQLCipher 4 with a raw key, and the only place that begins and ends transactions.

Cipher: AES-256-CBC with HMAC-SHA512 per 4096-byte page (SQLCipher 4 defaults), raw 256-bit key, no passphrase
derivation. Every page read from disk is authenticated by its HMAC before SQLite sees it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from reviewer.model.errors import StoreDamaged, StoreUnavailable
from reviewer.vault.store.failures import translated

KEY_SIZE = 32
PAGE_SIZE = 4096
_HEX = b"0123456789abcdef"
# Exactly the statements of a decision. Each one kept holds some of SQLite's small-object memory; when that is used up,
# every cursor is allocated, locked and unlocked by memory security, which costs a decision more than the cipher does.
_CACHED = 8

# Before the key. The log is off because SQLCipher writes its complaints to stderr, past our error tree.
_BEFORE_KEY = ("PRAGMA cipher_log_level = NONE", "PRAGMA cipher_memory_security = ON")
_AFTER_KEY = (
    "PRAGMA cipher_compatibility = 4",
    "PRAGMA temp_store = MEMORY",  # a temporary file would be plaintext
    "PRAGMA mmap_size = 0",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # a destroyed case key must not linger in a free page
    "PRAGMA locking_mode = EXCLUSIVE",  # one process owns it: no shared-memory file, and a second opener is refused
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
)


class Database:
    """One connection, used by one thread. `read` and `write` yield the raw connection and translate its errors."""

    def __init__(self, path: Path, key: bytes | bytearray | memoryview) -> None:
        """StoreUnavailable when it cannot be opened; StoreDamaged when the key or the file is not right."""
        if len(key) != KEY_SIZE:
            raise ValueError("a store key is 32 bytes")
        self.path = path
        try:
            self._raw: Any = dbapi2.connect(
                os.fspath(path), timeout=1.0, isolation_level=None, cached_statements=_CACHED
            )
        except dbapi2.Error as error:
            raise translated(error) from None
        try:
            self._prepare(key)
        except dbapi2.Error as error:
            self._raw.close()
            raise translated(error) from None
        except BaseException:
            self._raw.close()
            raise

    def _prepare(self, key: bytes | bytearray | memoryview) -> None:
        self._raw.executescript(";".join(_BEFORE_KEY))
        keyed = _key_literal(key)
        try:
            self._raw.set_key(keyed)
        finally:
            keyed[:] = bytes(len(keyed))
        self._raw.executescript(";".join(_AFTER_KEY))
        self._raw.execute("SELECT count(*) FROM sqlite_master").fetchone()

    @contextlib.contextmanager
    def read(self) -> Iterator[Any]:
        try:
            yield self._raw
        except dbapi2.Error as error:
            raise translated(error) from None

    @contextlib.contextmanager
    def write(self) -> Iterator[Any]:
        """One transaction: all of it is durable when the block is left, or none of it happened."""
        try:
            self._raw.execute("BEGIN IMMEDIATE")
            yield self._raw
            self._raw.execute("COMMIT")
        except BaseException as error:
            self._undo()
            if isinstance(error, dbapi2.Error):
                raise translated(error) from None
            raise

    def _undo(self) -> None:
        # After a full disk SQLite may have rolled back by itself, and ROLLBACK is then an error of no interest.
        with contextlib.suppress(dbapi2.Error):
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")

    def fold(self) -> None:
        """Move the write-ahead log into the file and empty it."""
        with self.read() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        with contextlib.suppress(dbapi2.Error):
            self._raw.execute("PRAGMA optimize")
        self._raw.close()


def _key_literal(key: bytes | bytearray | memoryview) -> bytearray:
    """x'hex' as SQLCipher wants a raw key, built in a buffer that can be wiped."""
    out = bytearray(b"x'" + bytes(2 * KEY_SIZE) + b"'")
    for index, byte in enumerate(key):
        out[2 + 2 * index] = _HEX[byte >> 4]
        out[3 + 2 * index] = _HEX[byte & 15]
    return out


def create_file(path: Path) -> None:
    """An empty file only its owner can read, so that SQLite never makes one under a wider umask."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise StoreUnavailable("There is a store here already.", to_do="Open it instead of making a new one.") from None
    except OSError as error:
        raise StoreUnavailable("The vault's folder cannot be written.") from error


def check_file(path: Path) -> None:
    """Cheap facts before the key is used: it is there, it is ours, it is whole pages."""
    try:
        size = path.stat().st_size
        path.chmod(0o600)
    except FileNotFoundError:
        raise StoreDamaged("The store is missing.", kept="Nothing was created in its place.") from None
    except OSError as error:
        raise StoreUnavailable() from error
    if size == 0 or size % PAGE_SIZE:
        raise StoreDamaged("The store was cut off: it is not a whole number of pages.")
