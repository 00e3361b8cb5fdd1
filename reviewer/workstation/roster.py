"""The roster on this workstation: fetched, checked against the supervisor's key, kept; signed, by the supervisor."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import CaseSystemUnreachable, PermissionRefused
from reviewer.model.roles import Member, Permission, may
from reviewer.sync.client import CaseSystem
from reviewer.vault import age, rosters
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.rosters import ORIGIN, Roster, RosterRefused
from reviewer.vault.signed_note import Signer, Verifier, check_name


@dataclass(frozen=True, slots=True)
class RosterChange:
    """`what` is new, changed, gone or left out (a recipient that cannot be used)."""

    what: str
    member: Member


def fingerprint(member: Member) -> str:
    """Short enough to be read out over the telephone: what the person's own `vault init` printed must be the same."""
    digest = hashlib.sha256(f"{member.recipient}\n{member.verifier}\n".encode()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def accepted_roster(vault: OpenVault, case_system: CaseSystem) -> Roster:
    """The newest roster that is properly signed. Without a case system the one held.

    RosterRefused when the case system hands out one that is not right: that is no reason to go on with the old one.
    """
    try:
        newest = case_system.keys.roster()
    except CaseSystemUnreachable:
        newest = None
    if newest is None:
        return vault.store.call(rosters.current)
    note = newest[0]
    return vault.store.call(lambda s: rosters.accept(s, note))


def trust(vault: OpenVault, key_line: str, *, instead: bool = False) -> Verifier:
    """Trust this supervisor's key, got from the supervisor in person. RosterRefused when another one is trusted.

    `instead` replaces that one and forgets the roster it signed.
    """
    key = supervisors_key(key_line)
    vault.store.call(lambda s: rosters.replace_pin(s, key) if instead else rosters.pin(s, key))
    return key


def supervisors_key(line: str) -> Verifier:
    """RosterRefused when the line is not that of a key that signs rosters."""
    try:
        key = Verifier.parse(line)
        if not key.name.startswith(ORIGIN):
            raise ValueError
    except ValueError:
        raise RosterRefused("This is not the line of a supervisor's key.", to_do="Copy the whole line.") from None
    return key


def roster_signer(vault: OpenVault, organisation: str | None = None) -> Signer:
    """This supervisor's key under the organisation's name; trusted here from now on, because it is our own."""
    if not may(vault.member.role, Permission.SIGN_ROSTER):
        raise PermissionRefused
    pinned = vault.store.call(rosters.pinned_key)
    if pinned is None:
        if not organisation:
            raise RosterRefused("The organisation needs a name for its first roster.", to_do="Give --organisation.")
        try:
            signer = vault.signer.under(check_name(ORIGIN + organisation))
        except ValueError:
            raise RosterRefused("This name cannot be used.", to_do="Use one without spaces and plus signs.") from None
        vault.store.call(lambda s: rosters.pin(s, signer.verifier))
        return signer
    signer = vault.signer.under(pinned.name)
    if str(signer.verifier) != str(pinned):
        raise RosterRefused("Another supervisor signs the list of members here.", to_do="Ask that supervisor.")
    return signer


def sign(
    vault: OpenVault,
    case_system: CaseSystem,
    clock: Clock,
    confirm: Callable[[Sequence[RosterChange]], bool],
    *,
    organisation: str | None = None,
) -> Roster | None:
    """Sign the members as the case system lists them, after `confirm` saw what is different; None when it said no.

    The case system is not trusted with this list: the fingerprints are compared with the people themselves.
    """
    signer = roster_signer(vault, organisation)
    newest = case_system.keys.roster()
    held: Roster | None = None
    if newest is not None:
        note = newest[0]
        held = vault.store.call(lambda s: rosters.accept(s, note))
    members, changes = _proposal(case_system.members(), held)
    if not confirm(changes):
        return None
    version = held.version + 1 if held is not None else 1
    roster = Roster(version=version, issued_at=clock.now(), members=members)
    signed = rosters.sign_roster(signer, roster)
    entry = vault.scribe.entry(CustodyAction.ROSTER_SIGNED, clock.now(), reason=f"version {version}")
    vault.store.call(lambda s: s.append_custody(entry))
    case_system.keys.put_roster(signed, newest[1] if newest is not None else None)
    return vault.store.call(lambda s: rosters.accept(s, signed))


def _proposal(untrusted: Sequence[Member], held: Roster | None) -> tuple[tuple[Member, ...], list[RosterChange]]:
    before = {member.id: member for member in held.members} if held is not None else {}
    members: list[Member] = []
    changes: list[RosterChange] = []
    for member in untrusted:
        if not _usable(member):
            changes.append(RosterChange("left out", member))
            continue
        members.append(member)
        if before.get(member.id) != member:
            changes.append(RosterChange("changed" if member.id in before else "new", member))
    kept = {member.id for member in members}
    changes += [RosterChange("gone", member) for member in before.values() if member.id not in kept]
    return tuple(members), changes


def _usable(untrusted: Member) -> bool:
    try:
        age.recipient(untrusted.recipient)
        msgspec.json.encode(untrusted)
    except (age.AgeError, ValueError):
        return False
    return True
