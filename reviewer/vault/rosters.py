"""The roster: who is in the organisation and which recipient each opens with, signed by the supervisor.

Cases are shared with recipients taken from a roster only. Whoever could slip a recipient into it could read every case
shared from then on, so an unsigned, altered or outdated roster is refused. It is a signed note:

    reviewer.invalid/roster/<organisation>
    <version, decimal, counts up>
    <issued at, RFC 3339, UTC>
    <member as one line of JSON>, one line per member
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec

from reviewer.model.errors import VaultError
from reviewer.model.roles import Member
from reviewer.model.statements import member_key_name
from reviewer.vault import age
from reviewer.vault.signed_note import Signer, Verifier, open_signed
from reviewer.vault.store import Store

ORIGIN = "reviewer.invalid/roster/"
MAX_ROSTER_BYTES = 8 << 20
MAX_MEMBERS = 2000
_KEY, _NOTE = "roster_verifier", "roster"
_VERSION = re.compile(r"[1-9][0-9]{0,15}")


class RosterRefused(VaultError):
    code = "V011"
    happened = "The list of members is not properly signed, so it was not used."
    kept = "The list used before is unchanged, and nothing was shared."
    to_do = "Ask your supervisor to issue it again."


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    issued_at: datetime
    members: tuple[Member, ...]

    def recipient_of(self, member_id: str) -> age.HybridRecipient | age.X25519Recipient:
        """RosterRefused when this person is not on the list."""
        return age.recipient(self.member(member_id).recipient)

    def member(self, member_id: str) -> Member:
        """RosterRefused when this person is not on the list."""
        for member in self.members:
            if member.id == member_id:
                return member
        raise RosterRefused("This person is not on the signed list of members.")


def sign_roster(signer: Signer, roster: Roster) -> str:
    """`signer.name` is ORIGIN and the organisation. ValueError when the roster could not be read back."""
    lines = [signer.name, str(roster.version), roster.issued_at.astimezone(UTC).isoformat()]
    lines += [msgspec.json.encode(member).decode() for member in roster.members]
    note = signer.sign("\n".join(lines) + "\n")
    open_roster(note, signer.verifier)
    return note


def open_roster(untrusted_note: str, verifier: Verifier, *, newest_seen: int = 0) -> Roster:
    """RosterRefused unless signed by `verifier`, well formed, and not older than the newest version seen."""
    try:
        lines = open_signed(untrusted_note, verifier, max_bytes=MAX_ROSTER_BYTES)[:-1].split("\n")
        roster = _parse(lines, verifier)
    except (ValueError, IndexError, msgspec.MsgspecError, age.AgeError) as error:
        raise RosterRefused from error
    if roster.version < newest_seen:
        raise RosterRefused("This list of members is older than the one used before.")
    return roster


def _parse(lines: list[str], verifier: Verifier) -> Roster:
    if lines[0] != verifier.name or not lines[0].startswith(ORIGIN) or not _VERSION.fullmatch(lines[1]):
        raise ValueError("not a roster")
    issued_at = datetime.fromisoformat(lines[2])
    if issued_at.tzinfo is None or len(lines) - 3 > MAX_MEMBERS:
        raise ValueError("not a roster")
    members = tuple(msgspec.json.decode(line, type=Member) for line in lines[3:])
    if len({member.id for member in members}) != len(members):
        raise ValueError("a member is listed twice")
    for member in members:
        age.recipient(member.recipient)
        if member.verifier and Verifier.parse(member.verifier).name != member_key_name(member.id):
            raise ValueError("a member's verifier is under another name")
    return Roster(version=int(lines[1]), issued_at=issued_at, members=members)


def pin(store: Store, verifier: Verifier) -> None:
    """Trust this supervisor's key from now on. RosterRefused when another one is trusted already."""
    pinned = store.get_setting(_KEY)
    if pinned is not None and pinned.decode() != str(verifier):
        raise RosterRefused("Another supervisor's key is trusted here already.")
    store.put_setting(_KEY, str(verifier).encode())


def replace_pin(store: Store, verifier: Verifier) -> None:
    """Trust this key instead, as when another supervisor takes over. What the one before signed is forgotten."""
    store.remove_setting(_NOTE)
    store.put_setting(_KEY, str(verifier).encode())


def accept(store: Store, untrusted_note: str) -> Roster:
    """Check against the pinned key and the roster held so far, and keep it. RosterRefused; the old one then stays."""
    held = store.get_setting(_NOTE)
    if held is not None and held.decode() == untrusted_note:
        return current(store)
    newest = 0 if held is None else open_roster(held.decode(), _pinned(store)).version
    roster = open_roster(untrusted_note, _pinned(store), newest_seen=newest)
    if held is not None and roster.version == newest:
        raise RosterRefused("Two different lists of members have the same version.")
    store.put_setting(_NOTE, untrusted_note.encode())
    return roster


def current(store: Store) -> Roster:
    """The roster held here, checked again. RosterRefused when there is none."""
    held = store.get_setting(_NOTE)
    if held is None:
        raise RosterRefused("There is no signed list of members here.")
    return open_roster(held.decode(), _pinned(store))


def pinned_key(store: Store) -> Verifier | None:
    """The supervisor's key trusted here, or None before one was."""
    return None if store.get_setting(_KEY) is None else _pinned(store)


def _pinned(store: Store) -> Verifier:
    pinned = store.get_setting(_KEY)
    if pinned is None:
        raise RosterRefused(
            "No supervisor's key is trusted here yet.",
            to_do="Get the key's line from your supervisor in person, then: reviewer roster trust.",
        )
    return Verifier.parse(pinned.decode())
