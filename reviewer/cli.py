"""The `reviewer` command. Exit codes: 0 done, 1 refused or failed with one clear line on stderr, 2 usage.

Heavy imports happen inside the commands: `reviewer --help` must not load Qt, and nothing may run before the process
is hardened.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from reviewer.vault.hardening import harden_process

harden_process()

import typer  # noqa: E402  (hardening comes first)

from reviewer.cli_cases import case_app, roster_app  # noqa: E402
from reviewer.cli_handoff import handoff_app, report  # noqa: E402
from reviewer.cli_known import known_app  # noqa: E402
from reviewer.cli_media import media_app  # noqa: E402
from reviewer.cli_shared import Data, folder, new_passphrase, one_clear_line, passphrase, secret  # noqa: E402

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks show local variables
    help="The workstation for people who review harmful material.",
)
vault_app = typer.Typer(no_args_is_help=True, help="The vault on this machine.")
casesystem_app = typer.Typer(no_args_is_help=True, help="The reference case system.")
custody_app = typer.Typer(no_args_is_help=True, help="The custody log.")
app.add_typer(vault_app, name="vault")
app.add_typer(casesystem_app, name="casesystem")
app.add_typer(custody_app, name="custody")
app.add_typer(handoff_app, name="handoff")
app.add_typer(case_app, name="case")
app.add_typer(roster_app, name="roster")
app.add_typer(media_app, name="media")
app.add_typer(known_app, name="known")


@app.callback(invoke_without_command=True)
def workstation(context: typer.Context, data: Data = None) -> None:
    """Open the workstation."""
    if context.invoked_subcommand is not None:
        return
    with one_clear_line():
        from reviewer.workstation.start import open_workstation

        raise typer.Exit(open_workstation(folder(data)))


@app.command()
def demo(
    tour: Annotated[
        Path | None, typer.Option("--tour", help="Drive a whole shift; pictures and summary go here.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the disposable organisation's folder.")] = False,
) -> None:
    """A disposable organisation with synthetic evidence and an embedded case system."""
    with one_clear_line():
        from reviewer.demo.start import run_demo

        raise typer.Exit(run_demo(tour, keep=keep))


@vault_app.command("init")
def vault_init(
    case_system: Annotated[str, typer.Option("--case-system", help="Address of the case system.")],
    escrow: Annotated[str, typer.Option("--escrow", help="The organisation's escrow recipient (age1pq…).")],
    roster_key: Annotated[
        str | None, typer.Option("--roster-key", help="Your supervisor's key, as that person gave it to you.")
    ] = None,
    label: Annotated[str, typer.Option("--label", help="What the locked window may show; nothing by default.")] = "",
    data: Data = None,
) -> None:
    """Make the vault of this machine and enrol its user. The token and passphrase are asked for, never arguments."""
    with one_clear_line():
        from reviewer.workstation.enrol import enrol
        from reviewer.workstation.roster import fingerprint

        token = secret("Bearer token from your administrator: ", "REVIEWER_TOKEN")
        member = enrol(
            folder(data),
            case_system=case_system,
            token=token,
            passphrase=new_passphrase(),
            escrow=escrow,
            roster_key=roster_key,
            label=label,
        )
        print(f"The vault is ready for {member.name}, with this recipient:\n{member.recipient}")
        print(f"Read these figures to your supervisor, who compares them and signs:\n{fingerprint(member)}")


@vault_app.command("status")
def vault_status(data: Data = None) -> None:
    """Whether there is a vault here and which ways in it has. Opens nothing."""
    from reviewer.vault.vault import Vault

    vault = Vault(folder(data))
    if not vault.exists:
        print("There is no vault here.", file=sys.stderr)
        raise typer.Exit(1)
    print("There is a vault here. Ways in: " + ", ".join(vault.ways_in()) + ".")


@vault_app.command("passwd")
def vault_passwd(data: Data = None) -> None:
    """Change the passphrase. The store is not re-encrypted; its key gets a new envelope."""
    with one_clear_line():
        from reviewer.vault.vault import Vault

        old = secret("Passphrase: ", "REVIEWER_PASSPHRASE")
        Vault(folder(data)).change_passphrase(old, new_passphrase())
        print("The passphrase is changed.")


@vault_app.command("recover")
def vault_recover(
    identity: Annotated[Path, typer.Option("--identity", help="File with the organisation's escrow identity.")],
    data: Data = None,
) -> None:
    """Open the recovery slot with the escrow identity and set a new passphrase."""
    with one_clear_line():
        from reviewer.vault import age
        from reviewer.vault.vault import Vault
        from reviewer.workstation.clock import SystemClock

        escrow = age.identity(identity.read_text(encoding="utf-8").strip())
        Vault(folder(data)).recover(escrow, new_passphrase(), at=SystemClock().now())
        print("The vault opens with the new passphrase.")


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(help="Files to take in.", exists=True, dir_okay=False)],
    case: Annotated[str, typer.Option("--case", help="The case's id.")],
    harm_type: Annotated[str, typer.Option("--harm-type", help="A harm type of the policy.")] = "other",
    data: Data = None,
) -> None:
    """Take files in: fingerprint in the sealed worker, encrypt to the case, register. The files are only read.

    The files inside an archive and an e-mail's attachments become items as well. One that cannot be unpacked is named
    on stderr and the rest goes on; the exit code is 1 then. The same file again gives the same items.
    """
    with one_clear_line():
        from reviewer.intake.unpacking import LeftOut
        from reviewer.workstation.ingest import ingest_files

        all_in = True
        for outcome in ingest_files(folder(data), passphrase(), case, harm_type, files):
            if isinstance(outcome, LeftOut):
                all_in = False
                print(f"{outcome.exhibit}: {outcome.error}", file=sys.stderr, flush=True)
            else:
                print(outcome.id, flush=True)
        if not all_in:
            raise typer.Exit(1)


@app.command()
def sync(data: Data = None) -> None:
    """Send what is waiting and pull the queue, once."""
    with one_clear_line():
        from reviewer.workstation.start import sync_once

        state = sync_once(folder(data), passphrase())
        print(f"waiting {state.waiting}, parked {state.parked}")
        if state.trouble:
            print(state.trouble, file=sys.stderr)
        raise typer.Exit(1 if state.trouble or state.parked else 0)


@casesystem_app.command("serve")
def casesystem_serve(
    database: Annotated[str, typer.Option("--database", help="SQLAlchemy URL.")] = "",
    blobs: Annotated[str, typer.Option("--blobs", help="Folder for ciphertext.")] = "",
    port: Annotated[int, typer.Option("--port", help="Loopback port; 0 picks one.")] = 8420,
    policy: Annotated[Path | None, typer.Option("--policy", help="The policy (TOML); the default one if none.")] = None,
    data: Data = None,
) -> None:
    """Serve the reference case system on loopback."""
    with one_clear_line():
        from reviewer.casesystem.policy_file import policy_of, terms_of
        from reviewer.casesystem.serve import serve
        from reviewer.resources import resource

        root = folder(data) / "casesystem"
        if not database or not blobs:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
        asked = policy_of(policy or resource("policy.toml"))
        serve(
            database or f"sqlite:///{root / 'casesystem.db'}",
            Path(blobs) if blobs else root / "blobs",
            port=port,
            ready=lambda bound: print(f"http://127.0.0.1:{bound}", flush=True),
            terms=terms_of(asked),
            second_review=asked.second_review,
        )


@custody_app.command("verify")
def custody_verify(data: Data = None) -> None:
    """Check every entry of the custody log against its tree and the signed checkpoints."""
    with one_clear_line():
        from reviewer.workstation.custody import verify_custody

        print(verify_custody(folder(data), passphrase()))


@custody_app.command("export")
def custody_export(
    target: Annotated[Path, typer.Argument(help="Where to write the entries with their proofs (JSON lines).")],
    data: Data = None,
) -> None:
    """Export the custody log with inclusion proofs and the latest checkpoint."""
    with one_clear_line():
        from reviewer.workstation.custody import export_custody

        count = export_custody(folder(data), passphrase(), target)
        print(f"{count} entries written.")


app.command()(report)


@app.command()
def posture(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    data: Data = None,
) -> None:
    """Each protection, whether it is in force here, and how that was checked. Exit 1 if a required one is missing."""
    with one_clear_line():
        import json
        from dataclasses import asdict

        from reviewer.workstation.posture import posture_of_machine

        lines = posture_of_machine()
        if as_json:
            print(json.dumps({"protections": [asdict(line) for line in lines]}, indent=2))
        else:
            for line in lines:
                state = "in force" if line.in_force else "MISSING" if line.required else "missing"
                print(f"{state:9} {line.words}: {line.how}")
        raise typer.Exit(0 if all(line.in_force for line in lines if line.required) else 1)


def main() -> None:
    app()
