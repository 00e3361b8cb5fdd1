"""Statements about case keys, signed by members' vaults and checked against the accepted roster.

Which key a case has is signed because a sealed key alone proves nothing: anybody can seal a key of theirs to a known
recipient, and a case system that did so would read whatever is sealed to the case from then on.
"""

from __future__ import annotations

from collections.abc import Sequence

from reviewer.model.errors import VaultError
from reviewer.model.roles import Permission, may
from reviewer.model.statements import (
    CaseKeyStatement,
    Consent,
    belong_together,
    read_case_key,
    read_consent,
)
from reviewer.vault.rosters import Roster
from reviewer.vault.signed_note import Signer, Verifier, open_signed


class KeyNotVouchedFor(VaultError):
    code = "V013"
    happened = "Nobody on the signed list of members vouches for this case's key, so it was not used."
    kept = "Nothing was sealed or shared with it."
    to_do = "Tell your supervisor: the case system may have been tampered with."


class ConsentRefused(VaultError):
    code = "V014"
    happened = "The consent to destroy this case does not verify."
    kept = "Nothing was destroyed."
    to_do = "Ask the person for a new consent."


def sign_statement(signer: Signer, statement: CaseKeyStatement | Consent) -> str:
    """The signed note. `signer` is the member's own (`OpenVault.member_signer`). ValueError for unfit values."""
    return signer.sign(statement.text)


def open_case_key_statement(untrusted_note: str, roster: Roster, *, case_id: str, newest: int = 0) -> CaseKeyStatement:
    """KeyNotVouchedFor unless signed by somebody on the roster who may share cases, about this case, not outdated."""
    try:
        statement = read_case_key(_signed_by_member(untrusted_note, roster, 3, Permission.SHARE_CASES))
    except (ValueError, IndexError):
        raise KeyNotVouchedFor from None
    if statement.case_id != case_id or statement.epoch < newest:
        raise KeyNotVouchedFor("What the case system holds is the key of another case, or one that was replaced.")
    return statement


def open_consent(untrusted_note: str, roster: Roster, *, case_id: str) -> Consent:
    """ConsentRefused unless signed by somebody on the roster who may destroy cases, about this case."""
    try:
        consent = read_consent(_signed_by_member(untrusted_note, roster, 3, Permission.DESTROY_CASES))
    except (ValueError, IndexError):
        raise ConsentRefused from None
    if consent.case_id != case_id:
        raise ConsentRefused("The consent is for another case.")
    return consent


def open_both_consents(untrusted_notes: Sequence[str], roster: Roster, *, case_id: str) -> tuple[Consent, Consent]:
    """ConsentRefused unless they are two people's, for one request, the second while the first still held."""
    if len(untrusted_notes) != 2:
        raise ConsentRefused
    first, second = (open_consent(note, roster, case_id=case_id) for note in untrusted_notes)
    if not belong_together(first, second):
        raise ConsentRefused("The two consents do not belong together, or are by the same person.")
    return first, second


def _signed_by_member(untrusted_note: str, roster: Roster, line: int, permission: Permission) -> str:
    """The text, checked with the key the roster gives whoever the text names on this line. ValueError otherwise."""
    claimed = untrusted_note.split("\n", line + 1)[line]
    member = next(member for member in (*roster.members, None) if member is None or member.id == claimed)
    if member is None or not may(member.role, permission):
        raise ValueError("not by somebody who may")
    return open_signed(untrusted_note, Verifier.parse(member.verifier))
