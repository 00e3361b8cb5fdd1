"""What SQLite and SQLCipher say when something fails, in the words of the one error tree."""

from __future__ import annotations

from sqlcipher3 import dbapi2

from reviewer.model.errors import StoreDamaged, StoreUnavailable, VaultError

_UNAVAILABLE = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_PERM",
    "SQLITE_AUTH",
    "SQLITE_NOMEM",
    "SQLITE_PROTOCOL",
    "SQLITE_INTERRUPT",
)


class AlreadyRecorded(VaultError):
    code = "V007"
    happened = "This was recorded before."
    kept = "The first record stands; nothing was added twice."
    to_do = "Go on with the next item."


class RecordRefused(VaultError):
    """A constraint or an append-only guard said no: the caller named what is not there, or tried to change history."""

    code = "V010"
    happened = "The store refused a record that contradicts what it holds."
    kept = "Nothing was changed."
    to_do = "Tell your administrator the code."


def translated(error: dbapi2.Error) -> VaultError:
    """SQL text and values never get into the message: both may hold evidence."""
    name = str(getattr(error, "sqlite_errorname", "") or "")
    if isinstance(error, dbapi2.IntegrityError):
        # The driver gives no extended code, so which constraint it was is only in the words.
        return AlreadyRecorded() if str(error).startswith("UNIQUE") else RecordRefused()
    if name.startswith("SQLITE_FULL"):
        return StoreUnavailable("The disk is full, so the store could not be written.")
    if name.startswith(_UNAVAILABLE):
        return StoreUnavailable()
    return StoreDamaged()
