"""`reviewer case …` and `reviewer roster …`: the keys of cases, from the first member to the last."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli_shared import Data, at_case_system, one_clear_line

if TYPE_CHECKING:
    from reviewer.sync.client import CaseSystem
    from reviewer.vault.open_vault import OpenVault
    from reviewer.workstation.roster import RosterChange

case_app = typer.Typer(no_args_is_help=True, help="Cases: who holds their keys, and the end of them.")
roster_app = typer.Typer(no_args_is_help=True, help="The supervisor's signed list of members.")

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case's id.")]


@case_app.command("list")
def case_list(data: Data = None) -> None:
    """Every case, one a line: id, number, items, who holds its key."""
    with _at_work(data) as (vault, case_system):
        from reviewer.workstation.case_keys import CaseKeyDesk
        from reviewer.workstation.clock import SystemClock

        for line in CaseKeyDesk(vault, case_system, SystemClock()).cases():
            destroyed = line.destroyed_at
            who = ", ".join(line.holders) if destroyed is None else f"destroyed {destroyed:%Y-%m-%d}"
            print(f"{line.case.id}\t{line.case.number}\t{line.items} items\t{who or 'nobody'}")


@case_app.command("share")
def case_share(
    case: CaseId,
    member: Annotated[str, typer.Option("--with", metavar="MEMBER", help="The member's id, as on the roster.")],
    data: Data = None,
) -> None:
    """Seal the case's key to one more member, by the recipient the signed roster gives them."""
    with _at_work(data) as (vault, case_system):
        from reviewer.workstation.case_keys import CaseKeyDesk
        from reviewer.workstation.clock import SystemClock

        CaseKeyDesk(vault, case_system, SystemClock()).share(case, member)
        print(f"{member} can open the case now.")


@case_app.command("take")
def case_take(
    case: CaseId,
    member: Annotated[str, typer.Option("--from", metavar="MEMBER", help="Whom the case is taken from.")],
    data: Data = None,
) -> None:
    """Give the case a new key without this member. Containers get new headers; their contents are not decrypted."""
    with _at_work(data) as (vault, case_system):
        from reviewer.workstation.case_keys import CaseKeyDesk
        from reviewer.workstation.clock import SystemClock

        taken = CaseKeyDesk(vault, case_system, SystemClock()).take(case, member)
        print(f"The case has a new key: {taken.items} items, held by {', '.join(taken.holders)}.")
        if taken.dropped:
            print(f"Not on the signed roster any more, so without the new key: {', '.join(taken.dropped)}.")
        print("What the member copied before cannot be taken back: see docs/formats.md.")


@case_app.command("destroy")
def case_destroy(
    case: CaseId,
    reason: Annotated[str, typer.Option("--reason", help="One line, kept with the consent: the end of retention…")],
    data: Data = None,
) -> None:
    """Consent to destroying the case's keys. With a second person's consent they are gone, and nothing opens again."""
    with _at_work(data) as (vault, case_system):
        from reviewer.workstation.clock import SystemClock
        from reviewer.workstation.destroying import (
            StillOpens,
            consent_to_destroy,
            obey_tombstones,
            prove_destroyed,
        )

        clock = SystemClock()
        stands = consent_to_destroy(vault, case_system, clock, case, reason)
        if stands.destroyed_at is None:
            print(f"Your consent is kept until {stands.expires_at:%Y-%m-%d %H:%M} UTC. Nothing is destroyed yet:")
            print("somebody else who may destroy cases has to run this command as well.")
            return
        obey_tombstones(vault, case_system, clock)
        proof = prove_destroyed(vault, case_system, case)
        if proof.opened:
            raise StillOpens
        print(
            f"The case's keys are destroyed. {proof.items} items were tried, {proof.reachable} of them still have"
            " a container: none opens."
        )


@case_app.command("outcome")
def case_outcome(
    case: CaseId,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="no_action, arrest, safeguarded, removed or unknown.")
    ],
    text: Annotated[str, typer.Option("--text", help="A few words, as it was heard; at most 500 characters.")] = "",
    data: Data = None,
) -> None:
    """Record what became of a case. Those who worked on it are shown it; it cannot be taken back."""
    from reviewer.model.related import MAX_OUTCOME, OutcomeKind, clean_words

    if kind not in {one.value for one in OutcomeKind}:
        raise typer.BadParameter("no_action, arrest, safeguarded, removed or unknown.", param_hint="--kind")
    words = clean_words(text)
    if len(words) > MAX_OUTCOME:
        raise typer.BadParameter(f"at most {MAX_OUTCOME} characters.", param_hint="--text")
    with _at_work(data) as (_vault, case_system):
        from reviewer.model.ids import uuid7
        from reviewer.model.related import NewOutcome

        outcome = NewOutcome(id=uuid7(), kind=OutcomeKind(kind), text=words)
        recorded = case_system.colleagues.record_outcome(case, outcome)
        print(f"Recorded for case {recorded.case_number}. Those who worked on it see it at their next sync.")


@roster_app.command("sign")
def roster_sign(
    organisation: Annotated[str | None, typer.Option("--organisation", help="Its name; for the first roster.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="The fingerprints were compared already.")] = False,
    data: Data = None,
) -> None:
    """Sign the list of members, after their fingerprints were compared with what their own machines printed."""
    with _at_work(data) as (vault, case_system):
        from reviewer.workstation.clock import SystemClock
        from reviewer.workstation.roster import roster_signer, sign

        confirm = _say_changes if yes else _ask_changes
        roster = sign(vault, case_system, SystemClock(), confirm, organisation=organisation)
        if roster is None:
            print("Nothing was signed.", file=sys.stderr)
            raise typer.Exit(1)
        print(f"Version {roster.version} with {len(roster.members)} members is signed. Your key, for --roster-key:")
        print(roster_signer(vault).verifier)


@roster_app.command("trust")
def roster_trust(
    key: Annotated[str, typer.Argument(help="The line of the supervisor's key, as that person gave it to you.")],
    instead: Annotated[bool, typer.Option("--instead", help="Replace the key trusted so far.")] = False,
    data: Data = None,
) -> None:
    """Trust this supervisor's rosters. Whoever gives you a false key can read what you seal from then on."""
    with _at_work(data) as (vault, _case_system):
        from reviewer.workstation.roster import trust

        trust(vault, key, instead=instead)
        print("Rosters signed with this key are used from now on.")


@roster_app.command("show")
def roster_show(data: Data = None) -> None:
    """The roster in force here, with each member's fingerprint."""
    with _at_work(data) as (vault, case_system):
        from reviewer.workstation.roster import accepted_roster, fingerprint

        roster = accepted_roster(vault, case_system)
        print(f"Version {roster.version}, signed {roster.issued_at:%Y-%m-%d %H:%M} UTC")
        for member in roster.members:
            print(f"{member.id}\t{member.role.value}\t{fingerprint(member)}\t{member.name}")


@contextmanager
def _at_work(data: Path | None) -> Iterator[tuple[OpenVault, CaseSystem]]:
    with one_clear_line(), at_case_system(data) as at_work:
        yield at_work


def _say_changes(changes: Sequence[RosterChange]) -> bool:
    from reviewer.workstation.roster import fingerprint

    for change in changes:
        member = change.member
        print(f"{change.what}\t{member.id}\t{member.role.value}\t{fingerprint(member)}\t{member.name}")
    return True


def _ask_changes(changes: Sequence[RosterChange]) -> bool:
    _say_changes(changes)
    return typer.confirm("Are these the figures the people read to you?", default=False)
