"""`reviewer handoff …` and `reviewer report …`: packages from the command line, built, verified, sent, followed up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli_shared import Data, at_case_system, interruptible, one_clear_line

if TYPE_CHECKING:
    from reviewer.model.policy import Policy
    from reviewer.ui.handoff_ports import Progress
    from reviewer.vault.open_vault import OpenVault
    from reviewer.workstation.handing_off import HandingOff

handoff_app = typer.Typer(no_args_is_help=True, help="Handoff packages: built, verified, sent, followed up.")

CaseId = Annotated[str, typer.Option("--case", metavar="CASE", help="The case's id (`reviewer case list`).")]
HandoffId = Annotated[str, typer.Argument(metavar="HANDOFF", help="The package's id (`reviewer handoff list`).")]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy", exists=True, help="The organisation's policy (default: the one in force on this machine)."
    ),
]


@handoff_app.command("build")
def handoff_build(
    case: CaseId,
    agency: Annotated[str, typer.Option("--agency", metavar="KEY", help="To whom: an agency's key in the policy.")],
    to: Annotated[Path, typer.Option("--to", file_okay=False, help="The folder for the package and its kit.")],
    item: Annotated[
        list[str] | None, typer.Option("--item", help="An item's id or exhibit number; default: those to be reported.")
    ] = None,
    imminence: Annotated[str, typer.Option("--imminence", help="Who is in danger, and how that is known.")] = "",
    location: Annotated[str, typer.Option("--location", help='Clues to a place, or "none known".')] = "",
    accounts: Annotated[str, typer.Option("--accounts", help='Accounts concerned, or "none known".')] = "",
    times: Annotated[str, typer.Option("--times", help="When things happened, each with its zone.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="Who answers the recipient's questions, and how.")] = "",
    legal_basis: Annotated[str, typer.Option("--legal-basis", help="Under what this is handed off.")] = "",
    retention: Annotated[str, typer.Option("--retention", help="How long the material is kept here.")] = "",
    content_date: Annotated[
        str,
        typer.Option(
            "--content-date",
            help="The day what was removed or restricted was posted, for the EU's statement.",
        ),
    ] = "",
    overrule: Annotated[
        str,
        typer.Option("--overrule", help="As a supervisor: seal for this agency although answers are missing; why."),
    ] = "",
    thumbnails: Annotated[bool, typer.Option("--thumbnails", help="Veiled thumbnails in the report.")] = False,
    cybertip: Annotated[
        bool | None,
        typer.Option("--cybertip/--no-cybertip", help="A CyberTipline report inside; default: if its form fits."),
    ] = None,
    letter: Annotated[str, typer.Option("--letter", help="A letter's id: its newest version goes along.")] = "",
    custody: Annotated[
        list[Path] | None,
        typer.Option("--custody", exists=True, help="A custody export of another workstation; may be repeated."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what was interrupted.")] = False,
    policy: PolicyFile = None,
    data: Data = None,
) -> None:
    """Seal a case for an agency. Whole, re-read and verified, or not there at all; Ctrl+C stops, --resume goes on."""
    import msgspec

    with _at_work(data, policy) as (desk, _vault), interruptible() as check:
        from reviewer.model.handoff_answers import HandoffAnswers
        from reviewer.model.statement_fields import statement_lacks
        from reviewer.ui.handoff_ports import Choice

        told = _Told(check)
        if resume:
            _say_built(desk.resume(case, progress=told.progress, cancelled=told.cancelled))
            return
        outline = desk.outline(case)
        written = HandoffAnswers(
            imminence=imminence,
            location_clues=location,
            accounts=accounts,
            times=times,
            contact=contact,
            legal_basis=legal_basis,
            retention=retention,
            content_date=content_date,
        )
        given = {name: text for name, text in msgspec.structs.asdict(written).items() if text}
        wanted = set(item or ())
        named = [one.item for one in outline.items if wanted & {one.item.id, one.item.exhibit}]
        if unknown := wanted - {one.id for one in named} - {one.exhibit for one in named}:
            raise typer.BadParameter(f"{len(unknown)} of them are not of this case.", param_hint="--item")
        choice = Choice(
            case_id=case,
            item_ids=tuple(one.id for one in named) if wanted else outline.chosen,
            agency=agency,
            answers=msgspec.structs.replace(outline.answers, **given),
            thumbnails=thumbnails,
            cybertip=outline.reportable if cybertip is None else cybertip,
            letter_id=letter,
        )
        desk.keep_answers(case, choice.answers)
        if overrule and (lacking := desk.missing(choice)):
            desk.overrule(case, agency, lacking, overrule)
        chosen = [one for one in outline.items if one.item.id in choice.item_ids]
        if lacks := statement_lacks(chosen, choice.answers, desk.territorial_scope):
            fields = ", ".join(field.value for field in lacks)
            print(f"Missing in the EU's statement of reasons, and left out of it: {fields}.", file=sys.stderr)
        built = desk.build(choice, to, progress=told.progress, cancelled=told.cancelled, exports=tuple(custody or ()))
        _say_built(built)


@handoff_app.command("verify")
def handoff_verify(
    package: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The sealed package.")],
    ca: Annotated[Path, typer.Option("--ca", exists=True, help="The sender's authority, PEM.")],
    identity: Annotated[
        Path | None, typer.Option("--identity", exists=True, help="The recipient's age identity, or private key (PEM).")
    ] = None,
    tsa_ca: Annotated[Path | None, typer.Option("--tsa-ca", exists=True, help="The time authority's, PEM.")] = None,
) -> None:
    """Open a package with the recipient's key and check everything in it, writing nothing; exit 1 if anything is off.

    A ZIP's passphrase is asked for, or read from REVIEWER_PACKAGE_PASSPHRASE.
    """
    with one_clear_line():
        from reviewer.cli_shared import secret
        from reviewer.workstation.package_check import check_package, is_zip

        told = secret("The package's passphrase: ", "REVIEWER_PACKAGE_PASSPHRASE") if is_zip(package) else ""
        for line in check_package(package, identity=identity, passphrase=told, ca=ca, tsa_ca=tsa_ca):
            print(line)


@handoff_app.command("send")
def handoff_send(handoff: HandoffId, policy: PolicyFile = None, data: Data = None) -> None:
    """Send the package's CyberTipline report to the clearing house: shown first, then asked for a second time."""
    with _at_work(data, policy) as (desk, _vault), interruptible() as check:
        sending = desk.prepare_sending(handoff)
        print(sending.xml)
        for exhibit, size, viewed in sending.files:
            print(f"{exhibit}\t{size} bytes\tseen by a person: {'yes' if viewed else 'no'}")
        print(f"To {sending.address}")
        if sending.high_priority:
            print(f"HIGH PRIORITY: {sending.high_priority}")
        print("Nothing has been sent yet.")
        if typer.prompt("Type the word send to send it now") != "send":
            print("Nothing was sent.", file=sys.stderr)
            raise typer.Exit(1)
        told = _Told(check)
        sent = desk.send(sending, progress=told.progress, cancelled=told.cancelled)
        told.end()
        print(f"Confirmed as report {sent.report_id}, {sent.files} files. Receipt SHA-256 {sent.receipt_sha256}")


@handoff_app.command("sent")
def handoff_sent(
    handoff: HandoffId,
    to: Annotated[str, typer.Option("--to", help="To whom, and how.")],
    policy: PolicyFile = None,
    data: Data = None,
) -> None:
    """Record that a package was sent, now. Its preservation begins."""
    _record_step(handoff, "sent", data, policy, to=to)


@handoff_app.command("received")
def handoff_received(
    handoff: HandoffId,
    receipt: Annotated[str, typer.Option("--receipt", help="What the recipient called it.")] = "",
    receipt_file: Annotated[
        Path | None,
        typer.Option("--receipt-file", exists=True, dir_okay=False, help="The receipt: its SHA-256 is kept."),
    ] = None,
    policy: PolicyFile = None,
    data: Data = None,
) -> None:
    """Record the recipient's receipt."""
    import hashlib

    digest = ""
    if receipt_file is not None:
        with receipt_file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    _record_step(handoff, "received", data, policy, receipt=receipt, receipt_sha256=digest)


@handoff_app.command("list")
def handoff_list(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id.")],
    policy: PolicyFile = None,
    data: Data = None,
) -> None:
    """Every package of a case, one a line: id, built, sent, received, SHA-256."""
    with _at_work(data, policy) as (desk, _vault):
        from reviewer.model.handoff import StepKind

        for one in desk.made(case):
            said = []
            for kind in StepKind:
                step = one.step(kind)
                said.append(f"{kind.value} {step.at:%Y-%m-%d %H:%M}" if step is not None else f"not {kind.value}")
            print("\t".join((one.made.id, one.made.agency, *said, one.made.package_sha256)))
            _say_kept_unread(desk, one.made.id)


@handoff_app.command("readdress")
def handoff_readdress(
    container: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A sealed age file; changed in place.")
    ],
    identity: Annotated[Path, typer.Option("--identity", exists=True, help="An age identity that opens it.")],
    to: Annotated[list[str], typer.Option("--to", metavar="RECIPIENT", help="Who can open it from now on.")],
) -> None:
    """Give an age file other recipients by its header alone. Who could open the old one still can open old copies."""
    with one_clear_line():
        from reviewer.workstation.package_check import readdress_file

        print(readdress_file(container, identity, to))


@handoff_app.command("certificate")
def handoff_certificate(
    key: Annotated[Path, typer.Option("--key", exists=True, help="The private key, PEM, without a passphrase.")],
    certificate: Annotated[Path, typer.Option("--certificate", exists=True, help="Its certificate and chain, PEM.")],
    ca: Annotated[Path, typer.Option("--ca", exists=True, help="The authority recipients check with, PEM.")],
    tsa_ca: Annotated[Path | None, typer.Option("--tsa-ca", exists=True, help="The time authority's, PEM.")] = None,
    data: Data = None,
) -> None:
    """Put the organisation's signing key into this vault. Remove the key's file afterwards: it is not encrypted."""
    with one_clear_line(), at_case_system(data) as (vault, _case_system):
        from reviewer.workstation.clock import SystemClock
        from reviewer.workstation.package_papers import signed_for_recipients, signing_key
        from reviewer.workstation.signing_material import SigningMaterial, keep_signing_material

        material = SigningMaterial(
            signing=key.read_bytes() + b"\n" + certificate.read_bytes(),
            ca=ca.read_bytes(),
            tsa_ca=tsa_ca.read_bytes() if tsa_ca is not None else b"",
        )
        at = SystemClock().now()
        signed_for_recipients(b"tried once", signing_key(material, at, kept=False), material, at)
        keep_signing_material(vault, material)
        print("Packages built here are signed with it from now on. Remove the key's file: it is not encrypted.")


@handoff_app.command("credentials")
def handoff_credentials(
    user: Annotated[str, typer.Option("--user", help="The name the clearing house gave you.")], data: Data = None
) -> None:
    """Keep the clearing house's user and password in this vault. The password is asked for."""
    from reviewer.cli_shared import secret

    with one_clear_line(), at_case_system(data) as (vault, _case_system):
        from reviewer.workstation.report_sending import keep_credentials

        keep_credentials(vault, user, secret("The clearing house's password: ", "REVIEWER_CLEARING_PASSWORD"))
        print("Kept in the vault.")


def report(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id.")],
    to: Annotated[Path, typer.Option("--to", dir_okay=False, help="The PDF to write; never over a file.")],
    thumbnails: Annotated[bool, typer.Option("--thumbnails", help="With veiled thumbnails.")] = False,
    policy: PolicyFile = None,
    data: Data = None,
) -> None:
    """The report of a case as a signed PDF, as it would lie in a package. It is not encrypted."""
    with _at_work(data, policy) as (desk, _vault):
        desk.write_report(case, to, thumbnails=thumbnails)
        print("Written. It is not encrypted: whoever has the file can read it.")


def _record_step(handoff: str, kind: str, data: Path | None, policy: Path | None, **fields: str) -> None:
    with _at_work(data, policy) as (desk, _vault):
        from reviewer.model.handoff import NewStep, StepKind
        from reviewer.model.ids import uuid7
        from reviewer.workstation.clock import SystemClock

        step = NewStep(id=uuid7(), kind=StepKind(kind), at=SystemClock().now(), **fields)
        desk.record_step(handoff, step)
        print("Recorded.")
        _say_kept_unread(desk, handoff)


def _say_kept_unread(desk: HandingOff, handoff: str) -> None:
    """That the agency's span counts, where what was told of the package just now began one without the referral's."""
    unread = desk.kept_unread(handoff)
    if unread is None:
        return
    how = "The policy has no rule for the agency: nothing keeps the case from being destroyed."
    if unread.rule is not None:
        rule = unread.rule
        how = f"It is kept by the agency's rule ({rule.jurisdiction}, until {rule.ends_on}), not by the referral's."
    print(
        f"You cannot read this case, so where its referral comes from is not known here. {how} "
        "Have somebody who can read the case record that it was sent too.",
        file=sys.stderr,
    )


def _say_built(built: object) -> None:
    from reviewer.ui.handoff_ports import Built

    assert isinstance(built, Built)
    print(f"\r{built.path}")
    print(f"SHA-256 {built.handoff.made.package_sha256}, id {built.handoff.made.id}")
    print(f"For the recipient: {built.kit}")
    if built.not_stamped:
        print(f"Not stamped: {built.not_stamped}")
    if built.passphrase:
        print(f"Passphrase, to be told by another way and kept nowhere: {built.passphrase}")


class _Told:
    """Progress on standard error, and Ctrl+C as cancel."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._said = ""

    def progress(self, progress: Progress) -> None:
        share = f" {progress.done * 100 // progress.total} %" if progress.total else ""
        said = f"{progress.phase}{share}"
        if said != self._said and sys.stderr.isatty():
            print(f"\r{said:<20}", end="", file=sys.stderr, flush=True)
        self._said = said

    def cancelled(self) -> bool:
        try:
            self._check()
        except KeyboardInterrupt:
            return True
        return False

    def end(self) -> None:
        if self._said and sys.stderr.isatty():
            print(file=sys.stderr)


@contextmanager
def _at_work(data: Path | None, policy: Path | None) -> Iterator[tuple[HandingOff, OpenVault]]:
    with one_clear_line():
        from reviewer.workstation.handoff_command import at_handoff

        with at_case_system(data) as (vault, case_system), at_handoff(vault, case_system, _policy(policy)) as desk:
            yield desk, vault


def _policy(path: Path | None) -> Policy:
    from reviewer.model.policy import read_policy
    from reviewer.workstation.policy_in_force import policy_in_force

    return policy_in_force() if path is None else read_policy(path.read_text(encoding="utf-8"))
