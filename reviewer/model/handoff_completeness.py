"""What a recipient needs and the answers and records do not say yet, named before a package is sealed. Pure.

Missing answers can be overruled by a supervisor with a reason; they are never made up.
"""

from __future__ import annotations

from collections.abc import Sequence

from reviewer.model.cases import Case
from reviewer.model.decisions import Change, Imminence
from reviewer.model.handoff import RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers, Question
from reviewer.model.handoff_terms import Agency, HandoffTerms, PreservationRule
from reviewer.model.zoned_times import all_zoned, has_times, none_known

_DANGER = (Imminence.IMMINENT, Imminence.POSSIBLE)


def missing(items: Sequence[RecordedItem], answers: HandoffAnswers, case: Case) -> tuple[Question, ...]:
    """Of the chosen items, in the order of `Question`; empty: nothing is missing."""
    asked = {
        Question.IMMINENCE: in_danger(items) and not _said(answers.imminence),
        Question.LOCATION_CLUES: not _said(answers.location_clues),
        Question.ACCOUNTS: not _said(answers.accounts),
        Question.TIMES: not _times_said(answers.times),
        Question.CONTACT: not _said(answers.contact),
        Question.LEGAL_BASIS: not (_said(answers.legal_basis) or _said(case.referral.legal_basis)),
        Question.RETENTION: not _said(answers.retention),
        Question.DECISIONS: any(not one.unsettled and not _decided(one) for one in items),
        Question.READINGS: any(one.unsettled for one in items),
    }
    return tuple(question for question in Question if asked[question])


def in_danger(items: Sequence[RecordedItem]) -> bool:
    """A decision that stands says that danger is imminent or possible: then it is asked who, and how that is known."""
    return any(
        one.standing and one.decision.change is not Change.VOID and one.decision.imminence in _DANGER
        for item in items
        for one in item.decisions
    )


def prefilled(case: Case, terms: HandoffTerms, agency: Agency | None = None) -> HandoffAnswers:
    """What is known already, to be completed by a person. The rule of retention is that of the referral's
    jurisdiction, else of the agency's; none where the policy has none for it."""
    rule = terms.preservation_in(case.referral.jurisdiction)
    if rule is None and agency is not None:
        rule = terms.preservation_in(agency.jurisdiction)
    return HandoffAnswers(
        accounts=case.referral.account,
        contact=_contact(terms),
        legal_basis=case.referral.legal_basis,
        retention="" if rule is None else _kept(rule),
    )


def _contact(terms: HandoffTerms) -> str:
    """Only with a way to reach them: a name alone answers nobody's questions."""
    ways = [way for way in (terms.reporter_email, terms.reporter_phone) if way.strip()]
    if not ways:
        return ""
    person = f"{terms.reporter_first_name} {terms.reporter_last_name}".strip()
    return ", ".join(part for part in (terms.organisation, person, *ways) if part.strip())


def _kept(rule: PreservationRule) -> str:
    """Not until which day: that follows from the day it is sent, which nobody knows yet."""
    basis = f" ({rule.basis})" if rule.basis else ""
    return f"{rule.days} days from the day it is sent{basis}"


def _said(words: str) -> bool:
    """Something that can be read: a dash or a question mark is no answer."""
    return any(sign.isalnum() for sign in words)


def _times_said(words: str) -> bool:
    """A time without a zone does not count, and does not become an answer because something else is unknown."""
    return all_zoned(words) if has_times(words) else none_known(words)


def _decided(item: RecordedItem) -> bool:
    return any(one.standing and one.decision.change is not Change.VOID for one in item.decisions)
