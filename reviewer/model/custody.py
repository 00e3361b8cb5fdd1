"""The custody entry: who did what to which exhibit, when, with which tool, and what the bytes were before and after."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec


class CustodyAction(str, Enum):
    TAKEN_IN = "taken_in"
    LEASED = "leased"
    OPENED = "opened"
    COULD_NOT_OPEN = "could_not_open"
    DECIDED = "decided"
    AMENDED = "amended"
    VOIDED = "voided"
    PASSED_ON = "passed_on"
    HELD = "held"
    TAKEN_UP = "taken_up"
    GIVEN = "given"
    UNLOCKED = "unlocked"
    LOCKED = "locked"
    UNLOCK_REFUSED = "unlock_refused"
    SYNC_FAILED = "sync_failed"
    STORE_FAILED = "store_failed"
    KEY_SHARED = "key_shared"
    KEY_TAKEN = "key_taken"
    KEY_DESTROYED = "key_destroyed"
    DESTRUCTION_REQUESTED = "destruction_requested"
    PACKAGED = "packaged"
    PACKAGE_FAILED = "package_failed"
    SENDING_FAILED = "sending_failed"
    HANDED_OFF = "handed_off"
    RECEIPT_RECORDED = "receipt_recorded"
    OVERRULED = "overruled"
    ROSTER_SIGNED = "roster_signed"
    PASSPHRASE_CHANGED = "passphrase_changed"  # noqa: S105  (an action, not a secret)
    RECOVERED = "recovered"


class CustodyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One leaf of the custody log. `previous` is the id of the entry before it on this workstation."""

    id: str
    action: CustodyAction
    actor: str
    role: str
    workstation: str
    started_at: datetime
    ended_at: datetime
    tool: str
    tool_version: str
    case_id: str | None = None
    exhibit: str | None = None
    root_exhibit: str | None = None
    reason: str = ""
    authority: str = ""
    received_from: str = ""
    given_to: str = ""
    receipt: str = ""
    sha256_before: str | None = None
    sha256_after: str | None = None
    previous: str | None = None


def origin_of(workstation: str) -> str:
    """The name of a workstation's custody log: its checkpoints' origin and the name of the key that signs them."""
    return f"reviewer.invalid/custody/{workstation}"


def leaf_bytes(entry: CustodyEntry, salt: bytes) -> bytes:
    """The canonical bytes hashed into the log: 32 bytes of salt, then JSON with the fields in declared order.

    The salt keeps guessable personal data from being confirmed by whoever holds only the tree (see docs/formats.md).
    """
    if len(salt) != 32:
        raise ValueError("salt must be 32 bytes")
    return salt + msgspec.json.encode(entry, order="deterministic")
