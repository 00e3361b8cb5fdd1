"""Where a workstation keeps its files. Every one of them is ciphertext, or names nothing about evidence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from reviewer.model.errors import VaultError

_ENVIRONMENT = "REVIEWER_DATA"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """`workstation.toml`: what must be readable before unlocking. No secret, no name, no evidence."""

    display_name: str = ""
    case_system: str = ""
    workstation: str = "workstation"


def data_folder() -> Path:
    """`$REVIEWER_DATA`, else the platform's place for a user's application data."""
    if chosen := os.environ.get(_ENVIRONMENT):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "reviewer"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "reviewer"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "reviewer"


def read_place(folder: Path) -> Place:
    """Defaults where the file is missing; VaultError when it cannot be understood."""
    path = folder / "workstation.toml"
    if not path.exists():
        return Place()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Place)
    except (OSError, msgspec.MsgspecError) as error:
        raise VaultError(
            "The file workstation.toml cannot be read.", kept="The vault is unchanged.", to_do="Correct or remove it."
        ) from error


def write_place(folder: Path, place: Place) -> None:
    lines = "".join(
        f"{key} = {_toml_text(value)}\n"
        for key, value in (
            ("display_name", place.display_name),
            ("case_system", place.case_system),
            ("workstation", place.workstation),
        )
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "workstation.toml").write_text(lines, encoding="utf-8")


def _toml_text(value: str) -> str:
    # JSON strings are TOML basic strings.
    return msgspec.json.encode(value).decode("utf-8")
