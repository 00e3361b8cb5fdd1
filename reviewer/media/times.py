"""What counts as a time when a veiled line says when it was written: numbers, and the few English words of dates. Pure.

Exports keep times as text, and any text can stand there. What is no time is not shown as one: the worker leaves it with
the words of its line, and a worker that sends it all the same has lied.
"""

from __future__ import annotations

import re

MAX_LENGTH = 40
_LONGEST = 64
"""Of what is looked at: a time with its weekday written out is longer than what is shown of it."""

_WEEKDAY = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CLOCK = r"\d{1,6}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?: ?[ap]\.? ?m\.?)?"
_ZONE_NAME = r"(?:Z|UTC|GMT|CES?T|BST|E[SD]T|C[SD]T|M[SD]T|P[SD]T)"
_ZONE = rf"(?: ?(?:{_ZONE_NAME}(?:[+-]\d{{1,2}}:?\d{{2}})?|[+-]\d{{2}}:?\d{{2}}))?"
_DATE = (
    r"(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\.?"
    rf"|{_DAY}[-. /]{{1,2}}{_MONTH}[-., /]{{1,2}}\d{{2,4}}"
    rf"|{_MONTH}\.? {_DAY}(?:,? \d{{4}})?"
    rf"|\d{{4}}[- ]{_MONTH}[- ]\d{{1,2}})"
)
_BETWEEN = r"(?:, {0,2}|T| {1,2}| at |, at | - )"
_WHEN = re.compile(
    rf"(?P<weekday>{_WEEKDAY}[.,]? )?"
    rf"(?:{_DATE}(?:{_BETWEEN}(?:{_CLOCK}|\d{{1,2}}\.\d{{2}}){_ZONE})?"
    rf"|{_CLOCK}{_ZONE}(?:{_BETWEEN}{_DATE})?"
    rf"|{_MONTH} {{1,2}}\d{{1,2}} {_CLOCK}{_ZONE} \d{{4}}"
    r"|\d{8}T\d{4,6}Z?)"
    r"|\d{1,16}(?:\.\d{1,9})?",
    re.IGNORECASE,
)


def shown_time(written: str) -> str:
    """A time as written, at most `MAX_LENGTH` characters, if need be without its weekday; "" for anything else."""
    written = written.strip()
    found = _WHEN.fullmatch(written) if len(written) <= _LONGEST else None
    if found is None:
        return ""
    shown = written if len(written) <= MAX_LENGTH else written[found.end("weekday") :] if found["weekday"] else ""
    return shown if len(shown) <= MAX_LENGTH else ""
