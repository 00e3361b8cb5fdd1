"""`reviewer known …`: lists of known hashes at the case system. For supervisors; the case system enforces it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli_shared import Data, at_case_system, one_clear_line

known_app = typer.Typer(no_args_is_help=True, help="Lists of known hashes, looked up before anybody opens anything.")


class Form(str, Enum):
    CSV = "csv"
    JSON = "json"
    VIC = "vic"


_ENDINGS = {".csv": Form.CSV, ".json": Form.JSON}


@known_app.command("import")
def known_import(
    file: Annotated[Path, typer.Argument(help="The list.", exists=True, dir_okay=False)],
    name: Annotated[str, typer.Option("--name", help="What the list is called; a newer version replaces the older.")],
    version: Annotated[str, typer.Option("--version", help="Which version it is, in its maker's words.")],
    form: Annotated[Form | None, typer.Option("--format", help="By the file's ending unless told.")] = None,
    data: Data = None,
) -> None:
    """Take a list in: all of it or nothing. Items that are there already are looked up in it as well."""
    with one_clear_line():
        from reviewer.model.errors import ReviewerError

        chosen = form or _ENDINGS.get(file.suffix.lower())
        if chosen is None:
            raise ReviewerError(
                "The file's ending does not tell its format.", kept="Nothing was changed.", to_do="Say --format."
            )
        with file.open("rb") as stream, at_case_system(data) as (_, case_system):
            taken_in = case_system.known_lists.take_in(stream, name, version, chosen.value)
    line = taken_in.list
    if not taken_in.changed:
        print("This version was in force already; nothing was changed.")
    print(f"{line.entries} entries in force; {line.matched} items match.")
    if line.skipped:
        print(f"{line.skipped} entries have no digest that is looked up and were left out.")


@known_app.command("list")
def known_list(data: Data = None) -> None:
    """The lists in force, one a line: name, version, entries, items that match, since when."""
    with one_clear_line(), at_case_system(data) as (_, case_system):
        for line in case_system.known_lists.in_force():
            since = f"{line.imported_at:%Y-%m-%d}"
            print(f"{line.name}\t{line.version}\t{line.entries} entries\t{line.matched} items match\t{since}")


@known_app.command("retire")
def known_retire(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The list's name.")], data: Data = None
) -> None:
    """From now on the list matches nothing. What was decided with it stays, and so does the record of it."""
    with one_clear_line(), at_case_system(data) as (_, case_system):
        case_system.known_lists.retire(name)
        print("The list is retired.")
