"""What a statement of reasons for the EU takes from the answers and the policy. What is not said stays missing. Pure.

When content was posted is known to the platform alone: the record of a case has when it was referred, taken in and
decided, and `HandoffAnswers.times` is when something happened. So it is asked, as a day, and never derived.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date

from reviewer.model.decisions import Action, Change
from reviewer.model.handoff import RecordedDecision, RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers, StatementField

# The database takes no earlier day.
EARLIEST = date(2000, 1, 1)
# Of an exhibit, after its case's number and a slash; parts of an archive count on after a dot.
_PLACE = re.compile(r"[0-9]{3,}(\.[0-9]+)*(?=[: \t]|$)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def stated(item: RecordedItem) -> RecordedDecision | None:
    """The newest decision that stands, if it removes or restricts: its reasons are stated. An earlier one that also
    stands agreed with it."""
    standing = [one for one in item.decisions if one.standing and one.decision.change is not Change.VOID]
    removes = standing and standing[-1].decision.action in (Action.REMOVE, Action.RESTRICT)
    return standing[-1] if removes else None


def content_dates(words: str, items: Sequence[RecordedItem]) -> dict[str, date]:
    """Item id -> the day it was posted, of items whose reasons are stated.

    A line is a day ("2026-01-02"), for every exhibit that has no line of its own, or the number of an exhibit and a
    day ("2026-01843/003 2026-01-02"). What is written otherwise, or twice and differently, is no answer; neither is a
    day before 2000, or after the one on which it was decided (UTC). A line of neither kind may be meant for any of
    them, a mistyped number say: then no day is known.
    """
    lines = [line for line in map(str.strip, words.splitlines()) if line]
    cases = {item.item.exhibit.rpartition("/")[0] for item in items}
    if not all(_DAY.fullmatch(line) or any(_is_of_case(line, case) for case in cases) for line in lines):
        return {}
    known: dict[str, date] = {}
    for item in items:
        decision, number = stated(item), item.item.exhibit
        own = {line.removeprefix(number).lstrip(": \t") for line in lines if _is_of(line, number)}
        days = own or {line for line in lines if _DAY.fullmatch(line)}
        day = _day(days.pop()) if len(days) == 1 else None
        if decision is None or day is None:
            continue
        if EARLIEST <= day <= decision.decision.decided_at.astimezone(UTC).date():
            known[item.item.id] = day
    return known


def statement_lacks(
    items: Sequence[RecordedItem], answers: HandoffAnswers, scope: Sequence[str]
) -> tuple[StatementField, ...]:
    """Of the chosen items. Empty too where nothing was removed or restricted: then nothing is stated. `scope` are the
    countries that the policy names."""
    asked = [item for item in items if stated(item) is not None]
    if not asked:
        return ()
    lacks = {
        StatementField.CONTENT_DATE: len(content_dates(answers.content_date, asked)) < len(asked),
        StatementField.TERRITORIAL_SCOPE: not scope,
    }
    return tuple(field for field in StatementField if lacks[field])


def _is_of(line: str, exhibit: str) -> bool:
    """Whatever it says of it: an exhibit of which something else is said than a day has none from another line."""
    return line.startswith(exhibit) and line[len(exhibit) :][:1] in ("", ":", " ", "\t")


def _is_of_case(line: str, case: str) -> bool:
    return line.startswith(f"{case}/") and _PLACE.match(line[len(case) + 1 :]) is not None


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if _DAY.fullmatch(words) else None
    except ValueError:
        return None
