"""Enrolment: makes the vault of a workstation and ties it to a case system and a member."""

from __future__ import annotations

from pathlib import Path

from reviewer.model.errors import VaultError
from reviewer.model.ids import uuid7
from reviewer.model.roles import Member
from reviewer.sync.client import CaseSystem
from reviewer.vault import age, rosters, slots
from reviewer.vault.signed_note import Verifier
from reviewer.vault.vault import Vault
from reviewer.workstation.desk import ADDRESS, TOKEN
from reviewer.workstation.roster import supervisors_key


def enrol(
    folder: Path,
    *,
    case_system: str,
    token: str,
    passphrase: str,
    escrow: str,
    roster_key: str | None = None,
    label: str = "",
) -> Member:
    """Ask the case system who the token belongs to, make that member's vault, and keep address and token in it.

    Returns the member with recipient and verifier of the new vault, which the case system is told as well. They count
    once the supervisor has signed a roster with them. `roster_key` is the supervisor's, got from the supervisor.
    `label` is what the locked window shows and the disk then says about the person: nothing unless they choose it.
    """
    workstation = uuid7()
    pinned = supervisors_key(roster_key) if roster_key is not None else None
    with CaseSystem(case_system, token, workstation) as client:
        known = client.me()
        made = make_vault(
            folder,
            member=known,
            passphrase=passphrase,
            escrow=escrow_recipient(escrow),
            workstation=workstation,
            address=case_system,
            token=token,
            roster_key=pinned,
            label=label,
        )
        client.keys.enrol(made.recipient, made.verifier)
    return made


def make_vault(
    folder: Path,
    *,
    member: Member,
    passphrase: str,
    escrow: age.HybridRecipient | age.X25519Recipient,
    workstation: str,
    address: str = "",
    token: str = "",
    roster_key: Verifier | None = None,
    label: str = "",
    work_factor: int = slots.WORK_FACTOR,
) -> Member:
    vault = Vault(folder)
    made = vault.create(
        passphrase,
        escrow,
        member_id=member.id,
        name=member.name,
        role=member.role,
        workstation=workstation,
        label=label,
        work_factor=work_factor,
    )
    if address:
        connect_vault(folder, passphrase, address, token, roster_key=roster_key)
    return made


def connect_vault(
    folder: Path, passphrase: str, address: str, token: str, *, roster_key: Verifier | None = None
) -> None:
    """Keep where the case system is, what opens it, and whose rosters count; all in the encrypted store only."""
    opened = Vault(folder).open(passphrase)
    try:
        opened.store.call(lambda s: s.put_setting(ADDRESS, address.encode()))
        opened.store.call(lambda s: s.put_setting(TOKEN, token.encode()))
        if roster_key is not None:
            opened.store.call(lambda s: rosters.pin(s, roster_key))
    finally:
        opened.lock()


def escrow_recipient(text: str) -> age.HybridRecipient | age.X25519Recipient:
    try:
        return age.recipient(text)
    except age.AgeError as error:
        raise VaultError(
            "The escrow recipient is not an age recipient.", kept="Nothing was made.", to_do="Check it and try again."
        ) from error
