"""Enrolment: makes the vault of a workstation and ties it to a case system and a member."""

from __future__ import annotations

from pathlib import Path

from reviewer.model.errors import VaultError
from reviewer.model.ids import uuid7
from reviewer.model.roles import Member
from reviewer.sync.client import CaseSystem
from reviewer.vault import age, slots
from reviewer.vault.vault import Vault
from reviewer.workstation.desk import ADDRESS, TOKEN


def enrol(folder: Path, *, case_system: str, token: str, passphrase: str, escrow: str) -> Member:
    """Ask the case system who the token belongs to, make that member's vault, and keep address and token in it.

    Returns the member with the recipient of the new vault: the administrator shares cases with it.
    """
    workstation = uuid7()
    with CaseSystem(case_system, token, workstation) as client:
        known = client.me()
    return make_vault(
        folder,
        member=known,
        passphrase=passphrase,
        escrow=escrow_recipient(escrow),
        workstation=workstation,
        address=case_system,
        token=token,
    )


def make_vault(
    folder: Path,
    *,
    member: Member,
    passphrase: str,
    escrow: age.HybridRecipient | age.X25519Recipient,
    workstation: str,
    address: str = "",
    token: str = "",
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
        label=member.name,
        work_factor=work_factor,
    )
    if address:
        connect_vault(folder, passphrase, address, token)
    return made


def connect_vault(folder: Path, passphrase: str, address: str, token: str) -> None:
    """Keep where the case system is and what opens it; both lie in the encrypted store only."""
    opened = Vault(folder).open(passphrase)
    try:
        opened.store.call(lambda s: s.put_setting(ADDRESS, address.encode()))
        opened.store.call(lambda s: s.put_setting(TOKEN, token.encode()))
    finally:
        opened.lock()


def escrow_recipient(text: str) -> age.HybridRecipient | age.X25519Recipient:
    try:
        return age.recipient(text)
    except age.AgeError as error:
        raise VaultError(
            "The escrow recipient is not an age recipient.", kept="Nothing was made.", to_do="Check it and try again."
        ) from error
