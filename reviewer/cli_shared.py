"""What every command of `reviewer` shares: the data folder, secrets that are never arguments, one line on failure."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.model.errors import ReviewerError

if TYPE_CHECKING:
    from reviewer.sync.client import CaseSystem
    from reviewer.vault.open_vault import OpenVault

Data = Annotated[Path | None, typer.Option("--data", help="The data folder (default: the platform's).")]


def folder(data: Path | None) -> Path:
    from reviewer.workstation.folders import data_folder

    return data if data is not None else data_folder()


def secret(prompt: str, environment: str) -> str:
    # Scripts hand secrets over in the environment or on a pipe: an argument would be visible to every process.
    import getpass

    if environment in os.environ:
        return os.environ.pop(environment)
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass(prompt)


def passphrase() -> str:
    return secret("Passphrase: ", "REVIEWER_PASSPHRASE")


def new_passphrase() -> str:
    first = secret("New passphrase: ", "REVIEWER_NEW_PASSPHRASE")
    if sys.stdin.isatty() and secret("Once more: ", "REVIEWER_NEW_PASSPHRASE_AGAIN") != first:
        raise ReviewerError("The two passphrases differ.", kept="Nothing was changed.", to_do="Type them again.")
    return first


@contextmanager
def at_case_system(data: Path | None) -> Iterator[tuple[OpenVault, CaseSystem]]:
    """The vault, opened with the passphrase, and the case system it is enrolled with; both closed afterwards."""
    from reviewer.vault.vault import Vault
    from reviewer.workstation.desk import connect

    vault = Vault(folder(data)).open(passphrase())
    try:
        with connect(vault) as case_system:
            yield vault, case_system
    finally:
        vault.lock()


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """What it yields raises KeyboardInterrupt once Ctrl+C was pressed: to be called between steps of long work.

    Python raises it wherever it happens to be, and loses it where that is the finalizer of an object.
    """
    asked = False

    def note(_number: int, _frame: object) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def one_clear_line() -> Iterator[None]:
    """Failures of ours become one line on stderr and exit code 1; a traceback could quote what must not be quoted."""
    try:
        yield
    except ReviewerError as error:
        print(str(error), file=sys.stderr)
        raise typer.Exit(1) from None
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        raise typer.Exit(1) from None
    except OSError as error:
        print(
            f"The system refused: {error.strerror or type(error).__name__}. Nothing was changed by this step.",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None
    except Exception as error:
        # Type and place only: the message of a foreign exception may quote what it was given.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place is not None else "?"
        print(
            f"An internal error happened ({type(error).__name__} at {where}). Acknowledged work is kept.",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None
