"""`reviewer` commands run by tests: in this process where the command is the point, in one of its own where that is.

A process of its own loads the libraries, and the codecs for whatever opens evidence, anew: one to three seconds of
processor time each. What a process is (hardening, exit status, nothing left behind) is tested with `own_process`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import typer
import typer.main
import typer.testing
from typer.testing import CliRunner

from reviewer.vault import hardening

# The runner puts the commands together anew at each invocation, 40 ms and more: once for each app.
typer.testing._get_command = cache(typer.main.get_command)

PROGRAM = (sys.executable, "-c", "from reviewer.cli import main; main()")


def _app() -> typer.Typer:
    """The program's commands. Importing them hardens a process, for good: the tests' own is to stay as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hardening, "harden_process", lambda: None)
        from reviewer.cli import app
    return app


def run(*words: str, data: Path | None = None, **secrets: str) -> subprocess.CompletedProcess[str]:
    """`reviewer WORDS…` in this process, nothing on its standard input; secrets as REVIEWER_… in its environment."""
    environment = _environment(data, secrets)
    result = CliRunner().invoke(_app(), list(words), input="", env=environment, catch_exceptions=False)
    return subprocess.CompletedProcess([*words], result.exit_code, result.stdout, result.stderr)


def own_process(*words: str, data: Path | None = None, **secrets: str) -> subprocess.CompletedProcess[str]:
    """The same as a process of its own; it has a minute."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **_environment(data, secrets)}
    return subprocess.run(
        [*PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=60, input="", check=False
    )


def _environment(data: Path | None, secrets: dict[str, str]) -> dict[str, str]:
    made = {f"REVIEWER_{name}": value for name, value in secrets.items()}
    return made if data is None else {**made, "REVIEWER_DATA": str(data)}
