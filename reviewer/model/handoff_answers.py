"""What a recipient needs to act on a package, asked before it is sealed. What is missing is named, never guessed."""

from __future__ import annotations

from enum import Enum

import msgspec


class Question(str, Enum):
    """In the order in which they are asked."""

    IMMINENCE = "imminence"
    LOCATION_CLUES = "location_clues"
    ACCOUNTS = "accounts"
    TIMES = "times"
    CONTACT = "contact"
    LEGAL_BASIS = "legal_basis"
    RETENTION = "retention"
    # Not asked of a person: found in the case's record.
    DECISIONS = "decisions"
    READINGS = "readings"


class StatementField(str, Enum):
    """What the EU's database demands of a statement of reasons beside what was decided. Where it is missing that is
    named, and holds nothing up: it is missing in that form, not in what the recipient needs."""

    CONTENT_DATE = "content_date"
    TERRITORIAL_SCOPE = "territorial_scope"


class HandoffAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """What the builder wrote, each at most `MAX_ANSWER` characters. "None known" is an answer; empty is none.

    `times` are when things happened, each with its zone ("2026-11-20 14:03 UTC", "14:03 +01:00", "Europe/Berlin").
    `contact` is who answers the recipient's questions, and how. `imminence` says who is in danger and how that is
    known; it is asked where a standing decision says that danger is imminent or possible. `content_date` is when what
    was removed or restricted was posted (`statement_fields`); nothing else in a case says so.
    """

    imminence: str = ""
    location_clues: str = ""
    accounts: str = ""
    times: str = ""
    contact: str = ""
    legal_basis: str = ""
    retention: str = ""
    content_date: str = ""
