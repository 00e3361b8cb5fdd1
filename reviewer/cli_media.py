"""`reviewer media …`: what this machine makes of evidence, for administrators who accept it and for scripts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli_shared import interruptible, one_clear_line

if TYPE_CHECKING:
    from reviewer.workstation.media_check import Checked

media_app = typer.Typer(no_args_is_help=True, help="Opening evidence on this machine.")


@media_app.callback()
def media() -> None:
    """Opening evidence on this machine."""


@media_app.command("check")
def media_check(
    containers: Annotated[list[Path], typer.Argument(metavar="CONTAINER…", help="Containers (age files).")],
    identity: Annotated[Path, typer.Option("--identity", help="File with the age identity that opens them.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Open each container through the sealed worker, veiled and clear, and say how that went. Writes nothing else."""
    with one_clear_line():
        import json
        from contextlib import closing
        from dataclasses import asdict

        from reviewer.workstation.media_check import check_containers, read_identities

        failed = 0
        with interruptible() as check, closing(check_containers(containers, read_identities(identity))) as results:
            for result in results:
                check()
                failed += result.error is not None
                print(json.dumps(asdict(result)) if as_json else _line(result), flush=True)
        if failed:
            print(f"{failed} of {len(containers)} containers failed; the codes say why.", file=sys.stderr)
            raise typer.Exit(1)


def _line(result: Checked) -> str:
    path = "".join(c if c.isprintable() else "?" for c in result.path)
    words = [result.kind or "", result.format or ""]
    words.append(f"{result.width}x{result.height}" if result.width and result.height else "")
    words.append(f"{result.duration_s:.1f} s" if result.duration_s is not None else "")
    words.append(f"{result.pages} pages" if result.pages is not None else "")
    words.append("with sound" if result.has_sound else "")
    if result.frames_shown:
        words.append(f"{result.frames_shown} veiled")
    if result.ms_first_veiled is not None:
        words.append(f"first after {result.ms_first_veiled:.0f} ms")
    words.append(f"clear in {result.ms_clear:.0f} ms" if result.ms_clear is not None else "")
    state = "ok    " if result.error is None else f"{result.error:6}"
    return f"{state} {path}: {', '.join(word for word in words if word) or 'not opened'}"
