"""The demo's cases: what came in, from whom, by when. Neutral words and pseudonyms; nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reviewer.model.cases import Referral, ReferralSource
from reviewer.model.related import OutcomeKind

# One account that is in two cases of today and in an earlier one.
_ACCOUNT = "garden_friend_7"


@dataclass(frozen=True, slots=True)
class SyntheticCase:
    """`key` is what a synthetic item names its case by; `number` is what people call it.

    `outcome` is what became of an earlier case, which has no items any more.
    """

    key: str
    number: str
    referral: Referral
    outcome: tuple[OutcomeKind, str] | None = None


def referrals(now: datetime) -> tuple[SyntheticCase, ...]:
    """The cases as they stand at `now` (aware). Deadlines lie ahead of it, so the queue always has something urgent."""

    def ago(**parts: float) -> datetime:
        return now - timedelta(**parts)

    def ahead(**parts: float) -> datetime:
        return now + timedelta(**parts)

    year = now.year
    return (
        SyntheticCase(
            "emergency",
            f"{year}-01843",
            Referral(
                source=ReferralSource.LAW_ENFORCEMENT,
                received_at=ago(minutes=36),
                due_at=ahead(minutes=24),
                requester="Police desk 12",
                legal_basis="Emergency disclosure",
                jurisdiction="US",
                claim="Person may be in danger; the place is not known",
                danger=True,
            ),
        ),
        SyntheticCase(
            "government",
            f"{year}-01838",
            Referral(
                source=ReferralSource.GOVERNMENT,
                received_at=ago(hours=5),
                due_at=ahead(hours=3),
                requester="Regulator, unit 4",
                legal_basis="Removal order",
                jurisdiction="EU",
                claim="Two files said to show violence",
            ),
        ),
        SyntheticCase(
            "user",
            f"{year}-01851",
            Referral(
                source=ReferralSource.USER,
                received_at=ago(hours=2),
                due_at=ahead(hours=1, minutes=10),
                requester="User report",
                legal_basis="Terms of service",
                jurisdiction="UK",
                claim="An account asks for pictures",
                account=_ACCOUNT,
            ),
        ),
        SyntheticCase(
            "internal",
            f"{year}-01829",
            Referral(
                source=ReferralSource.INTERNAL,
                received_at=ago(hours=9),
                due_at=ahead(hours=8),
                requester="Trust team 2",
                legal_basis="Terms of service",
                jurisdiction="US",
                claim="Found while looking into another report",
                account=_ACCOUNT,
            ),
        ),
        SyntheticCase(
            "automated",
            f"{year}-01822",
            Referral(
                source=ReferralSource.AUTOMATED,
                received_at=ago(hours=20),
                requester="Upload check",
                legal_basis="Terms of service",
                jurisdiction="EU",
                claim="Picked out by an automated check",
            ),
        ),
        SyntheticCase(
            "earlier",
            f"{year}-01764",
            Referral(
                source=ReferralSource.USER,
                received_at=ago(days=23),
                requester="User report",
                legal_basis="Terms of service",
                jurisdiction="UK",
                claim="The same account asked for pictures before",
                account=_ACCOUNT,
            ),
            outcome=(
                OutcomeKind.SAFEGUARDED,
                "The person who was asked for pictures is well and has somebody to talk to.",
            ),
        ),
    )
