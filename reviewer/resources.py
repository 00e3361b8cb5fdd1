"""Where the data files are: policy, style, icons. Data only; nothing here is code or evidence."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parent.parent / "resources"


def resource(name: str) -> Path:
    """The path of a file in `resources/`, in a checkout or in an installed wheel."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root / name
