"""The file of a package that was begun: what there is of it. A disk that is not there is not a file that is gone."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from reviewer.handoff.errors import TargetFailed
from reviewer.handoff.part_file import part_of


class Left(Enum):
    NOTHING = "nothing"
    PART = "part"
    WHOLE = "whole"


def what_is_left(target: Path) -> Left:
    """TargetFailed where its folder is not there or cannot be looked into: nothing is then concluded."""
    try:
        if not target.parent.is_dir():
            raise TargetFailed(
                "The folder in which the package was begun is not there.",
                kept="What was begun can be resumed when it is there again.",
                to_do="Connect the disk, or discard what was begun.",
            )
        if target.is_file():
            return Left.WHOLE
        return Left.PART if part_of(target).exists() else Left.NOTHING
    except OSError as error:
        raise TargetFailed(
            "The folder in which the package was begun cannot be read.",
            kept="What was begun can be resumed when it can.",
            to_do="Look after the disk, or discard what was begun.",
        ) from error


def remove_what_is_left(target: Path) -> None:
    """TargetFailed where something could not be removed. A folder that is not there holds nothing to remove here."""
    try:
        for left in (part_of(target), target):
            left.unlink(missing_ok=True)
    except NotADirectoryError:
        return
    except OSError as error:
        raise TargetFailed(
            "What was begun could not be removed from the disk.",
            kept="It can be opened by its recipient only, and counts as nothing.",
            to_do="Remove the file by hand.",
        ) from error
