"""A new file of mode 0600, whole or not at all; what is there is never replaced."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from reviewer.model.errors import ReviewerError
from reviewer.model.ids import uuid7
from reviewer.vault.files import sync_folder


class FileNotWritten(ReviewerError):
    code = "R013"
    happened = "The file could not be written."
    kept = "Nothing was written, and what is in the folder is as it was."
    to_do = "Choose another name or folder, or free disk space, and try again."


def write_new(path: Path, content: bytes) -> None:
    """Durable when it returns; FileNotWritten."""
    part = path.with_name(f".{uuid7()}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        os.link(part, path)
        sync_folder(path.parent)
    except FileExistsError:
        raise FileNotWritten("A file of this name is there already.", to_do="Choose another name.") from None
    except (OSError, ValueError) as error:
        raise FileNotWritten from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
