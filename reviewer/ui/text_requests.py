"""Asks an open item for words off the Qt thread. What arrives too late is let go of and never shown.

Python cannot overwrite a string: letting go of it, everywhere it was noted, is what there is to do.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject

from reviewer.ui.bridge import Jobs
from reviewer.ui.late_requests import LateRequests

_T = TypeVar("_T")


class TextRequests(LateRequests[_T]):
    """One kind of answer: lines, numbers or an outline."""

    def __init__(self, jobs: Jobs, owner: QObject) -> None:
        super().__init__(jobs, owner, let_go)


def let_go(lines: list[_T]) -> None:
    lines.clear()
