"""Statements about case keys count only as signed by somebody on the roster who may, about this case and up to date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vault_samples import NOW

from reviewer.model.roles import Member, Role
from reviewer.model.statements import CaseKeyStatement, Consent, member_key_name
from reviewer.vault import age
from reviewer.vault.rosters import Roster
from reviewer.vault.signed_note import Signer
from reviewer.vault.statements import (
    ConsentRefused,
    KeyNotVouchedFor,
    open_both_consents,
    open_case_key_statement,
    open_consent,
    sign_statement,
)

BOSS, GATE, ONE = "supervisor-1", "intake-1", "reviewer-1"
SIGNERS = {who: Signer(member_key_name(who), bytes([n]) * 32) for n, who in enumerate((BOSS, GATE, ONE))}
ROLES = {BOSS: Role.SUPERVISOR, GATE: Role.INTAKE, ONE: Role.REVIEWER}
RECIPIENT = str(age.generate_x25519_identity().recipient())
ROSTER = Roster(
    version=1,
    issued_at=NOW,
    members=tuple(
        Member(id=who, name=who, role=ROLES[who], recipient=RECIPIENT, verifier=str(signer.verifier))
        for who, signer in SIGNERS.items()
    ),
)


def statement(who: str = GATE, **change: object) -> CaseKeyStatement:
    made = CaseKeyStatement(case_id="case-1", epoch=2, member_id=who, recipient=RECIPIENT)
    return msgspec.structs.replace(made, **change)


def consent(who: str = BOSS, **change: object) -> Consent:
    made = Consent(
        request="request-1",
        case_id="case-1",
        member_id=who,
        signed_at=NOW,
        expires_at=NOW + timedelta(days=7),
        reason="end of retention",
    )
    return msgspec.structs.replace(made, **change)


def test_a_statement_by_somebody_who_may_is_believed() -> None:
    note = sign_statement(SIGNERS[GATE], statement())
    assert open_case_key_statement(note, ROSTER, case_id="case-1", newest=2) == statement()


@pytest.mark.parametrize(
    ("note", "asked"),
    [
        (sign_statement(SIGNERS[ONE], statement(ONE)), {}),
        (sign_statement(SIGNERS[ONE], statement(GATE)), {}),
        (sign_statement(Signer(member_key_name(GATE), b"\7" * 32), statement()), {}),
        (sign_statement(SIGNERS[GATE], statement("nobody-9")), {}),
        (sign_statement(SIGNERS[GATE], statement()), {"case_id": "case-2"}),
        (sign_statement(SIGNERS[GATE], statement()), {"newest": 3}),
        (sign_statement(SIGNERS[GATE], consent(GATE)), {}),
        ("", {}),
        ("\n" * 9, {}),
    ],
    ids=["may not share", "in another's name", "other key", "not listed", "other case", "older", "consent", "", "\\n"],
)
def test_any_other_is_not(note: str, asked: dict[str, object]) -> None:
    with pytest.raises(KeyNotVouchedFor):
        open_case_key_statement(note, ROSTER, **{"case_id": "case-1", **asked})  # type: ignore[arg-type]


@given(st.data())
def test_no_changed_letter_goes_unnoticed(data: st.DataObject) -> None:
    note = sign_statement(SIGNERS[BOSS], consent())
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != note[at]))
    with pytest.raises(ConsentRefused):
        open_consent(note[:at] + other + note[at + 1 :], ROSTER, case_id="case-1")


FIRST = sign_statement(SIGNERS[BOSS], consent())


def test_two_consents_by_two_people_hold() -> None:
    later = consent(GATE, signed_at=NOW + timedelta(days=6))
    assert open_both_consents((FIRST, sign_statement(SIGNERS[GATE], later)), ROSTER, case_id="case-1") == (
        consent(),
        later,
    )


@pytest.mark.parametrize(
    "second",
    [
        lambda: FIRST,
        lambda: sign_statement(SIGNERS[BOSS], consent(reason="again")),
        lambda: sign_statement(SIGNERS[GATE], consent(GATE, request="request-2")),
        lambda: sign_statement(SIGNERS[GATE], consent(GATE, case_id="case-2")),
        lambda: sign_statement(SIGNERS[ONE], consent(ONE)),
        lambda: sign_statement(SIGNERS[BOSS], consent(GATE)),
        lambda: sign_statement(
            SIGNERS[GATE], consent(GATE, signed_at=NOW + timedelta(days=8), expires_at=NOW + timedelta(days=9))
        ),
        lambda: sign_statement(SIGNERS[GATE], consent(GATE, signed_at=NOW - timedelta(days=1), expires_at=NOW)),
        lambda: sign_statement(SIGNERS[GATE], consent(GATE, expires_at=NOW + timedelta(days=8))),
        lambda: sign_statement(SIGNERS[GATE], statement()),
    ],
    ids=[
        "the same",
        "same person",
        "other request",
        "other case",
        "may not",
        "in another's name",
        "too late",
        "too early",
        "longer than a consent lasts",
        "no consent",
    ],
)
def test_any_other_two_do_not(second: Callable[[], str]) -> None:
    with pytest.raises(ConsentRefused):
        open_both_consents((FIRST, second()), ROSTER, case_id="case-1")
    with pytest.raises(ConsentRefused):
        open_both_consents((FIRST,), ROSTER, case_id="case-1")


@pytest.mark.parametrize("reason", ["", "two\nlines", "tab\there"])
def test_a_reason_is_one_printable_line(reason: str) -> None:
    with pytest.raises(ValueError):
        sign_statement(SIGNERS[BOSS], consent(reason=reason))
