"""A file that somebody asked for by name: new, of mode 0600, whole or not at all. Not encrypted, and said so before."""

from __future__ import annotations

from pathlib import Path

from reviewer.model.errors import ReviewerError
from reviewer.vault.files import write_new


class FileNotWritten(ReviewerError):
    code = "R014"
    happened = "The file could not be written."
    kept = "Nothing half-written was left, and what is in the folder is as it was."
    to_do = "Choose another name or folder, or free disk space, and try again."


def write_asked_for(path: Path, content: bytes) -> None:
    """Durable when it returns; FileNotWritten, also where something of this name is there."""
    try:
        write_new(path, content)
    except FileExistsError:
        raise FileNotWritten("A file of this name is there already.", to_do="Choose another name.") from None
    except (OSError, ValueError) as error:
        raise FileNotWritten from error
