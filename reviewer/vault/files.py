"""Writing a file so that after a power cut it is the old one or the new one, never half of either."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from reviewer.model.ids import uuid7


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable. Windows has no such call and needs none for its journal."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes) -> None:
    """Readable by the owner only. OSError when the disk refuses; `path` is then as it was."""
    part = path.with_name(path.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def write_new(path: Path, content: bytes) -> None:
    """A file that was not there, readable by the owner only. FileExistsError or another OSError; nothing is left then.

    Unlike `write_atomically` for folders others may write to: nothing that lies there is opened or written over.
    """
    part = path.with_name(f".{uuid7()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # file systems of sticks and shares know no links
            if os.path.lexists(path):
                raise FileExistsError from None
            part.rename(path)
        sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """A folder only its owner can enter, whatever the umask."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
