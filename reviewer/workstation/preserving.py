"""How long what was handed off is kept: the policy's rule for the recipient's jurisdiction, from when it was sent."""

from __future__ import annotations

from datetime import UTC, datetime

from reviewer.model.handoff import NewPreservation
from reviewer.model.handoff_terms import HandoffTerms
from reviewer.model.preservation import ends_on


def preservation_of(terms: HandoffTerms, agency: str, sent_at: datetime) -> NewPreservation | None:
    """None where the policy has no rule: nothing is then preserved by itself."""
    known = terms.agency(agency)
    rule = terms.preservation_in(known.jurisdiction) if known is not None else None
    if rule is None:
        return None
    day = sent_at.astimezone(UTC).date()
    return NewPreservation(
        jurisdiction=rule.jurisdiction,
        basis=rule.basis,
        starts_on=day.isoformat(),
        ends_on=ends_on(rule, day).isoformat(),
        remind_days=rule.remind_days,
    )
