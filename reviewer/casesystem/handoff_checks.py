"""Checks on what is recorded of handing off. What is refused is never repeated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from reviewer.casesystem.checks import is_id, is_sha256, is_time
from reviewer.casesystem.problems import Refusal
from reviewer.model.handoff import (
    MAX_LETTER,
    MAX_RECEIPT,
    MAX_SUBJECT,
    MAX_WORDS,
    STEP_SKEW_S,
    NewHandoff,
    NewLetter,
    NewOverrule,
    NewPreservation,
    NewStep,
)
from reviewer.model.handoff_answers import Question
from reviewer.model.handoff_terms import ENVELOPES, MAX_JURISDICTION
from reviewer.model.related import usable_words

MAX_AGENCY = 200
MAX_ENVELOPE = 1 << 62
MAX_ITEMS = 1_000_000
MAX_REMIND_DAYS = 3650
# What is preserved can never be cut: a slip of a digit must not keep a case for centuries.
LONGEST = timedelta(days=30 * 366)

_QUESTIONS = frozenset(one.value for one in Question)


def check_handoff(untrusted: NewHandoff, case_id: str) -> None:
    if untrusted.case_id != case_id:
        raise _unusable("The package is of another case.")
    _check_ids(untrusted.id)
    if not is_time(untrusted.built_at):
        raise _unusable("The time cannot be used.")
    if not _name(untrusted.agency, MAX_AGENCY) or not _name(untrusted.agency_words, MAX_AGENCY):
        raise _unusable("Say for which agency it is.")
    if untrusted.envelope not in ENVELOPES:
        raise _unusable("There is no such envelope.")
    if not is_sha256(untrusted.package_sha256) or not is_sha256(untrusted.tagmanifest_sha256):
        raise _unusable("A SHA-256 is 64 lower-case hex digits.")
    if not 0 < untrusted.package_size < MAX_ENVELOPE or not 0 <= untrusted.items <= MAX_ITEMS:
        raise _unusable("The size or the number of items is out of range.")
    if untrusted.missing:
        _check_missing(untrusted.missing)
    said = bool(untrusted.overrule), bool(untrusted.overruled_by)
    if said != (bool(untrusted.missing),) * 2 or not _words(untrusted.overrule, MAX_WORDS):
        raise _unusable("What is missing and who overruled it why belong together.")
    if untrusted.overruled_by:
        _check_ids(untrusted.overruled_by)


def check_step(untrusted: NewStep) -> None:
    _check_ids(untrusted.id)
    if not is_time(untrusted.at):
        raise _unusable("The time cannot be used.")
    texts = ((untrusted.to, MAX_WORDS), (untrusted.receipt, MAX_RECEIPT), (untrusted.words, MAX_WORDS))
    if not all(_words(text, most) for text, most in texts):
        raise _unusable("A text of the step is too long or not plain.")
    if untrusted.receipt_sha256 and not is_sha256(untrusted.receipt_sha256):
        raise _unusable("A SHA-256 is 64 lower-case hex digits.")


def check_step_time(untrusted_at: datetime, built_at: datetime, recorded_at: float, now: float) -> None:
    """A step lies between the building and now. A workstation whose clock is ahead, which its package shows, is told
    of by so much more."""
    skew = timedelta(seconds=STEP_SKEW_S)
    ahead = max(built_at - datetime.fromtimestamp(recorded_at, UTC), timedelta())
    if not built_at - skew <= untrusted_at <= datetime.fromtimestamp(now, UTC) + ahead + skew:
        raise Refusal(422, "step-time", "The time lies before the package was built, or after now.")


def check_overrule(untrusted: NewOverrule) -> None:
    _check_ids(untrusted.id)
    _check_missing(untrusted.missing)
    if not _name(untrusted.agency, MAX_AGENCY):
        raise _unusable("Say for which agency it is.")
    if not usable_words(untrusted.reason, MAX_WORDS):
        raise _unusable(f"A reason has 1 to {MAX_WORDS} characters of plain text.")


def check_letter(untrusted: NewLetter) -> None:
    _check_ids(untrusted.id, untrusted.letter_id)
    if not _line(untrusted.subject, MAX_SUBJECT) or not usable_words(untrusted.text, MAX_LETTER):
        raise _unusable("A letter has a subject of one line, and plain text.")


def check_preservation(untrusted: NewPreservation, now: float) -> None:
    starts_on, ends_on = _day(untrusted.starts_on), _day(untrusted.ends_on)
    today = datetime.fromtimestamp(now, UTC).date()
    if not starts_on <= ends_on <= today + LONGEST or starts_on.year < 1971:
        raise _unusable("It ends before it starts, or too late: what is preserved can be extended, never cut.")
    if not _name(untrusted.jurisdiction, MAX_JURISDICTION) or not _words(untrusted.basis, MAX_WORDS):
        raise _unusable("Say for which jurisdiction, in one line.")
    if not 0 <= untrusted.remind_days <= MAX_REMIND_DAYS:
        raise _unusable("The days of the reminder are out of range.")


def _check_missing(untrusted_missing: tuple[str, ...]) -> None:
    named = set(untrusted_missing)
    if not named or not named <= _QUESTIONS or len(named) != len(untrusted_missing):
        raise _unusable("Name what is missing, each once.")


def _check_ids(*untrusted_ids: str) -> None:
    if not all(map(is_id, untrusted_ids)):
        raise Refusal(422, "id-unusable", "Ids are letters, digits and . _ - and at most 64 long.")


def _day(untrusted_day: str) -> date:
    try:
        day = date.fromisoformat(untrusted_day)
    except ValueError:
        day = None
    if day is None or day.isoformat() != untrusted_day:
        raise _unusable("A day is written as YYYY-MM-DD.")
    return day


def _line(untrusted_text: str, most: int) -> bool:
    return usable_words(untrusted_text, most) and "\n" not in untrusted_text


def _name(untrusted_text: str, most: int) -> bool:
    return usable_words(untrusted_text, most) and untrusted_text.isprintable()


def _words(untrusted_text: str, most: int) -> bool:
    return not untrusted_text or usable_words(untrusted_text, most)


def _unusable(what: str) -> Refusal:
    return Refusal(422, "handing-off-unusable", what)
