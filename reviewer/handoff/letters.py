"""Replies to who asked: drafted from a template and the case, edited by a person, never with a hole in it unnoticed.

Templates are data (`resources/letters`). A placeholder is `{name}` and nothing else; values are put in once, so what
they say is never read as a template. What has no value stays visible as "[to be filled: …]".
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reviewer.handoff.errors import LetterUnusable
from reviewer.handoff.report_words import counted, day, listed
from reviewer.handoff.unseen_signs import is_unseen, number_of, numbered
from reviewer.model.cases import Case
from reviewer.model.handoff import MAX_LETTER, MAX_SUBJECT, Audience, LetterKind
from reviewer.model.handoff_answers import HandoffAnswers
from reviewer.model.handoff_terms import Agency, HandoffTerms
from reviewer.resources import resource

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# Also one that somebody began to fill, or whose bracket was lost.
_HOLE = re.compile(r"\[\s*to\s+be\s+filled\b:?([^\[\]]*)", re.IGNORECASE)
_MAX_IN_SUBJECT = 60
# Of one value: an answer is at most so long, and a letter has room for a few of them.
_MAX_VALUE = 2000

# Every placeholder, and what it is called where nothing is known.
WANTED = {
    "organisation": "name of the organisation",
    "recipient": "who asked",
    "agency": "name of the agency",
    "case_number": "number of the case",
    "received_on": "day on which the request came in",
    "legal_basis": "legal basis",
    "items": "which items are disclosed",
    "left_out": "which items are not disclosed",
    "delivery": "how the material is delivered",
    "retention": "how long the originals are kept",
    "contact": "whom to ask, and how",
    "imminence": "who is in danger, and how that is known",
    "sent": "when it was sent and how, or that it was not",
    "reason": "the reason",
    "needed": "what is needed",
    "answer_by": "day by which it is needed",
    "signer": "name and office of who signs",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Empty: not known. `exhibits` and `left_out` are exhibit numbers; `package` is the sealed file's name.

    A letter that goes along inside a package cannot name that package's digest; it speaks of the package it comes with.
    What the referral claims is never told: letters are read by more people than it was. `sent`, `reason`, `needed`,
    `answer_by` and `signer` are a person's own words, and are usually left to be filled. Who asked and the agency are
    two: neither stands in for the other.
    """

    organisation: str = ""
    requester: str = ""
    agency: str = ""
    case_number: str = ""
    received_at: datetime | None = None
    legal_basis: str = ""
    exhibits: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    package: str = ""
    package_sha256: str = ""
    retention: str = ""
    contact: str = ""
    imminence: str = ""
    sent: str = ""
    reason: str = ""
    needed: str = ""
    answer_by: str = ""
    signer: str = ""


def letter_facts(
    case: Case,
    terms: HandoffTerms,
    *,
    answers: HandoffAnswers | None,
    exhibits: Sequence[str],
    left_out: Sequence[str],
    agency: Agency | None = None,
    package: str = "",
    package_sha256: str = "",
) -> LetterFacts:
    """What is known of the case. `exhibits` are those that are disclosed, by number."""
    referral, answers = case.referral, answers or HandoffAnswers()
    name = f"{terms.reporter_first_name} {terms.reporter_last_name}".strip()
    reporter = ", ".join(part for part in (name, terms.reporter_email, terms.reporter_phone) if part)
    return LetterFacts(
        organisation=terms.organisation,
        requester=referral.requester,
        agency=agency.words if agency is not None else "",
        case_number=case.number,
        received_at=referral.received_at,
        legal_basis=answers.legal_basis or referral.legal_basis,
        exhibits=tuple(exhibits),
        left_out=tuple(left_out),
        package=package,
        package_sha256=package_sha256,
        retention=answers.retention,
        contact=answers.contact or reporter,
        imminence=answers.imminence,
    )


def template(audience: Audience, kind: LetterKind) -> tuple[str, str]:
    """(subject, text) with placeholders."""
    return _templates(audience)[kind]


@functools.cache
def _templates(audience: Audience) -> dict[LetterKind, tuple[str, str]]:
    read = tomllib.loads(resource(f"letters/{audience.value}.toml").read_text("utf-8"))
    return {kind: (read[kind.value]["subject"], read[kind.value]["text"].strip()) for kind in LetterKind}


def draft(audience: Audience, kind: LetterKind, facts: LetterFacts) -> tuple[str, str]:
    """(subject, text) from the template. It may have holes; they are for the person to fill (`unfilled`)."""
    subject, text = template(audience, kind)
    return _filled(subject, facts, _MAX_IN_SUBJECT)[:MAX_SUBJECT], _filled(text, facts, _MAX_VALUE)


def _filled(text: str, facts: LetterFacts, most: int) -> str:
    def value(found: re.Match[str]) -> str:
        known = _value_of(found[1], facts, most=most)
        # Whoever answered may have ended the sentence, and so may the template.
        return known.removesuffix(".") if text.startswith(".", found.end()) else known

    return PLACEHOLDER.sub(value, text)


def unfilled(text: str) -> tuple[str, ...]:
    """What is still to be filled in, as the text names it, in order."""
    return tuple(found.strip() for found in _HOLE.findall(text))


def check_letter(subject: str, text: str) -> None:
    """Whether it can be kept as a version; LetterUnusable says why not. It may still have holes."""
    for name, written, most, allowed in (("subject", subject, MAX_SUBJECT, ""), ("letter", text, MAX_LETTER, "\n\t")):
        if not written.strip():
            raise LetterUnusable(f"The {name} is empty.", to_do="Write it, or draft it again from the template.")
        if len(written) > most:
            raise LetterUnusable(f"The {name} has {len(written):,} characters; {most:,} are possible.")
        sign = next((one for one in written if is_unseen(one) and one not in allowed), None)
        if sign is not None:
            line = written[: written.index(sign)].count("\n") + 1
            raise LetterUnusable(f"The {name} has a character that cannot be seen, {number_of(sign)}, in line {line}.")


def check_finished(subject: str, text: str) -> None:
    """Whether it can leave the house: as `check_letter`, and nothing is left to be filled. LetterUnusable."""
    check_letter(subject, text)
    holes = dict.fromkeys((*unfilled(subject), *unfilled(text)))
    if holes:
        named = "; ".join(holes)[:300]
        raise LetterUnusable(f"The letter is not finished. To be filled: {named}.", to_do="Fill in what is named.")


def _value_of(name: str, facts: LetterFacts, *, most: int = _MAX_VALUE) -> str:
    """The value of a placeholder of `WANTED`: one line, every character visible. What is not known is said, marked."""
    known = numbered(" ".join(_words(name, facts).split()))
    if not known:
        return f"[to be filled: {WANTED[name]}]"
    return known if len(known) <= most else f"{known[:most].rstrip()}…"


def _words(name: str, facts: LetterFacts) -> str:
    match name:
        case "recipient":
            return facts.requester
        case "received_on":
            return day(facts.received_at) if facts.received_at is not None else ""
        case "items":
            return _items(facts.exhibits)
        case "left_out":
            return _items(facts.left_out)
        case "delivery":
            return _delivery(facts)
    plain: str = getattr(facts, name)
    return plain


def _items(exhibits: tuple[str, ...]) -> str:
    if not exhibits:
        return ""
    word = "exhibit" if len(exhibits) == 1 else "exhibits"
    return f"{counted(len(exhibits), 'item', 'items')} ({word} {listed(exhibits, most=20)})"


def _delivery(facts: LetterFacts) -> str:
    if facts.package and facts.package_sha256:
        return f"The material is in the sealed package {facts.package}, whose SHA-256 is {facts.package_sha256}."
    return "The material is in the sealed package that comes with this letter." if facts.exhibits else ""
