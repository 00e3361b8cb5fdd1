"""Checks on what the case system says of packages, overrules, letters and preservation."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeVar

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.handoff import (
    MAX_HANDOFFS,
    MAX_LETTER,
    MAX_LETTERS,
    MAX_OVERRULES,
    MAX_PRESERVATIONS,
    MAX_RECEIPT,
    MAX_STEPS,
    MAX_SUBJECT,
    MAX_WORDS,
    Handoff,
    Letter,
    Overrule,
    Preservation,
    Step,
    StepKind,
)
from reviewer.model.handoff_answers import Question
from reviewer.model.handoff_terms import ENVELOPES
from reviewer.model.related import usable_words
from reviewer.sync.believing import is_id, is_time
from reviewer.sync.believing_record import is_name

_SHA256 = re.compile(r"[0-9a-f]{64}")
_QUESTIONS = frozenset(one.value for one in Question)
_MOST_ITEMS = 1_000_000
_LONGEST_REMINDER = 3650
_LONGEST_NUMBER = 1000

T = TypeVar("T")


def believed_handoff(untrusted: Handoff) -> Handoff:
    """Built first and once, and received or retracted only after it was sent."""
    made, steps = untrusted.made, untrusted.steps
    kinds = [step.kind for step in steps]
    sent = kinds.index(StepKind.SENT) if StepKind.SENT in kinds else len(kinds)
    sound = (
        is_id(made.id)
        and is_id(made.case_id)
        and is_time(made.built_at)
        and is_name(made.agency)
        and is_name(made.agency_words)
        and made.envelope in ENVELOPES
        and _is_sha256(made.package_sha256)
        and _is_sha256(made.tagmanifest_sha256)
        and 0 < made.package_size < 1 << 62
        and 0 <= made.items <= _MOST_ITEMS
        and _are_questions(made.missing)
        and _words(made.overrule, MAX_WORDS)
        and (not made.overruled_by or is_id(made.overruled_by))
        and is_name(untrusted.built_by)
        and len(untrusted.case_number) <= _LONGEST_NUMBER
        and 0 < len(steps) <= MAX_STEPS
        and kinds.count(StepKind.BUILT) == 1
        and kinds[0] is StepKind.BUILT
        and all(kind is StepKind.BUILT for kind in kinds[:sent])
        and all(map(_is_step, steps))
        and _distinct([step.id for step in steps])
    )
    return _believed(untrusted, sound)


def believed_handoffs(case_id: str, untrusted: tuple[Handoff, ...]) -> tuple[Handoff, ...]:
    sound = (
        len(untrusted) <= MAX_HANDOFFS
        and _distinct([one.made.id for one in untrusted])
        and all(believed_handoff(one).made.case_id == case_id for one in untrusted)
    )
    return _believed(untrusted, sound)


def believed_overrules(case_id: str, untrusted: tuple[Overrule, ...]) -> tuple[Overrule, ...]:
    sound = len(untrusted) <= MAX_OVERRULES and _distinct([one.id for one in untrusted])
    return _believed(untrusted, sound and all(_is_overrule(case_id, one) for one in untrusted))


def believed_letters(case_id: str, untrusted: tuple[Letter, ...]) -> tuple[Letter, ...]:
    """Every version of each letter from 1 on, each once."""
    numbers: dict[str, list[int]] = {}
    for one in untrusted:
        numbers.setdefault(one.letter_id, []).append(one.number)
    sound = (
        len(untrusted) <= MAX_LETTERS
        and _distinct([one.id for one in untrusted])
        and all(found == list(range(1, len(found) + 1)) for found in numbers.values())
        and all(_is_letter(case_id, one) for one in untrusted)
    )
    return _believed(untrusted, sound)


def believed_letter(case_id: str, untrusted: Letter) -> Letter:
    return _believed(untrusted, _is_letter(case_id, untrusted))


def believed_preservations(untrusted: tuple[Preservation, ...]) -> tuple[Preservation, ...]:
    """Soonest first."""
    ends = [one.ends_on for one in untrusted]
    sound = len(untrusted) <= MAX_PRESERVATIONS and ends == sorted(ends) and all(map(_is_preservation, untrusted))
    return _believed(untrusted, sound)


def _is_step(untrusted: Step) -> bool:
    return (
        is_id(untrusted.id)
        and is_time(untrusted.at)
        and is_time(untrusted.recorded_at)
        and is_name(untrusted.by)
        and _words(untrusted.to, MAX_WORDS)
        and _words(untrusted.receipt, MAX_RECEIPT)
        and _words(untrusted.words, MAX_WORDS)
        and (not untrusted.receipt_sha256 or _is_sha256(untrusted.receipt_sha256))
    )


def _is_overrule(case_id: str, untrusted: Overrule) -> bool:
    return (
        is_id(untrusted.id)
        and untrusted.case_id == case_id
        and bool(untrusted.missing)
        and _are_questions(untrusted.missing)
        and usable_words(untrusted.reason, MAX_WORDS)
        and (not untrusted.agency or is_name(untrusted.agency))
        and is_name(untrusted.by)
        and is_id(untrusted.member_id)
        and is_time(untrusted.at)
    )


def _is_letter(case_id: str, untrusted: Letter) -> bool:
    return (
        is_id(untrusted.id)
        and is_id(untrusted.letter_id)
        and untrusted.case_id == case_id
        and untrusted.number > 0
        and usable_words(untrusted.subject, MAX_SUBJECT)
        and usable_words(untrusted.text, MAX_LETTER)
        and is_name(untrusted.by)
        and is_time(untrusted.at)
    )


def _is_preservation(untrusted: Preservation) -> bool:
    return (
        is_id(untrusted.case_id)
        and len(untrusted.case_number) <= _LONGEST_NUMBER
        and is_name(untrusted.jurisdiction)
        and _words(untrusted.basis, MAX_WORDS)
        and _is_day(untrusted.starts_on)
        and _is_day(untrusted.ends_on)
        and untrusted.starts_on <= untrusted.ends_on
        and 0 <= untrusted.remind_days <= _LONGEST_REMINDER
    )


def _is_day(untrusted: str) -> bool:
    try:
        return date.fromisoformat(untrusted).isoformat() == untrusted
    except ValueError:
        return False


def _is_sha256(untrusted: str) -> bool:
    return _SHA256.fullmatch(untrusted) is not None


def _are_questions(untrusted: tuple[str, ...]) -> bool:
    return _distinct(untrusted) and _QUESTIONS.issuperset(untrusted)


def _words(untrusted: str, most: int) -> bool:
    return not untrusted or usable_words(untrusted, most)


def _distinct(untrusted: tuple[str, ...] | list[str]) -> bool:
    return len(set(untrusted)) == len(untrusted)


def _believed(untrusted: T, sound: bool) -> T:
    if not sound:
        raise CaseSystemNonsense
    return untrusted
