"""How long what was handed off is kept: the policy's rule for the case's jurisdiction, from the day it was sent."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from reviewer.model.handoff import NewPreservation
from reviewer.model.handoff_terms import HandoffTerms
from reviewer.model.preservation import preservation_of


def preservation_from(
    terms: HandoffTerms, *, jurisdiction: str | None, agency: str, sent_at: datetime
) -> NewPreservation | None:
    """`jurisdiction` is the referral's (None: it is not known here, and what is kept says so); that of the agency (its
    key) counts where there is no rule for it. None where the policy has no rule: nothing is then preserved by
    itself."""
    rule = None if jurisdiction is None else terms.preservation_in(jurisdiction)
    known = terms.agency(agency)
    if rule is None and known is not None:
        rule = terms.preservation_in(known.jurisdiction)
    if rule is None:
        return None
    kept = preservation_of(rule, sent_at.astimezone(UTC).date())
    return msgspec.structs.replace(kept, unread=jurisdiction is None)
