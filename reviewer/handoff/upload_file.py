"""A file that goes to a clearing house, streamed from its reader; nothing of it is ever on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reviewer.handoff.plan import PlainReader


@dataclass(frozen=True, slots=True)
class UploadFile:
    """`size` in bytes; `sha256` and `md5` (hex) are those registered: other bytes are not sent for it.

    `viewed`: by a person, as the details say it. `details` makes its <fileDetails> from (report id, file id).
    `open` may block and raise any ReviewerError.
    """

    name: str
    exhibit: str
    size: int
    sha256: str
    md5: str
    viewed: bool
    open: Callable[[], PlainReader]
    details: Callable[[str, str], bytes]
