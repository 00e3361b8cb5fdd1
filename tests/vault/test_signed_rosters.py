"""An unsigned, altered or outdated roster is refused: nobody slips a recipient of their own into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from vault_samples import NOW

from reviewer.model.roles import Member, Role
from reviewer.vault import age
from reviewer.vault.rosters import ORIGIN, Roster, RosterRefused, accept, current, open_roster, pin, sign_roster
from reviewer.vault.signed_note import Signer
from reviewer.vault.store import Store

SUPERVISOR = Signer(ORIGIN + "org-1", bytes(32))
IDENTITIES = [age.generate_identity() for _ in range(3)]
MEMBERS = tuple(
    Member(id=f"m-{n}", name=f"Reviewer {n}", role=Role.REVIEWER, recipient=str(identity.recipient()))
    for n, identity in enumerate(IDENTITIES)
)
IMPOSTOR = Signer(SUPERVISOR.name, b"\2" * 32)
ROSTER = Roster(version=7, issued_at=NOW, members=MEMBERS)
NOTE = sign_roster(SUPERVISOR, ROSTER)


def test_it_reads_back_as_it_was_signed() -> None:
    assert open_roster(NOTE, SUPERVISOR.verifier) == ROSTER
    assert str(ROSTER.recipient_of("m-1")) == MEMBERS[1].recipient


def test_somebody_who_is_not_on_it_has_no_recipient() -> None:
    with pytest.raises(RosterRefused):
        ROSTER.recipient_of("m-9")


def test_sixty_post_quantum_members_fit() -> None:
    many = tuple(msgspec.structs.replace(MEMBERS[0], id=f"m-{n}") for n in range(60))
    roster = msgspec.structs.replace(ROSTER, members=many)
    assert open_roster(sign_roster(SUPERVISOR, roster), SUPERVISOR.verifier) == roster


OTHER = str(age.generate_identity().recipient())


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace(MEMBERS[0].recipient, OTHER),
        lambda note: note.replace("m-0", "m-8"),
        lambda note: note.replace('reviewer"', 'supervisor"'),
        lambda note: note.replace("\n7\n", "\n8\n"),
        lambda note: "\n".join(note.split("\n")[:3] + note.split("\n")[4:]),
        lambda note: note.split("\n\n")[0] + "\n",
        lambda note: note + "\n",
        lambda note: "",
        lambda note: "x" * (9 << 20),
    ],
)
def test_an_altered_or_unsigned_roster_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(RosterRefused):
        open_roster(change(NOTE), SUPERVISOR.verifier)


def test_a_roster_signed_by_somebody_else_is_refused() -> None:
    with pytest.raises(RosterRefused):
        open_roster(sign_roster(Signer(SUPERVISOR.name, b"\1" * 32), ROSTER), SUPERVISOR.verifier)


def test_an_older_roster_is_refused_the_same_one_is_not() -> None:
    assert open_roster(NOTE, SUPERVISOR.verifier, newest_seen=7).version == 7
    with pytest.raises(RosterRefused):
        open_roster(NOTE, SUPERVISOR.verifier, newest_seen=8)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["1"],
        ["0", NOW.isoformat()],
        ["1", "yesterday"],
        ["1", "2026-11-21T12:00:00"],
        ["1", NOW.isoformat(), "{}"],
        ["1", NOW.isoformat(), "not json"],
        ["1", NOW.isoformat(), *2 * [msgspec.json.encode(MEMBERS[0]).decode()]],
        ["1", NOW.isoformat(), msgspec.json.encode(msgspec.structs.replace(MEMBERS[0], recipient="x")).decode()],
    ],
)
def test_what_is_signed_but_no_roster_is_refused(lines: list[str]) -> None:
    note = SUPERVISOR.sign("\n".join([SUPERVISOR.name, *lines]) + "\n")
    with pytest.raises(RosterRefused):
        open_roster(note, SUPERVISOR.verifier)


def test_a_text_of_another_kind_signed_with_the_same_key_is_no_roster() -> None:
    custody = SUPERVISOR.under("reviewer.invalid/custody/ws-1")
    with pytest.raises(RosterRefused):
        open_roster(custody.sign("reviewer.invalid/custody/ws-1\n1\n" + NOW.isoformat() + "\n"), custody.verifier)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path / "store.db", bytes(32))
    yield store
    store.close()


def test_a_vault_accepts_only_what_the_pinned_supervisor_signed_and_never_an_older_one(store: Store) -> None:
    with pytest.raises(RosterRefused):
        accept(store, NOTE)
    with pytest.raises(RosterRefused):
        current(store)
    pin(store, SUPERVISOR.verifier)
    pin(store, SUPERVISOR.verifier)
    accept(store, NOTE)
    accept(store, NOTE)
    newer = msgspec.structs.replace(ROSTER, version=8, members=MEMBERS[:1])
    accept(store, sign_roster(SUPERVISOR, newer))
    other = msgspec.structs.replace(newer, members=MEMBERS[:2])
    for refused in (NOTE, sign_roster(SUPERVISOR, other), sign_roster(IMPOSTOR, ROSTER), ""):
        with pytest.raises(RosterRefused):
            accept(store, refused)
    with pytest.raises(RosterRefused):
        pin(store, IMPOSTOR.verifier)
    assert current(store) == newer
