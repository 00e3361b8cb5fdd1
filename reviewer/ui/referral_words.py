"""Words about a referral: when it came, and what it does not say. Its own words are cut where they go on and on."""

from __future__ import annotations

from datetime import UTC, datetime

from reviewer.model.cases import Referral
from reviewer.ui.wording import due_words, time_words, tr

MAX_PART = 160
MAX_CLAIM = 2_000


def came_words(received_at: datetime, now: datetime | None) -> str:
    return tr("came {when}").format(when=time_words(received_at, now or datetime.now(UTC)))


def lacking_words(referral: Referral) -> str:
    """Which fields a complete referral has and this one has not; empty for a complete one."""
    if not referral.lacking:
        return ""
    names = {
        "requester": tr("who asks"),
        "legal_basis": tr("legal basis"),
        "jurisdiction": tr("jurisdiction"),
        "claim": tr("claim"),
    }
    return tr("incomplete: no {fields}").format(fields=", ".join(names[name] for name in referral.lacking))


def referral_rows(referral: Referral, now: datetime | None = None) -> list[tuple[str, str]]:
    """(name, value) of what it says beside its source and claim."""
    now = now or datetime.now(UTC)
    said = (
        (tr("Asked by"), referral.requester),
        (tr("Legal basis"), referral.legal_basis),
        (tr("Jurisdiction"), referral.jurisdiction),
        (tr("Account"), referral.account),
        (tr("Came"), time_words(referral.received_at, now)),
        (tr("Deadline"), due_words(referral.due_at, now)[0]),
        (tr("Referral"), lacking_words(referral)),
    )
    return [(name, value[:MAX_PART]) for name, value in said if value.strip()]
