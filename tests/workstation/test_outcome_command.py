"""`reviewer case outcome`: recorded by who may, for a case there is, in words that fit; told to who worked on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from commands import run
from floor import Floor
from test_undoing import decided

from reviewer.demo.organisation import PASSPHRASE, SUPERVISOR
from reviewer.model.related import MAX_OUTCOME, OutcomeKind
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]
HEARD = "The gardener is back home."


def outcome(floor: Floor, member_id: str, *words: str):  # type: ignore[no-untyped-def]
    return run("case", "outcome", *words, data=floor.organisation.workstation(member_id), PASSPHRASE=PASSPHRASE)


def told(floor: Floor, member_id: str) -> list[tuple[str, OutcomeKind, str]]:
    with floor.organisation.client(member_id) as client:
        return [(one.case_number, one.kind, one.text) for one in client.colleagues.outcomes()]


def test_who_worked_on_the_case_is_told_what_the_supervisor_typed(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    item, _ = decided(own_floor, session)
    session._sync.now()
    other = own_floor.newcomer()
    done = outcome(own_floor, SUPERVISOR, item.case_id, "--kind", "safeguarded", "--text", f"  {HEARD}\x1b[31m\n")
    assert done.returncode == 0, done.stderr
    ((number, kind, text),) = told(own_floor, own_floor.reviewer)
    assert (kind, text.startswith(HEARD)) == (OutcomeKind.SAFEGUARDED, True)
    assert not any(ord(letter) < 32 for letter in text)
    assert done.stdout == f"Recorded for case {number}. Those who worked on it see it at their next sync.\n"
    assert HEARD not in done.stdout + done.stderr
    assert told(own_floor, other) == []


def test_nothing_is_recorded_by_a_reviewer_or_for_a_case_that_is_not_there(own_floor: Floor) -> None:
    case = own_floor.open_case()
    for who, case_id, words in (
        (own_floor.reviewer, case.id, "Your role does not allow this."),
        (SUPERVISOR, "no-such-case", ""),
    ):
        done = outcome(own_floor, who, case_id, "--kind", "arrest")
        assert done.returncode == 1, done.stdout
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


@pytest.mark.parametrize("words", [("--kind", "vanished"), ("--kind", "arrest", "--text", "a" * (MAX_OUTCOME + 1)), ()])
def test_what_does_not_fit_is_refused_before_anything_is_opened(own_floor: Floor, words: tuple[str, ...]) -> None:
    done = run("case", "outcome", "a-case", *words, data=own_floor.root / "nowhere", PASSPHRASE="x")
    assert done.returncode == 2
    assert "a" * (MAX_OUTCOME + 1) not in done.stderr
