"""Statements of reasons (Regulation (EU) 2022/2065, Article 17) as JSON for the Commission's Transparency Database.

One for each standing decision to remove or restrict. Nothing in it is about a person: no account, no name, no words
written in the case, no exhibit number. What was decided and how is told in fixed words and the policy's.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

import msgspec

from reviewer.handoff import dsa_terms as terms
from reviewer.handoff.cybertip_terms import industry_classification
from reviewer.handoff.dossier import Dossier
from reviewer.handoff.moments import in_utc
from reviewer.model.cases import ReferralSource
from reviewer.model.decisions import Action, Decision
from reviewer.model.handoff import RecordedDecision, RecordedItem
from reviewer.model.statement_fields import content_dates, stated

_PUID = re.compile(r"[A-Za-z0-9_-]{1,500}")


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """In the database's own names; what is empty is left out. Dates are ISO days."""

    decision_visibility: tuple[str, ...]
    decision_visibility_other: str = ""
    decision_ground: str
    incompatible_content_ground: str
    incompatible_content_explanation: str
    content_type: tuple[str, ...]
    content_type_other: str = ""
    category: str
    category_specification: tuple[str, ...] = ()
    territorial_scope: tuple[str, ...] = ()
    content_date: str = ""
    application_date: str
    decision_facts: str
    source_type: str
    automated_detection: str
    automated_decision: str
    puid: str


class _Statements(msgspec.Struct, frozen=True):
    statements: tuple[Statement, ...]


def statement_of_reasons(dossier: Dossier) -> bytes | None:
    """JSON: {"statements": [...]}, as the database takes several at once; None where nothing was removed or restricted.

    The database also demands when the content was posted, and the countries in which the decision takes effect: as
    answered and as the policy names them. What nobody said is left out; whoever sends the statements adds it.
    """
    records = [exhibit.record for exhibit in dossier.exhibits]
    dates = content_dates(dossier.answers.content_date, records)
    scope = tuple(sorted(dossier.policy.handoff.territorial_scope))
    made = []
    for record in records:
        decision = stated(record)
        if decision is not None:
            made.append(_statement(dossier, record, decision, dates.get(record.item.id), scope))
    if not made:
        return None
    return msgspec.json.format(msgspec.json.encode(_Statements(tuple(made))), indent=2) + b"\n"


def _statement(
    dossier: Dossier, record: RecordedItem, recorded: RecordedDecision, posted: date | None, scope: tuple[str, ...]
) -> Statement:
    decision, kind = recorded.decision, record.item.facts.kind
    removed = decision.action is Action.REMOVE
    words = dossier.policy.harm_type(decision.category).words
    version = decision.policy_version or dossier.policy.version
    content = terms.CONTENT_TYPES.get(kind, terms.OTHER_CONTENT)
    synthetic = (terms.SYNTHETIC,) if "made_by_machine" in decision.labels else ()
    return Statement(
        decision_visibility=(terms.REMOVED if removed else terms.RESTRICTED,),
        decision_visibility_other="" if removed else "It was decided to restrict access to the content.",
        decision_ground=terms.GROUND,
        incompatible_content_ground=f"Content policy, version {version}: {words}"[: terms.MAX_GROUND],
        incompatible_content_explanation=(
            f"A person decided that the content is of the kind that the policy names: {words}."
        )[: terms.MAX_EXPLANATION],
        content_type=(content, *synthetic),
        content_type_other=terms.OTHER_WORDS[kind] if content == terms.OTHER_CONTENT else "",
        category=terms.CATEGORIES.get(decision.category, terms.DEFAULT_CATEGORY),
        category_specification=_keywords(decision),
        territorial_scope=scope,
        content_date=posted.isoformat() if posted is not None else "",
        application_date=_day(decision.decided_at),
        decision_facts=_facts(dossier, recorded)[: terms.MAX_FACTS],
        source_type=terms.SOURCES[dossier.case.referral.source],
        automated_detection="Yes" if dossier.case.referral.source is ReferralSource.AUTOMATED else "No",
        automated_decision=_automation(record, recorded),
        puid=decision.id if _PUID.fullmatch(decision.id) else hashlib.sha256(decision.id.encode()).hexdigest(),
    )


def _keywords(decision: Decision) -> tuple[str, ...]:
    if industry_classification(decision):
        return (terms.ABUSE_MATERIAL,)
    return (terms.GROOMING,) if decision.category == "grooming_text" else ()


def _automation(record: RecordedItem, recorded: RecordedDecision) -> str:
    """A person decides, always. Where a match or a copy stood for looking, it rests on automated means as well."""
    by_copy = recorded.viewing_record.with_stack_of is not None
    by_match = bool(record.matches) and not recorded.viewing_record.viewed
    return terms.PARTIALLY_AUTOMATED if by_copy or by_match else terms.NOT_AUTOMATED


def _facts(dossier: Dossier, recorded: RecordedDecision) -> str:
    viewing = recorded.viewing_record
    if viewing.viewed:
        seen = "A person looked at the content and decided."
    elif viewing.with_stack_of is not None:
        seen = "A person decided on the content together with an item that it was found to be a copy of."
    elif viewing.decided_from_notes:
        seen = "A person decided from what had been recorded of the content, without looking at it again."
    else:
        seen = "A person decided without looking at the content."
    return f"The content was referred for review on {_day(dossier.case.referral.received_at)}. {seen}"


def _day(at: datetime) -> str:
    return in_utc(at).date().isoformat()
