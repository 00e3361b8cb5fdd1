"""What workstations tell the case system of their custody logs, for whoever builds a package. Wire types.

An extract is sealed to the case's key before it leaves the workstation: the case system keeps bytes it cannot read, and
how much of the log they cover.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

# One workstation's sealed extract of one case, in bytes.
MAX_SEALED_EXTRACT = 8 * 1024 * 1024
# So many cases are named at once as to be told anew.
MAX_WANTED = 1000


class ToldExtract(msgspec.Struct, frozen=True, kw_only=True):
    """`origin` is the log's name, `size` that of the anchored checkpoint the extract is under, in entries; `sealed` an
    age file to the case's key."""

    origin: str
    size: int
    sealed: bytes
    at: datetime


class ToldPage(msgspec.Struct, frozen=True, kw_only=True):
    """By origin; `after` asks for the next page (an origin), None: the last one."""

    extracts: tuple[ToldExtract, ...]
    after: str | None = None


class SealedFor(msgspec.Struct, frozen=True, kw_only=True):
    """The signed statement of which key the case has; empty: nobody vouches for one."""

    statement: str


class WantedCases(msgspec.Struct, frozen=True, kw_only=True):
    """Cases whose key was replaced since this log told of them: nobody can open what is held."""

    cases: tuple[str, ...]
